import type { ResourceRule, Said } from "./effect.ts";
import { ownName, partName } from "./resourceName.ts";
import type { ResourceChange } from "./resourceChange.ts";
import { askedFixedIp, outputOf, presentFixedIp, textOf } from "./stateValues.ts";

const port: ResourceRule = {
  label: "port of",
  partOf: ["openstack:compute/instance:Instance"],
  replacementTold: true,
  create: (thing) => ({ what: `a further ${thing} is made`, impact: "added" }),
  update: (thing, change) => updatedPort(thing, change),
  replace: (thing, { old, new: after }) => {
    const before = presentFixedIp(old);
    const wanted = askedFixedIp(after);
    return wanted !== undefined && wanted === before
      ? { what: `${thing} is made anew with the same address ${wanted}`, impact: "interrupted" }
      : {
          what: `${thing} is made anew: its address ${before ?? ""} becomes ${wanted ?? "another one"}`,
          impact: "interrupted",
        };
  },
  delete: (thing, { old }) => ({
    what: `${thing} is deleted, and its address ${presentFixedIp(old) ?? ""} with it`,
    impact: "reduced",
  }),
};

/** A running guest hears of a new address only from DHCP, or at its next start. */
function updatedPort(thing: string, { changed, old, new: after }: ResourceChange): Said {
  if (changed.includes("fixedIps")) {
    const before = presentFixedIp(old);
    const wanted = askedFixedIp(after);
    return before !== undefined && before === wanted
      ? { what: `${thing} keeps its address ${before}, on another subnet`, impact: "interrupted" }
      : {
          what: `${thing} gets ${wanted ?? "another address"} instead of ${before ?? "its own"}; the instance knows it only after DHCP or a reboot`,
          impact: "interrupted",
          told: true,
        };
  }
  if (changed.some((input) => ["securityGroupIds", "noSecurityGroups", "portSecurityEnabled"].includes(input)))
    return { what: `${thing} gets other security groups: what reaches it changes`, impact: "changed", told: true };
  return { what: `${thing} is changed while it is in use`, impact: "changed" };
}

const floatingIp: ResourceRule = {
  label: "floating IP of",
  update: (thing, { changed, drift, new: after }) => {
    if (drift.includes("portId"))
      // Nobody could reach it by this address, so that nothing is interrupted.
      return { what: `${thing} was disconnected by hand; it is connected again`, impact: "mended", told: true };
    if (!changed.includes("portId")) return { what: `${thing} is changed`, impact: "changed" };
    return textOf(after, "portId") === undefined
      ? { what: `${thing} may have to be connected again`, impact: "interrupted" }
      : { what: `${thing} leads to another instance`, impact: "interrupted", told: true };
  },
  replace: (thing, { old }) => ({
    what: `${thing} becomes another address instead of ${addressOf(old)}: URL and ssh command change`,
    impact: "interrupted",
  }),
  delete: (thing, { old }) => ({
    what: `${thing} is given up: ${addressOf(old)} leads nowhere, and may become somebody else's`,
    impact: "reduced",
  }),
};

function addressOf(state: ResourceChange["old"]): string {
  return outputOf(state, "address") ?? "the old one";
}

const network: ResourceRule = {
  label: "network",
  replace: (thing) => ({
    what: `${thing} is made anew: everything on it is cut off and has to move`,
    impact: "interrupted",
  }),
  delete: (thing) => ({ what: `${thing} is deleted`, impact: "reduced" }),
  forStudents: (thing, { old }) => {
    if (old?.inputs["external"] === true && old.inputs["shared"] !== true)
      return {
        what: `${thing} leads out: every student's routers and floating IPs on it become others by their own stacks' updates, and so do URLs and ssh commands`,
        impact: "interrupted",
      };
    return {
      what: `every student's instance on ${thing} is rebuilt by its own stack's update: its disk is lost`,
      impact: "rebuilt",
      loses: "disk",
    };
  },
};

const SUBNET_LIVE = new Map<string, string>(
  Object.entries({
    dnsNameservers: "other name servers, which instances hear of by DHCP",
    enableDhcp: "DHCP switched",
    allocationPools: "another pool of addresses for new ports",
    gatewayIp: "another gateway, which instances hear of by DHCP",
  }),
);

const subnet: ResourceRule = {
  label: "subnet of",
  partOf: ["openstack:networking/network:Network"],
  update: (thing, { changed }) => {
    const said = changed.flatMap((input) => SUBNET_LIVE.get(input) ?? []);
    return {
      what: said.length === 0 ? `${thing} is changed while it is in use` : `${thing} gets ${said.join("; ")}`,
      impact: changed.includes("gatewayIp") || changed.includes("enableDhcp") ? "interrupted" : "changed",
    };
  },
  replace: (thing, { old, new: after }) => {
    const [before, wanted] = [textOf(old, "cidr"), textOf(after, "cidr")];
    const range =
      before === undefined || before === wanted ? "" : `, ${wanted ?? "another range"} instead of ${before}`;
    return {
      told: range !== "",
      what: `${thing} is made anew${range}: every address on it changes, and Neutron refuses it while an instance is on it`,
      impact: "interrupted",
    };
  },
  forStudents: (thing, { action }) =>
    action === "replace"
      ? {
          what: `every address on ${thing} changes by the students' own stacks' updates, and Neutron refuses it while anything is on it`,
          impact: "interrupted",
        }
      : undefined,
};

