import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/** Where an instance is on a network. */
export interface NetworkPlace {
  networkId: pulumi.Input<string>;
  /** Subnet of the fixed IP. Always named, so that the port never comes up without an address. */
  subnetId: pulumi.Input<string>;
  /** Fixed IP inside the subnet. @default Neutron chooses; it stays for the life of the port */
  fixedIp?: string;
  /** Put on the port. @default [] – the project's `default` group */
  securityGroupIds?: pulumi.Input<string>[];
}

/** An explicit port, which outlives the instance that it is given to. */
export function createPort(
  name: string,
  { networkId, subnetId, fixedIp, securityGroupIds }: NetworkPlace,
  tags: string[],
  parent: pulumi.Resource,
): openstack.networking.Port {
  return new openstack.networking.Port(
    name,
    { name, networkId, fixedIps: [{ subnetId, ipAddress: fixedIp }], securityGroupIds, tags },
    { parent, customTimeouts: NETWORK_TIMEOUTS },
  );
}

/** The fixed IP of a port with one address; "" while somebody has taken it away by hand, until the update that sets it back. */
export function fixedIpOf(port: openstack.networking.Port): pulumi.Output<string> {
  return port.allFixedIps.apply(([first]) => first ?? "");
}
