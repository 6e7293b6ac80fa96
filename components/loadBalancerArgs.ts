import type * as pulumi from "@pulumi/pulumi";
import type { BalancerAlgorithm, BalancerProtocol, HealthMonitor } from "../cloud-init/haproxy.ts";
import type { FloatingIpArgs } from "./floatingIpArgs.ts";
import type { ReadinessArgs } from "./readiness.ts";

/** One of those who answer. */
export interface LoadBalancerMember {
  address: pulumi.Input<string>;
  port: number;
  /** Subnet of the address, for Octavia. @default the virtual IP's */
  subnetId?: pulumi.Input<string>;
}

/** An instance with HAProxy: where the cloud has no Octavia, or one that carries no traffic. */
export interface InstanceBackend {
  kind: "instance";
  /** Id of the image it boots from. */
  imageId: pulumi.Input<string>;
  /** Name of the image, from which the package family follows; one with cloud-init. */
  imageName: string;
  /** Login user of the image. @default by the image's name */
  loginUser?: string;
  /** Size of the instance. */
  flavorId: pulumi.Input<string>;
  /** Key pair, by name, of who may log in. */
  keyPairName: pulumi.Input<string>;
  /** Waits until HAProxy answers at the floating IP. @default no waiting */
  readiness?: ReadinessArgs;
  /** Whole minutes until a create or delete that does not end counts as failed. @default 15 */
  timeoutMinutes?: number;
}

/** Where requests come in, who answers them, and what distributes them. */
export interface LoadBalancerArgs extends FloatingIpArgs {
  /** Network of the virtual IP. */
  vipNetworkId: pulumi.Input<string>;
  /** Subnet of the virtual IP. */
  vipSubnetId: pulumi.Input<string>;
  /** The virtual IP. @default the cloud chooses */
  vipAddress?: string;
  /** What it takes: HTTP requests, which it distributes one by one, or TCP connections. */
  listener: { protocol: BalancerProtocol; port: number };
  /** Who gets the next one. @default "ROUND_ROBIN" */
  algorithm?: BalancerAlgorithm;
  /** Who stands behind it, by names that stay the same: letters, digits, `.`, `_` and `-`. */
  members: Record<string, LoadBalancerMember>;
  /** @default none – every member counts as alive */
  monitor?: HealthMonitor;
  /** Put on the port of the virtual IP; they must let the listener's port in. @default [] – the project's `default` group */
  securityGroupIds?: pulumi.Input<string>[];
  /** What balances: Octavia, or an instance with HAProxy. Arguments and outputs are the same. */
  backend: { kind: "octavia" } | InstanceBackend;
  /** Name in OpenStack. @default the logical name */
  loadBalancerName?: string;
  /** Tags of what takes tags, metadata of the instance. @default [] */
  tags?: string[];
}

/** What both kinds of load balancer are made of, seen from outside. */
export interface BalancerParts {
  vipAddress: pulumi.Output<string>;
  vipPortId: pulumi.Output<string>;
  /** Undefined for Octavia, whose instances belong to the cloud. */
  instanceId: pulumi.Output<string> | undefined;
}
