import * as pulumi from "@pulumi/pulumi";
import { BALANCER_READY_PATH } from "../cloud-init/haproxy.ts";
import { haproxyLoadBalancer } from "./haproxyLoadBalancer.ts";
import { createFloatingIp } from "./instanceFloatingIp.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import type { LoadBalancerArgs } from "./loadBalancerArgs.ts";
import { loadBalancerProblems } from "./loadBalancerChecks.ts";
import { octaviaLoadBalancer } from "./octaviaLoadBalancer.ts";
import { waitUntilReady } from "./readiness.ts";

/**
 * A load balancer: one virtual IP whose requests go to several members. Octavia, or an instance with HAProxy that does the same.
 * https://docs.openstack.org/octavia/latest/reference/introduction.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const web = new LoadBalancer("kim-web", {
 *   vipNetworkId: "network-id",
 *   vipSubnetId: "subnet-id",
 *   listener: { protocol: "HTTP", port: 80 },
 *   members: { web1: { address: "10.0.7.11", port: 80 }, web2: { address: "10.0.7.12", port: 80 } },
 *   backend: { kind: "octavia" },
 * });
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** The virtual IP. */
  readonly vipAddress: pulumi.Output<string>;
  /** Port of the virtual IP. */
  readonly vipPortId: pulumi.Output<string>;
  /** Undefined when no floating IP was asked for. */
  readonly floatingIp: pulumi.Output<string> | undefined;
  /** Undefined for Octavia. */
  readonly instanceId: pulumi.Output<string> | undefined;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`LoadBalancer "${name}"`, loadBalancerProblems(name, args));
    super("classroom:index:LoadBalancer", name, {}, opts);

    const { backend, tags = [] } = args;
    const { vipAddress, vipPortId, instanceId } =
      backend.kind === "octavia"
        ? octaviaLoadBalancer(name, args, this)
        : haproxyLoadBalancer(name, args, backend, this);

    this.vipAddress = vipAddress;
    this.vipPortId = vipPortId;
    this.instanceId = instanceId;
    this.floatingIp = createFloatingIp(name, args, vipPortId, tags, this);
    this.waitForInstance(name, args);
    this.registerOutputs({ vipAddress, vipPortId, instanceId, floatingIp: this.floatingIp });
  }

  private waitForInstance(name: string, { backend, listener: { protocol, port } }: LoadBalancerArgs): void {
    if (backend.kind === "octavia" || backend.readiness === undefined) return;
    if (this.floatingIp === undefined || this.instanceId === undefined) return;
    waitUntilReady(
      `${name}-ready`,
      {
        instanceId: this.instanceId,
        instanceName: name,
        address: this.floatingIp,
        web: protocol === "HTTP",
        ...(protocol === "HTTP" ? { page: `:${port}${BALANCER_READY_PATH}` } : { tcpPort: port }),
      },
      backend.readiness,
      { parent: this },
    );
  }
}
