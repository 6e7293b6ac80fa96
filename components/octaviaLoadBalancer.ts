import * as openstack from "@pulumi/openstack";
import type * as pulumi from "@pulumi/pulumi";
import type { BalancerParts, LoadBalancerArgs } from "./loadBalancerArgs.ts";

/** Octavia boots an instance of its own for each load balancer: minutes where there is no hardware virtualisation. */
const OCTAVIA_TIMEOUTS = { create: "15m", update: "15m", delete: "15m" };

/** A load balancer of Octavia: https://docs.openstack.org/octavia/latest/user/guides/basic-cookbook.html */
export function octaviaLoadBalancer(name: string, args: LoadBalancerArgs, parent: pulumi.Resource): BalancerParts {
  const { vipSubnetId, vipAddress, listener, algorithm = "ROUND_ROBIN", members, monitor, securityGroupIds } = args;
  const { loadBalancerName = name, tags = [] } = args;
  const inside = { parent, customTimeouts: OCTAVIA_TIMEOUTS };
  const loadBalancer = new openstack.loadbalancer.LoadBalancer(
    `${name}-load-balancer`,
    { name: loadBalancerName, vipSubnetId, vipAddress, securityGroupIds, tags },
    inside,
  );
  const front = new openstack.loadbalancer.Listener(
    `${name}-listener`,
    {
      name: `${name}-listener`,
      loadbalancerId: loadBalancer.id,
      protocol: listener.protocol,
      protocolPort: listener.port,
      tags,
    },
    inside,
  );
  const pool = new openstack.loadbalancer.Pool(
    `${name}-pool`,
    { name: `${name}-pool`, listenerId: front.id, protocol: listener.protocol, lbMethod: algorithm },
    inside,
  );
  for (const [member, { address, port, subnetId = vipSubnetId }] of Object.entries(members))
    new openstack.loadbalancer.Member(
      `${name}-${member}-member`,
      { name: member, poolId: pool.id, address, protocolPort: port, subnetId },
      inside,
    );
  if (monitor !== undefined) {
    const { type, delaySeconds, timeoutSeconds, maxRetries, path = "/" } = monitor;
    new openstack.loadbalancer.Monitor(
      `${name}-monitor`,
      {
        name: `${name}-monitor`,
        poolId: pool.id,
        type,
        delay: delaySeconds,
        timeout: timeoutSeconds,
        maxRetries,
        maxRetriesDown: maxRetries,
        ...(type === "HTTP" ? { urlPath: path, httpMethod: "GET", expectedCodes: "200" } : {}),
      },
      inside,
    );
  }
  return { vipAddress: loadBalancer.vipAddress, vipPortId: loadBalancer.vipPortId, instanceId: undefined };
}
