import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { AllocationPool } from "../lab/ipv4.ts";
import type { Problem } from "../lab/problem.ts";
import { segmentProblems } from "../lab/segmentChecks.ts";
import { LONGEST_PROVIDER_PREFIX } from "../lab/subnetChecks.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { knownOnce } from "./knownOnce.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { subnetArgsProblems } from "./subnetArgs.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/** A physical network to make known to Neutron, or a network to adopt. */
export interface ProviderNetworkArgs {
  /**
   * Id of a provider network that is there already. It is looked up, never changed and never deleted: `tags` are not put on it, and
   * every other argument is refused. Without it a network is made, which only an administrator may do.
   */
  existingNetworkId?: string;
  /** Physical network of the cloud's bridge mappings, e.g. `"public"`. Required when the network is made. */
  physicalNetwork?: string;
  /** How frames travel on the physical network. @default "flat" */
  networkType?: "flat" | "vlan";
  /**
   * VLAN id, 1 to 4094; only with `networkType: "vlan"`.
   *
   * @default a free one of the cloud's `network_vlan_ranges` for the physical network – Neutron chooses
   */
  segmentationId?: number;
  /** Block of the one subnet, e.g. `"172.24.4.0/24"`. Required when the network is made. */
  cidr?: string;
  /** Address of the physical router. @default the first address of the block – Neutron chooses */
  gatewayIp?: string;
  /** Addresses for router gateways and floating IPs. @default the whole block but the gateway – Neutron chooses */
  allocationPools?: AllocationPool[];
  /** IPv4 resolvers. @default [] */
  dnsNameservers?: string[];
  /** Whether Neutron answers DHCP here: usually not, the physical network has its own. @default false */
  enableDhcp?: boolean;
  /** Whether routers may have their gateway here and floating IPs come from here. @default true */
  external?: boolean;
  /** Whether every project may attach instances directly. @default false */
  shared?: boolean;
  /** Name of the network in OpenStack. @default the logical name */
  networkName?: string;
  /** Name of the subnet in OpenStack. @default the logical name with `-subnet` */
  subnetName?: string;
  /** Neutron tags, e.g. `["course:net101"]`. @default [] */
  tags?: string[];
}

/**
 * A provider network: an existing physical network made known to Neutron, with one IPv4 subnet – the way out for routers and the pool
 * of floating IPs. Made here, or adopted by id.
 * https://docs.openstack.org/neutron/latest/admin/intro-os-networking.html#provider-networks
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * // Only an administrator can make one; everybody can adopt one that is there.
 * const made = new ProviderNetwork("public", { physicalNetwork: "public", cidr: "172.24.4.0/24" });
 * const adopted = new ProviderNetwork("campus", { existingNetworkId: "3f1c…" });
 */
export class ProviderNetwork extends pulumi.ComponentResource {
  /** For a router's external gateway. */
  readonly networkId: pulumi.Output<string>;
  /** Name of the network: the `pool` floating IPs come from. */
  readonly networkName: pulumi.Output<string>;
  /** Id of the subnet made here; undefined for an adopted network. */
  readonly subnetId: pulumi.Output<string> | undefined;

  constructor(name: string, args: ProviderNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`ProviderNetwork "${name}"`, providerNetworkProblems(args));
    super("classroom:index:ProviderNetwork", name, {}, opts);

    if (args.existingNetworkId !== undefined) {
      const network = openstack.networking.getNetworkOutput({ networkId: args.existingNetworkId }, { parent: this });
      this.networkId = network.id;
      // In a preview, a provider whose own login is not known yet answers with nothing.
      this.networkName = network.apply(({ name: found }) => found ?? "");
      this.subnetId = undefined;
    } else {
      const { network, subnet } = this.create(name, args);
      // Known only once the subnet exists: a router made before has a gateway without an address, and stays so.
      this.networkId = knownOnce(network.id, [subnet.id]);
      this.networkName = knownOnce(network.name, [subnet.id]);
      this.subnetId = subnet.id;
    }
    this.registerOutputs({ networkId: this.networkId, networkName: this.networkName, subnetId: this.subnetId });
  }

  private create(name: string, args: ProviderNetworkArgs) {
    const {
      physicalNetwork,
      networkType = "flat",
      segmentationId,
      cidr,
      gatewayIp,
      allocationPools,
      dnsNameservers = [],
      enableDhcp = false,
      external = true,
      shared = false,
      networkName = name,
      subnetName = `${name}-subnet`,
      tags = [],
    } = args;
    const inside = { parent: this, customTimeouts: NETWORK_TIMEOUTS };
    const network = new openstack.networking.Network(
      `${name}-network`,
      {
        name: networkName,
        external,
        shared,
        segments: [
          {
            networkType,
            physicalNetwork,
            segmentationId,
          },
        ],
        tags,
      },
      inside,
    );
    const subnet = new openstack.networking.Subnet(
      `${name}-subnet`,
      {
        name: subnetName,
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
    return { network, subnet };
  }
}

/** Everything wrong with the arguments of a {@link ProviderNetwork}. */
function providerNetworkProblems(args: ProviderNetworkArgs): Problem[] {
  const { existingNetworkId, ...own } = args;
  if (existingNetworkId !== undefined) return adoptionProblems(existingNetworkId, own);
  const { networkType = "flat", cidr } = own;
  return [
    ...physicalNameProblems("networkName", own.networkName),
    ...physicalNameProblems("subnetName", own.subnetName),
    ...segmentProblems({ ...own, networkType }),
    ...(cidr === undefined
      ? [
          {
            path: "cidr",
            reason: 'is required to make a provider network, e.g. "172.24.4.0/24"; or adopt an existing network',
          },
        ]
      : subnetArgsProblems({ ...own, cidr }, LONGEST_PROVIDER_PREFIX)),
  ];
}

function adoptionProblems(existingNetworkId: string, own: Omit<ProviderNetworkArgs, "existingNetworkId">): Problem[] {
  const problems = Object.entries(own)
    .filter(([key, value]: [string, unknown]) => key !== "tags" && value !== undefined)
    .map(([key]) => ({ path: key, reason: "an existing network is adopted as it is; leave this out" }));
  return existingNetworkId.trim() === ""
    ? [
        { path: "existingNetworkId", reason: "is empty; write a network's id, or leave it out to make one" },
        ...problems,
      ]
    : problems;
}
