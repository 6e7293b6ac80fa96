import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/** What a router joins. */
export interface RouterWithGatewayArgs {
  /** Provider network that carries the external gateway. */
  externalNetworkId: pulumi.Input<string>;
  /** Subnets that get an interface on the router, by a name that stays the same, e.g. `{ private: network.subnetId }`. */
  subnetIds: Record<string, pulumi.Input<string>>;
  /** Name of the router in OpenStack. @default the logical name */
  routerName?: string;
  /** Neutron tags. @default [] */
  tags?: string[];
}

/**
 * A router with its external gateway on a provider network and one interface on each self-service subnet. Instances behind it reach the
 * provider network (SNAT), and can have floating IPs.
 * https://docs.openstack.org/neutron/latest/admin/intro-os-networking.html#routers
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const network = new SelfServiceNetwork("kim", { cidr: "10.0.7.0/24" });
 * const router = new RouterWithGateway("kim-router", {
 *   externalNetworkId: "provider-network-id",
 *   subnetIds: { kim: network.subnetId },
 * });
 * export const interfaceId = router.routerInterfaceIds["kim"];
 */
export class RouterWithGateway extends pulumi.ComponentResource {
  /** For a VPN's `sides`. */
  readonly routerId: pulumi.Output<string>;
  /** Ids of the interfaces, by the names of `subnetIds`. A floating IP reaches a port behind one only once it exists. */
  readonly routerInterfaceIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: RouterWithGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`RouterWithGateway "${name}"`, routerWithGatewayProblems(args));
    super("classroom:index:RouterWithGateway", name, {}, opts);

    const { externalNetworkId, subnetIds, routerName = name, tags = [] } = args;
    const inside = { parent: this, customTimeouts: NETWORK_TIMEOUTS };
    const router = new openstack.networking.Router(
      `${name}-router`,
      { name: routerName, externalNetworkId, tags },
      inside,
    );
    this.routerInterfaceIds = Object.fromEntries(
      Object.entries(subnetIds).map(([subnetName, subnetId]) => {
        const port = new openstack.networking.RouterInterface(
          `${name}-${subnetName}-interface`,
          { routerId: router.id, subnetId },
          inside,
        );
        return [subnetName, port.id];
      }),
    );

    this.routerId = router.id;
    this.registerOutputs({ routerId: this.routerId, routerInterfaceIds: this.routerInterfaceIds });
  }
}

/** Everything wrong with the arguments of a {@link RouterWithGateway}. */
function routerWithGatewayProblems({
  subnetIds,
  routerName,
}: Pick<RouterWithGatewayArgs, "subnetIds" | "routerName">): Problem[] {
  const problems = physicalNameProblems("routerName", routerName);
  if (Object.keys(subnetIds).length === 0)
    problems.push({ path: "subnetIds", reason: "names no subnet; a router without an interface carries nothing" });
  return problems;
}
