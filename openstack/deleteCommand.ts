import type { SeenObject } from "./cloudObject.ts";

/** What the openstack client calls things whose name there is not that of the provider's resource. */
const NOUNS: Record<string, string> = {
  "openstack:compute/instance:Instance": "server",
  "openstack:compute/keypair:Keypair": "keypair",
  "openstack:compute/aggregateV2:AggregateV2": "aggregate",
  "openstack:compute/serverGroup:ServerGroup": "server group",
  "openstack:identity/groupV3:GroupV3": "group",
  "openstack:networking/subnetPool:SubnetPool": "subnet pool",
  "openstack:networking/floatingIp:FloatingIp": "floating ip",
  "openstack:networking/secGroup:SecGroup": "security group",
  "openstack:networking/secGroupRule:SecGroupRule": "security group rule",
  "openstack:networking/addressGroup:AddressGroup": "address group",
  "openstack:networking/trunk:Trunk": "network trunk",
  "openstack:vpnaas/service:Service": "vpn service",
  "openstack:vpnaas/siteConnection:SiteConnection": "vpn ipsec site connection",
  "openstack:vpnaas/endpointGroup:EndpointGroup": "vpn endpoint group",
  "openstack:vpnaas/ikePolicy:IkePolicy": "vpn ike policy",
  "openstack:vpnaas/ipSecPolicy:IpSecPolicy": "vpn ipsec policy",
  "openstack:firewall/groupV2:GroupV2": "firewall group",
  "openstack:firewall/policyV2:PolicyV2": "firewall group policy",
  "openstack:firewall/ruleV2:RuleV2": "firewall group rule",
  "openstack:blockstorage/snapshot:Snapshot": "volume snapshot",
  "openstack:blockstorage/backup:Backup": "volume backup",
};

/**
 * The openstack client's command that deletes a thing.
 *
 * @param client how it is started for this cloud
 */
export function deleteCommand(
  { type, id, partOf = "" }: Pick<SeenObject, "type" | "id" | "partOf">,
  client: string,
): string {
  if (type === "openstack:networking/routerInterface:RouterInterface")
    return `${client} router remove port ${partOf} ${id}`;
  if (type.startsWith("openstack:loadbalancer/"))
    return `${client} loadbalancer delete --cascade ${partOf === "" ? id : partOf}`;
  const noun = NOUNS[type] ?? type.replace(/^.*:/, "").toLowerCase();
  return `${client} ${noun} delete ${id}`;
}
