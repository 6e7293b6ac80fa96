import { instance } from "@viz-js/viz";
import { htmlEscape } from "escape-goat";
import { topologyText } from "./topologyText.ts";
import type { NodeKind, Topology, TopologyLink, TopologyNode } from "./topology.ts";

/** What Graphviz measures with. */
const MEASURED_FONT = "Arial";
/** What a browser draws with: fonts of the same width where there are any, and those that have Korean. */
const FONTS =
  '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", Arimo, "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif';

/** Room to the right of a label, in points for each character of its longest line. */
const SPARE_PER_CHARACTER = 0.8;

/** Networks are bars. In points. */
const NETWORK_WIDTH = 200;

const INK = "#1f2937";
const FAINT = "#64748b";
const BLUE = "#1d4ed8";

interface Look {
  fill: string;
  border: string;
  shape?: string;
  /** Of the border. */
  line?: "dashed";
}

const LOOKS: Record<NodeKind, Look> = {
  "provider network": { fill: "#dbeafe", border: BLUE },
  network: { fill: "#dcfce7", border: "#15803d" },
  "closed network": { fill: "#f1f5f9", border: "#475569", line: "dashed" },
  router: { fill: "#fef3c7", border: "#b45309" },
  "security group": { fill: "#ffffff", border: "#94a3b8", shape: "note" },
  instance: { fill: "#ffffff", border: "#334155" },
  "load balancer": { fill: "#ede9fe", border: "#6d28d9" },
  volume: { fill: "#fae8ff", border: "#a21caf", shape: "cylinder" },
  snapshot: { fill: "#fdf4ff", border: "#a21caf", shape: "cylinder", line: "dashed" },
  "object container": { fill: "#ffedd5", border: "#c2410c", shape: "folder" },
};

const BADGES: Record<TopologyNode["badges"][number]["kind"], { fill: string; ink: string }> = {
  "floating IP": { fill: "#dbeafe", ink: BLUE },
  firewall: { fill: "#fee2e2", ink: "#b91c1c" },
};

const LINKS: Record<TopologyLink["kind"], Record<string, string | boolean | number>> = {
  gateway: { color: BLUE, fontcolor: BLUE, penwidth: 2, weight: 8 },
  interface: { color: "#15803d", fontcolor: "#15803d", penwidth: 2 },
  port: { color: "#475569", weight: 4 },
  VPN: {
    color: "#b45309",
    fontcolor: "#b45309",
    style: "dashed",
    penwidth: 2.5,
    constraint: false,
    dir: "both",
    arrowsize: 0.7,
  },
  member: { color: "#6d28d9", style: "dashed", dir: "forward", arrowsize: 0.7 },
  attached: { color: "#a21caf", penwidth: 1.5, weight: 8 },
  snapshot: { color: "#a21caf", style: "dashed", dir: "forward", arrowsize: 0.7 },
  restored: { color: "#a21caf", style: "dashed", dir: "forward", arrowsize: 0.7 },
  "lent address": { color: BLUE, fontcolor: BLUE, style: "dashed", constraint: false, dir: "forward", arrowsize: 0.7 },
};

/** The picture of a lab as SVG, laid out by Graphviz. It says in words what it shows, for those who do not see it. */
export async function topologySvg(topology: Topology): Promise<string> {
  const { title, nodes, links } = topology;
  const viz = await instance();
  const svg = viz.renderString(
    {
      directed: true,
      graphAttributes: {
        bgcolor: "#ffffff",
        pad: 0.2,
        newrank: true,
        ranksep: 0.4,
        nodesep: 0.3,
        fontname: MEASURED_FONT,
        fontsize: 12,
        fontcolor: FAINT,
      },
      nodeAttributes: { fontname: MEASURED_FONT, fontsize: 11, fontcolor: INK },
      edgeAttributes: { fontname: MEASURED_FONT, fontsize: 10, fontcolor: FAINT, dir: "none", color: FAINT },
      nodes: nodes.filter(({ owner }) => owner === "class").map(drawn),
      edges: [...links.map(drawnLink), ...guides(topology)],
      subgraphs: [
        {
          name: "cluster_student",
          graphAttributes: {
            label: { html: '<table border="0" cellpadding="4"><tr><td>each student</td></tr></table>' },
            labeljust: "l",
            style: "rounded,dashed",
            color: "#94a3b8",
            margin: 14,
          },
          nodes: nodes.filter(({ owner }) => owner === "student").map(drawn),
        },
      ],
    },
    { format: "svg" },
  );
  return accessible(svg, title, topologyText(topology));
}

