import * as pulumi from "@pulumi/pulumi";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { knownOnce } from "./knownOnce.ts";
import { createNetworkWithSubnet } from "./networkWithSubnet.ts";
import { selfServiceNetworkProblems, type SelfServiceNetworkArgs } from "./selfServiceNetwork.ts";

/** The block of a closed network and what DHCP tells there. */
export interface ClosedNetworkArgs extends Omit<SelfServiceNetworkArgs, "gatewayIp"> {
  /** Whether every project may attach instances, so that they reach each other here; only an administrator may say so. @default false */
  shared?: boolean;
  /** Name of the subnet in OpenStack. @default the network's name, with `-subnet` */
  subnetName?: string;
}

/**
 * A closed network: one IPv4 subnet without a gateway, so that no router joins it and DHCP offers no default route. Instances on it
 * reach each other and nothing else.
 * https://docs.openstack.org/neutron/latest/admin/intro-os-networking.html#self-service-networks
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * // Both instances reach each other by it, and nothing else.
 * const storage = new ClosedNetwork("storage", { cidr: "192.168.50.0/24", tags: ["course:net101"] });
 * const place = { networkId: storage.networkId, subnetId: storage.subnetId };
 */
export class ClosedNetwork extends pulumi.ComponentResource {
  /** For a port's `networkId`. */
  readonly networkId: pulumi.Output<string>;
  /** For a port's `fixedIps[].subnetId`. */
  readonly subnetId: pulumi.Output<string>;

  constructor(name: string, args: ClosedNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`ClosedNetwork "${name}"`, selfServiceNetworkProblems(args, true));
    super("classroom:index:ClosedNetwork", name, {}, opts);

    const { shared = false, networkName = name, subnetName = `${networkName}-subnet` } = args;
    const closed = { ...args, networkName, subnetName, shared, noGateway: true };
    const { network, subnet } = createNetworkWithSubnet(name, closed, this);

    // Known only once the subnet exists: who knows a shared network by its id alone would get a port without an address.
    this.networkId = knownOnce(network.id, [subnet.id]);
    this.subnetId = subnet.id;
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }
}
