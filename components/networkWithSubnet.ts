import * as openstack from "@pulumi/openstack";
import type * as pulumi from "@pulumi/pulumi";
import { segmentsOf } from "./networkSegment.ts";
import type { SelfServiceNetworkArgs } from "./selfServiceNetwork.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

interface NetworkWithSubnetArgs extends SelfServiceNetworkArgs {
  networkName: string;
  subnetName: string;
  /** @default false – the subnet has a gateway */
  noGateway?: boolean;
  /** @default Neutron's own, false */
  shared?: boolean;
}

/** A network with its one IPv4 subnet and the routes that its DHCP gives. */
export function createNetworkWithSubnet(
  name: string,
  args: NetworkWithSubnetArgs,
  parent: pulumi.Resource,
): { network: openstack.networking.Network; subnet: openstack.networking.Subnet } {
  const { cidr, gatewayIp, noGateway, allocationPools, dnsNameservers = [], enableDhcp = true } = args;
  const { networkName, subnetName, shared, hostRoutes = [], projectId: tenantId, tags = [] } = args;
  const inside = { parent, customTimeouts: NETWORK_TIMEOUTS };
  const network = new openstack.networking.Network(
    `${name}-network`,
    { name: networkName, segments: segmentsOf(args), shared, tenantId, tags },
    inside,
  );
  const subnet = new openstack.networking.Subnet(
    `${name}-subnet`,
    {
      ...{ name: subnetName, networkId: network.id, ipVersion: 4, cidr, gatewayIp, noGateway, allocationPools },
      ...{ dnsNameservers, enableDhcp, tenantId, tags },
    },
    inside,
  );
  for (const { destination, nextHop } of hostRoutes)
    new openstack.networking.SubnetRoute(
      `${name}-${destination.replace("/", "-")}-route`,
      { subnetId: subnet.id, destinationCidr: destination, nextHop },
      // A route cannot be edited, and an instance given two for one destination takes either.
      { parent, deleteBeforeReplace: true },
    );
  return { network, subnet };
}