function drawn(node: TopologyNode) {
  const { fill, border, shape = "box", line } = LOOKS[node.kind];
  return {
    name: node.id,
    attributes: {
      label: { html: label(node) },
      shape,
      style: ["filled", ...(shape === "box" ? ["rounded"] : []), ...(line === undefined ? [] : [line])].join(","),
      fillcolor: fill,
      color: border,
      penwidth: node.kind === "security group" ? 1 : 1.5,
      margin: shape === "box" ? "0.12,0.06" : "0.1,0.05",
    },
  };
}

const isNetwork = (kind: NodeKind) => ["provider network", "network", "closed network"].includes(kind);

/**
 * Lines of text below each other, from the left: a font that is wider than what Graphviz measured runs into the empty second column.
 * https://graphviz.org/doc/info/shapes.html#html
 */
function label({ kind, name, lines, badges }: TopologyNode): string {
  const longest = Math.max(...[kind, name, ...lines, ...badges.map(({ text }) => text)].map(({ length }) => length));
  const spare = Math.ceil(longest * SPARE_PER_CHARACTER);
  const row = (content: string, attributes = "") =>
    `<tr><td colspan="2" align="left" ${attributes}>${content}</td></tr>`;
  const font = (text: string, attributes: string) => `<font ${attributes}>${htmlEscape(text)}</font>`;
  return [
    `<table border="0" cellborder="0" cellspacing="0" cellpadding="2"${isNetwork(kind) ? ` width="${NETWORK_WIDTH}"` : ""}>`,
    `<tr><td align="left">${font(kind, `point-size="9" color="${FAINT}"`)}</td><td width="${spare}"></td></tr>`,
    row(`<b>${htmlEscape(name)}</b>`),
    ...lines.map((line) => row(font(line, 'point-size="10"'))),
    ...badges.map((badge) => {
      const { fill, ink } = BADGES[badge.kind];
      return row(font(badge.text, `point-size="10" color="${ink}"`), `bgcolor="${fill}" cellpadding="3"`);
    }),
    "</table>",
  ].join("");
}

function drawnLink({ kind, from, to, label: text }: TopologyLink) {
  return {
    tail: from,
    head: to,
    attributes: { ...LINKS[kind], ...(text === undefined ? {} : { label: `  ${text}  ` }) },
  };
}

/** Links that are not seen: they put what hangs on nothing at the height of its kind. */
function guides({ nodes }: Topology) {
  const first = (...kinds: NodeKind[]) => nodes.find(({ kind }) => kinds.includes(kind))?.id;
  const above: Partial<Record<NodeKind, string | undefined>> = {
    "closed network": first("router") ?? first("provider network"),
    "security group": first("provider network"),
    "object container": first("network", "closed network"),
  };
  return nodes.flatMap(({ id, kind }) => {
    const tail = above[kind];
    return tail === undefined || tail === id ? [] : [{ tail, head: id, attributes: { style: "invis" } }];
  });
}

/** https://www.w3.org/TR/svg-aam-1.0/ */
function accessible(svg: string, title: string, description: string): string {
  return svg.replace(
    /<svg ([^>]*)>/,
    (_tag, attributes: string) =>
      `<svg role="img" aria-labelledby="title desc" ${attributes}>\n` +
      `<title id="title">${htmlEscape(title)}</title>\n<desc id="desc">${htmlEscape(description)}</desc>\n` +
      `<style>text { font-family: ${FONTS}; }</style>`,
  );
}
