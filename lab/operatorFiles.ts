import { formatIpv4, parseIpv4Block } from "./ipv4.ts";
import type { Lab } from "./labSchema.ts";

/** First port of QEMU's VNC displays: https://docs.openstack.org/nova/latest/admin/remote-console-access.html */
const FIRST_VNC_PORT = 5900;

/**
 * Network files for the operator of the lab's Packstack host, by file name; none where the lab has no such host. The interface becomes a port of the bridge, and the bridge has the
 * address. Keys: https://docs.openvswitch.org/en/latest/intro/install/rhel/ (README.RHEL.rst).
 *
 * @param students how many lines the console mapping has
 */
export function packstackFiles(
  { class: { packstackHost, providerNetworks } }: Lab,
  students: number,
): Record<string, string> {
  const network = providerNetworks[packstackHost?.providerNetwork ?? ""];
  if (packstackHost === undefined || network === undefined) return {};
  const { address, interface: device, bridge, providerNetwork, publicAddress } = packstackHost;
  const { gateway, cidr, dns, physicalNetwork } = network;
  const [ip = "", prefix = ""] = address.split("/");
  const block = parseIpv4Block(cidr ?? "");
  const lines = (entries: Record<string, string>) =>
    Object.entries(entries)
      .map(([key, value]) => `${key}=${value}\n`)
      .join("");
  return {
    [`ifcfg-${bridge}`]: lines({
      ...{ DEVICE: bridge, DEVICETYPE: "ovs", TYPE: "OVSBridge", BOOTPROTO: "static", IPADDR: ip, PREFIX: prefix },
      GATEWAY: gateway ?? formatIpv4((block?.first ?? 0) + 1),
      ...Object.fromEntries(dns.map((server, index) => [`DNS${index + 1}`, server])),
      ONBOOT: "yes",
    }),
    [`ifcfg-${device}`]: lines({
      DEVICE: device,
      DEVICETYPE: "ovs",
      TYPE: "OVSPort",
      OVS_BRIDGE: bridge,
      ONBOOT: "yes",
    }),
    "packstack-answers.txt": lines({
      // Made by `packstack --gen-answer-file`; these are the keys to change. The passwords are yours to choose.
      ...{ CONFIG_CEILOMETER_INSTALL: "n", CONFIG_PANKO_INSTALL: "n", CONFIG_PROVISION_DEMO: "n" },
      CONFIG_NEUTRON_OVS_BRIDGE_IFACES: `${bridge}:${device}`,
      CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS: `${physicalNetwork ?? providerNetwork}:${bridge}`,
    }),
    "vnc-ports.txt": Array.from({ length: students }, (_, index) => {
      const port = FIRST_VNC_PORT + index + 1;
      return `${publicAddress ?? ip}:${port} -> compute:${FIRST_VNC_PORT + index}\n`;
    }).join(""),
    "check.txt": "ovs-vsctl show\n",
  };
}
