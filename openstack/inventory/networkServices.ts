import { type SeenObject, tagEntries } from "../cloudObject.ts";
import { commonShape, type NetworkKind, seen } from "./networkKind.ts";

function vpnKind(path: string, key: string, type: string): NetworkKind {
  return {
    path: `vpn/${path}`,
    key,
    tags: false,
    extension: path === "endpoint-groups" ? "vpn-endpoint-groups" : "vpnaas",
    item: commonShape.transform((item) => seen(`openstack:vpnaas/${type}`, item)),
  };
}

/** What FWaaS makes for every project that uses it: https://docs.openstack.org/neutron/latest/admin/fwaas-v2-scenario.html */
const FIREWALL_DEFAULTS = /^default( (in|e)gress( ipv[46])?)?$/;
const FIREWALL_DEFAULT_TEXTS =
  /^(Default firewall group|(Ingress|Egress) firewall policy|default (in|e)gress rule for IPv[46])$/;

function firewallKind(path: string, type: string): NetworkKind {
  return {
    path: `fwaas/${path}`,
    key: path,
    tags: false,
    extension: "fwaas_v2",
    item: commonShape.transform((item): SeenObject => {
      const object = seen(`openstack:firewall/${type}`, item);
      const text = item.description ?? "";
      return {
        ...object,
        automatic: FIREWALL_DEFAULTS.test(object.name) && FIREWALL_DEFAULT_TEXTS.test(text),
        // The tags of a group are kept as its description, because the provider can set no others.
        tags: { ...(text.startsWith("course:") ? tagEntries(text.split(" ")) : {}), ...object.tags },
      };
    }),
  };
}

/** VPNs and firewalls, where Neutron has them. */
export const NETWORK_SERVICES: NetworkKind[] = [
  vpnKind("vpnservices", "vpnservices", "service:Service"),
  vpnKind("ikepolicies", "ikepolicies", "ikePolicy:IkePolicy"),
  vpnKind("ipsecpolicies", "ipsecpolicies", "ipSecPolicy:IpSecPolicy"),
  vpnKind("endpoint-groups", "endpoint_groups", "endpointGroup:EndpointGroup"),
  vpnKind("ipsec-site-connections", "ipsec_site_connections", "siteConnection:SiteConnection"),
  firewallKind("firewall_groups", "groupV2:GroupV2"),
  firewallKind("firewall_policies", "policyV2:PolicyV2"),
  firewallKind("firewall_rules", "ruleV2:RuleV2"),
];
