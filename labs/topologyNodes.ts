import type { Lab } from "../lab/labSchema.ts";
import { defaultGateway } from "../lab/subnetChecks.ts";
import type { NodeKind, TopologyNode } from "./topology.ts";

/** What a lab has, in the order in which a picture names it. */
export function topologyNodes(lab: Lab): TopologyNode[] {
  return [
    ...networkNodes(lab),
    ...routerNodes(lab),
    ...securityGroupNodes(lab),
    ...serverNodes(lab),
    ...storageNodes(lab),
  ];
}

/** Names are unique within their kind only. */
export const nodeId = (kind: NodeKind, name: string) => `${kind} ${name}`;

function node(
  kind: NodeKind,
  name: string,
  owner: TopologyNode["owner"],
  lines: readonly (string | undefined)[],
  badges: TopologyNode["badges"] = [],
): TopologyNode {
  return { id: nodeId(kind, name), kind, name, owner, lines: lines.filter((line) => line !== undefined), badges };
}

export function networkNodes({
  class: { providerNetworks, sharedNetworks },
  student: { networks, routers },
}: Lab): TopologyNode[] {
  const joined = new Set(Object.values(routers).flatMap(({ interfaces }) => interfaces));
  return [
    ...Object.entries(providerNetworks).map(([name, { existing, cidr, gateway, pools = [] }]) =>
      node("provider network", name, "class", [
        existing === undefined ? cidr : `there already: ${existing}`,
        cidr === undefined ? undefined : `gateway ${gateway ?? defaultGateway(cidr) ?? ""}`,
        pools.length === 0 ? undefined : `floating IPs ${pools.join(", ")}`,
      ]),
    ),
    ...Object.entries(sharedNetworks).map(([name, { cidr, dhcp }]) =>
      node("closed network", name, "class", [cidr, "shared by all, no way out", dhcp ? undefined : "no DHCP"]),
    ),
    ...Object.entries(networks).map(([name, { cidr, closed, dhcp, dns, hostRoutes }]) =>
      node(closed || !joined.has(name) ? "closed network" : "network", name, "student", [
        cidrText(cidr),
        closed || !joined.has(name) ? "no way out" : undefined,
        dhcp ? undefined : "no DHCP",
        dns.length === 0 ? undefined : `DNS ${dns.join(", ")}`,
        ...hostRoutes.map(({ to, via }) => `route ${to} via ${via}`),
      ]),
    ),
  ];
}

function cidrText(cidr: Lab["student"]["networks"][string]["cidr"]): string {
  return typeof cidr === "string" ? cidr : `a /${cidr.each} of ${cidr.of} each`;
}

function routerNodes({ student: { routers, firewalls } }: Lab): TopologyNode[] {
  return Object.keys(routers).map((name) =>
    node(
      "router",
      name,
      "student",
      [],
      Object.entries(firewalls).flatMap(([firewall, { router, ingress, egress }]) =>
        router === name
          ? [
              { kind: "firewall" as const, text: `firewall ${firewall}` },
              { kind: "firewall" as const, text: `in: ${rulesText(ingress)} · out: ${rulesText(egress)}` },
            ]
          : [],
      ),
    ),
  );
}

function rulesText(rules: Lab["student"]["firewalls"][string]["ingress"]): string {
  const texts = rules.map(({ action, protocol, port, from, to }) =>
    [
      action,
      ...(protocol === "any" ? ["all"] : [protocol]),
      ...(port === undefined ? [] : [String(port)]),
      ...(from === undefined ? [] : [`from ${from}`]),
      ...(to === undefined ? [] : [`to ${to}`]),
    ].join(" "),
  );
  return texts.join(", ") || "nothing";
}

function securityGroupNodes({ student: { securityGroups } }: Lab): TopologyNode[] {
  return Object.entries(securityGroups).map(([name, rules]) =>
    node(
      "security group",
      name,
      "student",
      rules.length === 0
        ? ["nothing comes in"]
        : rules.map((rule) => {
            const { allow, ports, from = "anywhere" } = typeof rule === "string" ? { allow: rule } : rule;
            const what = ports === undefined ? allow : `${allow} ${ports}`;
            return `${what} from ${from}`;
          }),
    ),
  );
}

function serverNodes({ student: { instances, loadBalancers } }: Lab): TopologyNode[] {
  const floating = (network: string | undefined) =>
    network === undefined ? [] : [{ kind: "floating IP" as const, text: `floating IP from ${network}` }];
  return [
    ...Object.entries(instances).map(([name, { image, flavor, web, floatingIp, availabilityZone, bootVolume }]) =>
      node(
        "instance",
        name,
        "student",
        [
          [image, flavor].filter((part) => part !== undefined).join(" · "),
          web === undefined ? undefined : `web server: ${web === "apache" ? "Apache" : "Docker"}`,
          bootVolume === undefined ? undefined : "boots from a volume of its own",
          availabilityZone === undefined ? undefined : `zone ${availabilityZone}`,
        ],
        floating(floatingIp),
      ),
    ),
    ...Object.entries(loadBalancers).map(([name, { listen, algorithm, madeOf, floatingIp }]) =>
      node(
        "load balancer",
        name,
        "student",
        [
          `${listen.protocol} ${listen.port} · ${algorithm}`,
          madeOf === "octavia" ? "Octavia" : "an instance with HAProxy",
        ],
        floating(floatingIp),
      ),
    ),
  ];
}

function storageNodes({ student: { volumes, snapshots, containers } }: Lab): TopologyNode[] {
  return [
    ...Object.entries(volumes).map(([name, { sizeGiB, image }]) =>
      node("volume", name, "student", [`${sizeGiB} GiB`, image === undefined ? undefined : `made of ${image}`]),
    ),
    ...Object.keys(snapshots).map((name) => node("snapshot", name, "student", [])),
    ...Object.entries(containers).map(([name, { public: open, objects }]) =>
      node("object container", name, "student", [...Object.keys(objects), open ? "everybody may read" : "private"]),
    ),
  ];
}
