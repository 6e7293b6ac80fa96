import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { labPicture, writePicture } from "../../cli/lab-document/labPicture.ts";
import { parseLab } from "../../lab/parseLab.ts";
import { REFERENCE_COMMAND, REFERENCE_FILE, labReference } from "../../labs/labReference.ts";
import { labFile, readLab, readyLabs } from "../../labs/readLab.ts";
import { topologyOf, type Topology } from "../../labs/topology.ts";
import { topologySvg } from "../../labs/topologySvg.ts";
import { topologyText } from "../../labs/topologyText.ts";

const student = {
  networks: { blue: { cidr: "10.20.1.0/24" }, cellar: { cidr: "10.20.2.0/24", closed: true } },
  routers: { r1: { gateway: "public", interfaces: ["blue"] } },
  instances: {
    web1: {
      image: "i",
      flavor: "f",
      network: "blue",
      floatingIp: "public",
      floatingIpTo: "web2",
      moreNetworks: ["cellar"],
    },
    web2: { image: "i", flavor: "f", network: "blue", fixedIp: "10.20.1.9" },
  },
  volumes: { disk: { sizeGiB: 1, attachedTo: "web1" }, again: { sizeGiB: 1, fromSnapshot: "kept" } },
  snapshots: { kept: { of: "disk" } },
};
const document = {
  lab: "drawn",
  title: '<b>서버 & "네트워크"</b>',
  class: { providerNetworks: { public: { existing: "a campus <net>" } } },
  student,
};

function drawn(value: object = document): Topology {
  const parsed = parseLab(stringify(value));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return topologyOf(parsed.lab);
}

describe("the pictures of the ready labs", () => {
  it.each(readyLabs())("%s shows the lab as its document is", async (lab) => {
    const file = join(dirname(labFile(lab)), "topology.svg");
    const command = `npm run classroom -- lab picture ${lab} --out ${file}`;
    expect(readFileSync(file, "utf8") === (await labPicture(lab)), `${file} is out of date; renew it: ${command}`).toBe(
      true,
    );
  });

  it.each(readyLabs())("%s has in its picture whatever it has, at every step", async (lab) => {
    for (const step of [undefined, ...readLab(lab).lab.steps.map(({ name }) => name)]) {
      const { lab: state } = readLab(lab, step);
      const svg = await labPicture(lab, step);
      const { networks, routers, instances, volumes, snapshots, containers, vpns, firewalls, loadBalancers } =
        state.student;
      const parts = { ...networks, ...routers, ...instances, ...volumes, ...snapshots, ...containers };
      const all = { ...parts, ...vpns, ...firewalls, ...loadBalancers, ...state.class.providerNetworks };
      for (const name of Object.keys({ ...all, ...state.class.sharedNetworks }))
        expect
          .soft(
            svg.match(/<text.*<\/text>/g)?.some((text) => text.includes(name)),
            `${step}: ${name}`,
          )
          .toBe(true);
      for (const { cidr } of Object.values(networks))
        if (typeof cidr === "string") expect.soft(svg).toContain(`>${cidr}<`);
    }
  });
});

describe("topologyOf", () => {
  it("joins everything as the document says", () => {
    expect(drawn().links.map(({ kind, from, to, label }) => [kind, from, to, label])).toEqual([
      ["gateway", "provider network public", "router r1", "gateway"],
      ["interface", "router r1", "network blue", "10.20.1.1"],
      ["port", "network blue", "instance web1", undefined],
      ["port", "closed network cellar", "instance web1", undefined],
      ["lent address", "instance web1", "instance web2", "lends its floating IP"],
      ["port", "network blue", "instance web2", "10.20.1.9"],
      ["attached", "instance web1", "volume disk", undefined],
      ["restored", "snapshot kept", "volume again", "restored to"],
      ["snapshot", "volume disk", "snapshot kept", "kept as"],
    ]);
  });

  it("has a node for both ends of every link, of every ready lab at every step", () => {
    for (const lab of readyLabs())
      for (const step of [undefined, ...readLab(lab).lab.steps.map(({ name }) => name)]) {
        const { nodes, links } = topologyOf(readLab(lab, step).lab);
        const ids = nodes.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { from, to } of links) expect(ids).toEqual(expect.arrayContaining([from, to]));
      }
  });

  it("says whose addresses differ, and by how much", () => {
    const networks = { blue: { cidr: { of: "10.20.0.0/16", each: 24 } } };
    const { nodes } = drawn({
      ...document,
      student: { ...student, networks, instances: {}, volumes: {}, snapshots: {} },
    });
    expect(nodes.find(({ name }) => name === "blue")?.lines).toEqual(["a /24 of 10.20.0.0/16 each"]);
  });
});

describe("topologySvg", () => {
  it("says in words what it shows, and lets nothing through as markup", async () => {
    const topology = drawn();
    const svg = await topologySvg(topology);
    expect(svg).toContain('<title id="title">&lt;b&gt;서버 &amp; &quot;네트워크&quot;&lt;/b&gt;</title>');
    expect(svg).toContain("a campus &lt;net&gt;");
    expect(svg).not.toMatch(/<b>|<net>/);
    expect(svg).toMatch(/^<\?xml[\s\S]*<svg role="img" aria-labelledby="title desc"/);
    expect(topologyText(topology)).toContain(
      "The instance web2: reached by the floating IP of web1, on blue at 10.20.1.9, i",
    );
  });
});

describe("writePicture", () => {
  it("says why a file cannot be written", () => {
    expect(() => {
      writePicture("/nowhere/at/all.svg", "");
    }).toThrow("the picture cannot be written: ENOENT");
  });
});

describe(REFERENCE_FILE, () => {
  it("has every key as the schema has it", () => {
    expect(readFileSync(REFERENCE_FILE, "utf8") === labReference(), `out of date; renew it: ${REFERENCE_COMMAND}`).toBe(
      true,
    );
  });

  it("leads to a table for each mapping, and explains nearly every key", () => {
    const reference = labReference();
    const anchors = [...reference.matchAll(/^#+ `(.*)`$/gm)].map(([, path = ""]) =>
      path.toLowerCase().replaceAll(/[^a-z0-9]/g, ""),
    );
    const links = [...reference.matchAll(/\(#(\w+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(links.length).toBeGreaterThan(20);
    expect(anchors).toEqual(expect.arrayContaining(links));
  });
});
