import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { AllocationPool } from "../lab/ipv4.ts";
import type { Problem } from "../lab/problem.ts";
import { LONGEST_PREFIX } from "../lab/subnetChecks.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { subnetArgsProblems } from "./subnetArgs.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

export interface ClosedNetworkArgs {
  /** Block of the one subnet, e.g. `"192.168.233.0/24"`; a /28 or larger. */
  cidr: string;
  /** Addresses for instances. @default the whole block – Neutron chooses */
  allocationPools?: AllocationPool[];
  /** IPv4 resolvers offered by DHCP; they can only be on this network. @default [] */
  dnsNameservers?: string[];
  /** Whether Neutron answers DHCP. @default true */
  enableDhcp?: boolean;
  /** Whether every project may attach instances, so that they reach each other here; only an administrator may say so. @default false */
  shared?: boolean;
  /** Name of the network in OpenStack; the subnet has it too, with `-subnet`. @default the logical name */
  networkName?: string;
  /** Neutron tags, e.g. `["course:net101"]`. @default [] */
  tags?: string[];
}

/**
 * A closed network: one IPv4 subnet without a gateway, so that no router joins it and DHCP offers no default route. Instances on it
 * reach each other and nothing else.
 * https://docs.openstack.org/neutron/latest/admin/intro-os-networking.html#self-service-networks
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 */
export class ClosedNetwork extends pulumi.ComponentResource {
  /** For a port's `networkId`. */
  readonly networkId: pulumi.Output<string>;
  /** For a port's `fixedIps[].subnetId`. */
  readonly subnetId: pulumi.Output<string>;

  constructor(name: string, args: ClosedNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`ClosedNetwork "${name}"`, closedNetworkProblems(args));
    super("classroom:index:ClosedNetwork", name, {}, opts);

    const { cidr, allocationPools, dnsNameservers = [], enableDhcp = true, shared = false, tags = [] } = args;
    const { networkName = name } = args;
    const inside = { parent: this, customTimeouts: NETWORK_TIMEOUTS };
    const network = new openstack.networking.Network(`${name}-network`, { name: networkName, shared, tags }, inside);
    const subnet = new openstack.networking.Subnet(
      `${name}-subnet`,
      {
        name: `${networkName}-subnet`,
        networkId: network.id,
        ipVersion: 4,
        cidr,
        noGateway: true,
        allocationPools,
        dnsNameservers,
        enableDhcp,
        tags,
      },
      inside,
    );

    // Known only once the subnet exists: who knows a shared network by its id alone would get a port without an address.
    this.networkId = pulumi.all([network.id, subnet.id]).apply(([networkId]) => networkId);
    this.subnetId = subnet.id;
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }
}

/** Everything wrong with the arguments of a {@link ClosedNetwork}. */
export function closedNetworkProblems(args: ClosedNetworkArgs): Problem[] {
  return [...physicalNameProblems("networkName", args.networkName), ...subnetArgsProblems(args, LONGEST_PREFIX, true)];
}
