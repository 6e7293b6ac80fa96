import { readFileSync } from "node:fs";
import { join } from "node:path";
import { neutronConfig } from "../config/neutron.ts";
import { SYSTEM_PATH } from "../namespace.ts";
import type { NeutronAdditions, OptionalService } from "../optionalService.ts";
import { etc } from "../paths.ts";
import type { ConfigFile } from "../program.ts";

/** What differs from neutron-vpnaas' own: see the comments in each. */
const own = join(import.meta.dirname, "../vpn");

const template = (name: string): ConfigFile => ({
  path: join(etc, "vpn", name),
  text: readFileSync(join(own, name), "utf8"),
});

/**
 * Neutron's VPN as a service with strongSwan in each router, which encrypts by itself, in UDP, and not in the kernel: that need not
 * be able to.
 */
export const vpn: OptionalService = {
  name: "vpn",
  description: "VPN as a service: IPsec between the networks of two routers",
  note: "ESP in tunnel mode only, in UDP; no AH",
  debianPackages: [
    ...["python3-neutron-vpnaas", "python3-neutronclient", "strongswan-starter", "strongswan-charon"],
    ...["libcharon-extra-plugins", "libstrongswan-standard-plugins"],
  ],
  schemas: (secrets) => [
    {
      name: "neutron-vpnaas",
      owner: "neutron",
      databases: [],
      from: { debianPackage: "python3-neutron-vpnaas" },
      upgrade: [
        [
          "neutron-db-manage",
          ["--config-file", neutronConfig(secrets).path, "--subproject", "neutron-vpnaas", "upgrade", "heads"],
        ],
      ],
    },
  ],
  neutron: vpnAdditions,
};

function vpnAdditions(): NeutronAdditions {
  const [connections, daemon] = [template("ipsec.conf.template"), template("strongswan.conf.template")];
  return {
    servicePlugins: ["vpnaas"],
    server: {
      service_providers: {
        service_provider: ["VPN:strongswan:neutron_vpnaas.services.vpn.service_drivers.ipsec.IPsecVPNDriver:default"],
      },
    },
    l3Extensions: ["vpnaas"],
    l3: {
      vpnagent: { vpn_device_driver: "neutron_vpnaas.services.vpn.device_drivers.strongswan_ipsec.StrongSwanDriver" },
      // Also how often a tunnel that is down is begun anew.
      ipsec: { ipsec_status_check_interval: 5 },
      strongswan: { ipsec_config_template: connections.path, strongswan_config_template: daemon.path },
    },
    l3Files: [connections, daemon],
    environment: { PATH: `${join(own, "bin")}:${SYSTEM_PATH}` },
  };
}
