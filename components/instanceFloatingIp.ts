import * as openstack from "@pulumi/openstack";
import type * as pulumi from "@pulumi/pulumi";
import type { FloatingIpArgs } from "./floatingIpArgs.ts";
import { knownOnce } from "./knownOnce.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/**
 * A floating IP that leads to a port, or undefined when none is asked for. It waits for port and router interface, and is made leading
 * there: joining the two afterwards, and parting them before their end, are requests more. The port may change, the address stays.
 */
export function createFloatingIp(
  name: string,
  { floatingIpPool, routerInterfaceId }: FloatingIpArgs,
  portId: pulumi.Input<string>,
  tags: string[],
  parent: pulumi.Resource,
): pulumi.Output<string> | undefined {
  if (floatingIpPool === undefined || routerInterfaceId === undefined) return undefined;
  const floatingIp = new openstack.networking.FloatingIp(
    `${name}-floating-ip`,
    // It has no name, and tags come after it is made: the description tells whose it is from the first moment.
    {
      ...{ pool: floatingIpPool, description: `${name}-floating-ip`, tags },
      portId: knownOnce(portId, [routerInterfaceId]),
    },
    { parent, customTimeouts: NETWORK_TIMEOUTS },
  );
  return floatingIp.address;
}
