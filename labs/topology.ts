import type { Lab } from "../lab/labSchema.ts";
import { topologyLinks } from "./topologyLinks.ts";
import { topologyNodes } from "./topologyNodes.ts";

/** What a lab is made of, as a picture shows it. */
export interface Topology {
  title: string;
  nodes: TopologyNode[];
  links: TopologyLink[];
}

export type NodeKind =
  | "provider network"
  | "network"
  | "closed network"
  | "router"
  | "security group"
  | "instance"
  | "load balancer"
  | "volume"
  | "snapshot"
  | "object container";

export interface TopologyNode {
  /** Unique: kind and name. */
  id: string;
  kind: NodeKind;
  name: string;
  /** Who it belongs to: all, or each student. */
  owner: "class" | "student";
  /** What there is to know of it, a line each. */
  lines: string[];
  /** What belongs to it and stands out. */
  badges: { kind: "floating IP" | "firewall"; text: string }[];
}

export interface TopologyLink {
  kind: "gateway" | "interface" | "port" | "VPN" | "member" | "attached" | "snapshot" | "restored" | "lent address";
  /** Id of the node nearer to the outside. */
  from: string;
  to: string;
  label?: string;
}

/** The nodes and links of a lab, in the order of its document. */
export function topologyOf(lab: Lab): Topology {
  return { title: lab.title, nodes: topologyNodes(lab), links: topologyLinks(lab) };
}
