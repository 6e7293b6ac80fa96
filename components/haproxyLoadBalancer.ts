import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { tagMetadata } from "../lab/identity.ts";
import { createPort, fixedIpOf } from "./instancePorts.ts";
import type { BalancerParts, InstanceBackend, LoadBalancerArgs } from "./loadBalancerArgs.ts";
import { balancerUserData } from "./loadBalancerChecks.ts";

/**
 * A load balancer that is an instance with HAProxy. Its port is the virtual IP and outlives it: another set of members is another
 * instance at the same address.
 */
export function haproxyLoadBalancer(
  name: string,
  args: LoadBalancerArgs,
  backend: InstanceBackend,
  parent: pulumi.Resource,
): BalancerParts {
  const { vipNetworkId, vipSubnetId, vipAddress, securityGroupIds, members, loadBalancerName = name, tags = [] } = args;
  const { imageId, flavorId, keyPairName, timeoutMinutes = 15 } = backend;
  const port = createPort(
    `${name}-vip-port`,
    {
      networkId: vipNetworkId,
      subnetId: vipSubnetId,
      ...(vipAddress === undefined ? {} : { fixedIp: vipAddress }),
      ...(securityGroupIds === undefined ? {} : { securityGroupIds }),
    },
    tags,
    parent,
  );
  const known = Object.entries(members).map(([member, { address, port: memberPort }]) =>
    pulumi.output(address).apply((one) => ({ name: member, address: one, port: memberPort })),
  );
  const instance = new openstack.compute.Instance(
    `${name}-instance`,
    {
      name: loadBalancerName,
      flavorId,
      imageId,
      keyPair: keyPairName,
      networks: [{ port: port.id }],
      userData: pulumi.all(known).apply((all) => balancerUserData(name, args, backend, all)),
      metadata: tagMetadata(tags),
    },
    {
      parent,
      customTimeouts: { create: `${timeoutMinutes}m`, update: `${timeoutMinutes}m`, delete: `${timeoutMinutes}m` },
      // The provider calls a new image an update, but Nova wipes the disk: say what it is.
      replaceOnChanges: ["imageId"],
      // The port can be on one instance only.
      deleteBeforeReplace: true,
    },
  );
  return { vipAddress: fixedIpOf(port), vipPortId: port.id, instanceId: instance.id };
}
