import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { addressProblems, blockProblems, hostProblems, poolProblems, type AllocationPool } from "../lab/ipv4.ts";
import type { Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/** A /28 has 16 addresses: 12 are left for instances after network, broadcast, gateway and DHCP port. */
const LONGEST_PREFIX = 28;

export interface SelfServiceNetworkArgs {
  /** Block of the one subnet, e.g. `"10.0.7.0/24"`. Plain, not Input: it is checked before any API call. */
  cidr: string;
  /** Address of the router on this network. @default the first address of the block – Neutron chooses */
  gatewayIp?: string;
  /** Addresses for instances. @default the whole block but the gateway – Neutron chooses */
  allocationPools?: AllocationPool[];
  /** IPv4 resolvers offered by DHCP. @default [] – names do not resolve unless the cloud adds its own */
  dnsNameservers?: string[];
  /** Whether Neutron answers DHCP. @default true */
  enableDhcp?: boolean;
  /** Neutron tags, e.g. `["course:net101", "student:kim"]`. @default [] */
  tags?: string[];
}

/**
 * A self-service network: a network of the project's own with one IPv4 subnet. It is closed until a RouterWithGateway has an interface
 * on its subnet.
 * https://docs.openstack.org/neutron/latest/admin/intro-os-networking.html#self-service-networks
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 */
export class SelfServiceNetwork extends pulumi.ComponentResource {
  /** For a port's `networkId`. */
  readonly networkId: pulumi.Output<string>;
  /** For a port's `fixedIps[].subnetId` and a router's interface. */
  readonly subnetId: pulumi.Output<string>;

  constructor(name: string, args: SelfServiceNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`SelfServiceNetwork "${name}"`, selfServiceNetworkProblems(args));
    super("classroom:index:SelfServiceNetwork", name, {}, opts);

    const { cidr, gatewayIp, allocationPools, dnsNameservers = [], enableDhcp = true, tags = [] } = args;
    const inside = { parent: this, customTimeouts: NETWORK_TIMEOUTS };
    const network = new openstack.networking.Network(`${name}-network`, { name, tags }, inside);
    const subnet = new openstack.networking.Subnet(
      `${name}-subnet`,
      {
        name: `${name}-subnet`,
        networkId: network.id,
        ipVersion: 4,
        cidr,
        gatewayIp,
        allocationPools,
        dnsNameservers,
        enableDhcp,
        tags,
      },
      inside,
    );

    this.networkId = network.id;
    this.subnetId = subnet.id;
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }
}

/** Everything wrong with the arguments of a {@link SelfServiceNetwork}. */
export function selfServiceNetworkProblems({
  cidr,
  gatewayIp,
  allocationPools = [],
  dnsNameservers = [],
}: SelfServiceNetworkArgs): Problem[] {
  const problems = [
    ...blockProblems("cidr", cidr, LONGEST_PREFIX),
    ...dnsNameservers.flatMap((address, index) => addressProblems(`dnsNameservers[${index}]`, address)),
  ];
  if (gatewayIp !== undefined) problems.push(...hostProblems("gatewayIp", gatewayIp, cidr));
  return [
    ...problems,
    ...allocationPools.flatMap((pool, index) => poolProblems(`allocationPools[${index}]`, pool, cidr, gatewayIp)),
  ];
}
