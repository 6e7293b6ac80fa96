import { z } from "zod";
import type { SeenObject } from "../cloudObject.ts";
import { commonShape, seen } from "./networkKind.ts";

export const portSchema = commonShape.extend({
  network_id: z.string(),
  device_owner: z.string().nullish(),
  device_id: z.string().nullish(),
  fixed_ips: z.array(z.object({ subnet_id: z.string(), ip_address: z.string() })).default([]),
  security_groups: z.array(z.string()).optional(),
});

/** https://docs.openstack.org/api-ref/network/v2/#ports – a router's side of a subnet, on routers of every kind. */
const ROUTER_INTERFACES = [
  "network:router_interface",
  "network:router_interface_distributed",
  "network:ha_router_replicated_interface",
];

/** A router's interface is a port, too; so are many things that Neutron and Octavia make by themselves. */
export function portObject(port: z.infer<typeof portSchema>): SeenObject {
  const deviceOwner = port.device_owner ?? "";
  const deviceId = port.device_id ?? "";
  const isInterface = ROUTER_INTERFACES.includes(deviceOwner);
  const automatic = !isInterface && (deviceOwner.startsWith("network:") || /^octavia/i.test(deviceOwner));
  // Octavia's are named `lb-<id>`.
  const owner = isInterface
    ? deviceId
    : /^octavia/i.test(deviceOwner)
      ? deviceId.replace(/^lb-/, "")
      : automatic
        ? port.network_id
        : undefined;
  return {
    ...seen(
      isInterface ? "openstack:networking/routerInterface:RouterInterface" : "openstack:networking/port:Port",
      port,
    ),
    automatic,
    ...(owner === undefined || owner === "" ? {} : { partOf: owner }),
    port: {
      ...{ deviceOwner, deviceId, networkId: port.network_id },
      fixedIps: port.fixed_ips.map(({ subnet_id, ip_address }) => ({ subnetId: subnet_id, address: ip_address })),
      ...(port.security_groups === undefined ? {} : { securityGroupIds: port.security_groups }),
    },
  };
}
