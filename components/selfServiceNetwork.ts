import * as pulumi from "@pulumi/pulumi";
import type { AllocationPool } from "../lab/ipv4.ts";
import type { Problem } from "../lab/problem.ts";
import { segmentProblems } from "../lab/segmentChecks.ts";
import { hostRouteProblems, LONGEST_PREFIX } from "../lab/subnetChecks.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import type { NetworkSegment } from "./networkSegment.ts";
import { createNetworkWithSubnet } from "./networkWithSubnet.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { subnetArgsProblems } from "./subnetArgs.ts";

/** A route that DHCP gives to the instances of a subnet, beside the one over the gateway. */
export interface HostRoute {
  /** Network that is reached, e.g. `"10.0.8.0/24"`. */
  destination: string;
  /** Address on this subnet that forwards to it. */
  nextHop: string;
}

/** The block of a self-service network and what DHCP tells there. */
export interface SelfServiceNetworkArgs extends NetworkSegment {
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
  /** Routes that DHCP gives to the instances, one for each destination; an instance learns a new one at its next lease. @default [] */
  hostRoutes?: HostRoute[];
  /** Name of the network in OpenStack. @default the logical name */
  networkName?: string;
  /** Name of the subnet in OpenStack. @default the logical name with `-subnet` */
  subnetName?: string;
  /** Project that owns network and subnet; only an administrator may make them for another one. @default the provider's own project */
  projectId?: pulumi.Input<string>;
  /** Neutron tags, e.g. `["course:net101", "student:kim"]`. @default [] */
  tags?: string[];
}

/**
 * A self-service network: a network of the project's own with one IPv4 subnet. It is closed until a RouterWithGateway has an interface
 * on its subnet. DHCP, resolvers, host routes and names can be changed later; another `cidr` is another subnet.
 * https://docs.openstack.org/neutron/latest/admin/intro-os-networking.html#self-service-networks
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const network = new SelfServiceNetwork("kim", {
 *   cidr: "10.0.7.0/24",
 *   dnsNameservers: ["8.8.8.8"],
 *   tags: ["course:net101", "student:kim"],
 * });
 */
export class SelfServiceNetwork extends pulumi.ComponentResource {
  /**
   * For a port's `networkId`. Known before the subnet is, unlike other networks': the port names its subnet as well, and one that heard
   * of a new subnet (another `cidr`) by the network's id would be made anew with its instance, instead of being given another address.
   */
  readonly networkId: pulumi.Output<string>;
  /** For a port's `fixedIps[].subnetId` and a router's interface. */
  readonly subnetId: pulumi.Output<string>;

  constructor(name: string, args: SelfServiceNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`SelfServiceNetwork "${name}"`, selfServiceNetworkProblems(args));
    super("classroom:index:SelfServiceNetwork", name, {}, opts);

    const { networkName = name, subnetName = `${name}-subnet` } = args;
    const { network, subnet } = createNetworkWithSubnet(name, { ...args, networkName, subnetName }, this);

    this.networkId = network.id;
    this.subnetId = subnet.id;
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }
}

/** Everything wrong with the arguments of a {@link SelfServiceNetwork}. @param closed whether it has no gateway */
export function selfServiceNetworkProblems(args: SelfServiceNetworkArgs, closed = false): Problem[] {
  return [
    ...physicalNameProblems("networkName", args.networkName),
    ...physicalNameProblems("subnetName", args.subnetName),
    ...segmentProblems(args),
    ...subnetArgsProblems(args, LONGEST_PREFIX, closed),
    ...hostRouteProblems(
      (args.hostRoutes ?? []).map(({ destination, nextHop }, index) => ({
        destination: { path: `hostRoutes[${index}].destination`, text: destination },
        nextHop: { path: `hostRoutes[${index}].nextHop`, text: nextHop },
      })),
      args.cidr,
    ),
  ];
}
