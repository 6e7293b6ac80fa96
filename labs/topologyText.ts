import type { Topology, TopologyLink, TopologyNode } from "./topology.ts";

/** A picture in words: a sentence for each thing that it shows, with what it is joined to. */
export function topologyText({ nodes, links }: Topology): string {
  const nameOf = new Map(nodes.map(({ id, name }) => [id, name]));
  return nodes.map((node) => sentence(node, links, nameOf)).join(" ");
}

const JOINED: Record<TopologyLink["kind"], string> = {
  gateway: "gateway on",
  interface: "joined by",
  port: "on",
  VPN: "VPN with",
  member: "behind",
  attached: "attached to",
  snapshot: "snapshot of",
  restored: "restored from",
  "lent address": "reached by the floating IP of",
};

function sentence(
  { id, kind, name, lines, badges }: TopologyNode,
  links: readonly TopologyLink[],
  nameOf: ReadonlyMap<string, string>,
): string {
  const joined = links
    .filter(({ to }) => to === id)
    .map((link) => `${JOINED[link.kind]} ${nameOf.get(link.from) ?? link.from}${address(link)}`);
  const facts = [...joined, ...lines, ...badges.map(({ text }) => text)];
  return `The ${kind} ${name}${facts.length === 0 ? "" : `: ${facts.join(", ")}`}.`;
}

const address = ({ kind, label }: TopologyLink) =>
  label !== undefined && (kind === "interface" || kind === "port") ? ` at ${label}` : "";