const router: ResourceRule = {
  label: "router",
  update: (thing, { changed }) =>
    changed.includes("externalNetworkId")
      ? { what: `${thing} leads out by another network: its public address changes`, impact: "interrupted", told: true }
      : { what: `${thing} is changed while it is in use`, impact: "changed" },
  replace: (thing) => ({
    what: `${thing} is made anew: connections in and out end, and its public address changes`,
    impact: "interrupted",
  }),
  delete: (thing) => ({ what: `${thing} is deleted: there is no way in or out`, impact: "reduced" }),
};

const routerInterface: ResourceRule = {
  label: "router",
  partOf: ["openstack:networking/router:Router"],
  deletedByHand: (thing, change) => `${thing} was cut off from ${joined(change)} by hand; it is joined again`,
  create: (thing, change) => ({ what: `${thing} is joined to ${joined(change)}`, impact: "added" }),
  replace: (thing, change) => ({
    what: `${thing} is joined to ${joined(change)} anew: there is no way in or out for a moment`,
    impact: "interrupted",
  }),
  delete: (thing, change) => ({
    what: `${thing} is no longer joined to ${joined(change)}: no way in or out from there`,
    impact: "interrupted",
  }),
};

function joined(change: ResourceChange): string {
  return `network ${partName(change)}`;
}

const securityGroup: ResourceRule = {
  label: "security group",
  replace: (thing) => ({ what: `${thing} is made anew: nothing gets in for a moment`, impact: "interrupted" }),
  delete: (thing) => ({ what: `${thing} is deleted: what it let in is kept out`, impact: "changed" }),
};

const rule: ResourceRule = {
  label: "security group",
  partOf: ["openstack:networking/secGroup:SecGroup"],
  deletedByHand: (thing, { new: after }) => `${thing} was closed by hand for ${doorOf(after)}; it is opened again`,
  create: (thing, { new: after }) => ({ what: `${thing} opens ${doorOf(after)}`, impact: "changed" }),
  replace: (thing, { old, new: after }) => ({
    what: `${thing} opens ${doorOf(after)} instead of ${doorOf(old)}`,
    impact: "changed",
  }),
  delete: (thing, { old }) => ({
    what: `${thing} closes ${doorOf(old)}: new connections are kept out`,
    impact: "changed",
  }),
};

/** What a rule lets in, for example `tcp 22 from 0.0.0.0/0`. */
function doorOf(state: ResourceChange["old"]): string {
  const [first, last] = [textOf(state, "portRangeMin"), textOf(state, "portRangeMax")];
  const ports = first === undefined ? "" : first === last || last === undefined ? ` ${first}` : ` ${first}-${last}`;
  const from = textOf(state, "remoteIpPrefix");
  return `${textOf(state, "protocol") ?? "every protocol"}${ports} from ${from ?? "anywhere"}`;
}

const route: ResourceRule = {
  label: "route of",
  partOf: ["openstack:networking/subnet:Subnet"],
  create: (thing) => ({ what: `${thing} is added; instances hear of it by DHCP`, impact: "changed" }),
  replace: (thing) => ({ what: `${thing} becomes another; instances hear of it by DHCP`, impact: "interrupted" }),
  delete: (thing) => ({ what: `${thing} is taken away; instances hear of it by DHCP`, impact: "interrupted" }),
};

/** Load balancers, VPNs and firewalls hold nothing: at worst a connection ends. */
function service(label: string): ResourceRule {
  return {
    label,
    name: (change) => ownName(change),
    replace: (thing) => ({ what: `${thing} is made anew: connections end`, impact: "interrupted" }),
    delete: (thing) => ({ what: `${thing} is deleted`, impact: "reduced" }),
  };
}

const balancer: ResourceRule = {
  ...service("load balancer"),
  replace: (thing) => ({
    what: `${thing} is made anew: connections end, and its address may change`,
    impact: "interrupted",
  }),
};

/** Everything by which a server is reached. */
export const NETWORK_RULES: Record<string, ResourceRule> = {
  "openstack:networking/port:Port": port,
  "openstack:networking/floatingIp:FloatingIp": floatingIp,
  "openstack:networking/network:Network": network,
  "openstack:networking/subnet:Subnet": subnet,
  "openstack:networking/subnetRoute:SubnetRoute": route,
  "openstack:networking/router:Router": router,
  "openstack:networking/routerInterface:RouterInterface": routerInterface,
  "openstack:networking/secGroup:SecGroup": securityGroup,
  "openstack:networking/secGroupRule:SecGroupRule": rule,
  "openstack:loadbalancer/loadBalancer:LoadBalancer": balancer,
  "openstack:loadbalancer/listener:Listener": service("listener"),
  "openstack:loadbalancer/pool:Pool": service("pool"),
  "openstack:loadbalancer/member:Member": service("pool member"),
  "openstack:loadbalancer/monitor:Monitor": service("health monitor"),
  "openstack:vpnaas/ikePolicy:IkePolicy": service("VPN policy"),
  "openstack:vpnaas/ipSecPolicy:IpSecPolicy": service("VPN policy"),
  "openstack:vpnaas/service:Service": service("VPN"),
  "openstack:vpnaas/endpointGroup:EndpointGroup": service("VPN endpoints"),
  "openstack:vpnaas/siteConnection:SiteConnection": service("VPN connection"),
  "openstack:firewall/groupV2:GroupV2": service("firewall"),
  "openstack:firewall/policyV2:PolicyV2": service("firewall policy"),
  "openstack:firewall/ruleV2:RuleV2": service("firewall rule"),
};
