import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatIpv4, parseIpv4Address, parseIpv4Block } from "../../lab/ipv4.ts";
import { neededServices } from "../../lab/neededServices.ts";
import { parseLab } from "../../lab/parseLab.ts";
import { labFile, readLab, readyLabs } from "../../labs/readLab.ts";
import { blocksOf, commandsOf, linksOf, namesIn, pathsOf } from "./guideText.ts";

const LANGUAGES = ["en", "ko"] as const;
const LONGEST_GUIDE = 300;

/** Words of OpenStack itself, and nouns of commands that come after the verb: `server add floating ip`. */
const OWN_WORDS = ["floating", "ip", "subnet", "user", "host", "role", "volume", "member", "reader", "admin", "all"];
/** Of the local cloud, not of a lab: its registry, and this machine. */
const LOCAL_ADDRESSES = ["172.24.4.1", "127.0.0.1", "0.0.0.0"];

interface Guide {
  lab: string;
  language: (typeof LANGUAGES)[number];
  file: string;
  text: string;
}

const guides = readyLabs().flatMap((lab) =>
  LANGUAGES.map((language): Guide => {
    const file = join(dirname(labFile(lab)), `guide.${language}.md`);
    return { lab, language, file, text: existsSync(file) ? readFileSync(file, "utf8") : "" };
  }),
);

/** The lab as it begins and at each step. */
function statesOf(lab: string): unknown[] {
  const document = readFileSync(labFile(lab), "utf8");
  return [undefined, ...readLab(lab).lab.steps.map(({ name }) => name)].map((step) => {
    const parsed = parseLab(document, step);
    return parsed.ok ? parsed.lab : {};
  });
}

/** Every key and every text of a lab, at any of its steps. */
function wordsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...wordsOf(inner)]);
}

function reaches(value: unknown, path: string): boolean {
  if (path === "") return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  // Names may have dots: m1.nano.
  return Object.entries(value).some(
    ([key, inner]) =>
      (path === key && inner !== undefined) ||
      (path.startsWith(`${key}.`) && reaches(inner, path.slice(key.length + 1))),
  );
}

/** Addresses that a lab names, and the gateways that follow from its networks. */
function addressesOf(words: readonly string[]): Set<string> {
  const named = words.flatMap((word) => word.match(/\d+\.\d+\.\d+\.\d+/g) ?? []);
  const gateways = words.flatMap((word) => {
    const block = parseIpv4Block(word);
    return block === undefined ? [] : [formatIpv4(block.first + 1)];
  });
  return new Set([...named, ...gateways, ...LOCAL_ADDRESSES]);
}

describe.each(guides)("the $language guide of $lab", ({ lab, language, file, text }) => {
  const states = statesOf(lab);
  const words = new Set(states.flatMap(wordsOf));
  const commands = commandsOf(text);

  it("is there, and short enough for a class", () => {
    expect(text).not.toBe("");
    expect(text.split("\n").length).toBeLessThanOrEqual(LONGEST_GUIDE);
  });

  it("shows the picture, and leads only to files that are there", () => {
    expect(linksOf(text)).toContain("topology.svg");
    for (const link of linksOf(text)) expect.soft(existsSync(join(dirname(file), link)), link).toBe(true);
  });

  it("speaks only of what the lab document has", () => {
    const missing = pathsOf(text).filter((path) => !states.some((state) => reaches(state, path)));
    expect(missing).toEqual([]);
    expect(pathsOf(text).length).toBeGreaterThan(5);
  });

  it("takes names in its commands from the lab", () => {
    const known = (name: string) =>
      words.has(name) ||
      OWN_WORDS.includes(name) ||
      // What belongs to something and has no name in the lab: `int_net-subnet`.
      [...words].some((word) => word.length > 1 && name.startsWith(`${word}-`));
    const strange = commands.flatMap((command) => namesIn(command).filter((name) => !known(name)));
    expect(strange).toEqual([]);
  });

  it("takes addresses from the lab", () => {
    const known = addressesOf([...words]);
    const all = blocksOf(text).flatMap((block) => block.text.match(/\b\d+\.\d+\.\d+\.\d+\b/g) ?? []);
    const strange = all.filter((address) => parseIpv4Address(address) !== undefined && !known.has(address));
    expect(strange).toEqual([]);
  });

  it("shows in previews what Pulumi would name so", () => {
    const course = /config set course (\S+)/.exec(text)?.[1] ?? "";
    const names = blocksOf(text)
      .filter(({ language: kind }) => kind === "text")
      .flatMap((block) => [...block.text.matchAll(/^ \+ {2}\S+ +(\S+)$/gm)].map(([, name = ""]) => name));
    expect(names.length).toBeGreaterThan(0);
    const own = ["key", "user", "project", "flavors"];
    for (const name of names) {
      const role = name.replace(`${course}-kim-`, "").replace(`${course}-`, "");
      const found = [...words, ...own].some((word) => role === word || role.startsWith(`${word}-`));
      expect.soft(found, name).toBe(true);
    }
  });

  it("goes through every step of the exercise, in order", () => {
    const steps = commands.flatMap((command) => /config set step (\S+)/.exec(command)?.[1] ?? []);
    expect(steps).toEqual(readLab(lab).lab.steps.map(({ name }) => name));
    expect(text).toContain(`pulumi config set lab ${lab}\n`);
  });

  it("has the services started that the lab needs", () => {
    const needed = new Set(
      [undefined, ...readLab(lab).lab.steps.map(({ name }) => name)].flatMap((step) =>
        neededServices(readLab(lab, step).lab).map(({ service }) => service),
      ),
    );
    const started = /cloud -- up(?: --with (\S+))?/.exec(text)?.[1]?.split(",") ?? [];
    for (const service of needed) expect.soft(started).toContain(service);
  });

  it("has the same commands in both languages", () => {
    const english = guides.find((guide) => guide.lab === lab && guide.language === "en")?.text ?? "";
    expect(blocksOf(text)).toEqual(blocksOf(english));
    if (language === "ko") expect(text.match(/[가-힣]/g)?.length ?? 0).toBeGreaterThan(1000);
  });
});

describe("namesIn", () => {
  it.each([
    ["openstack network create --external --provider-physical-network public net1", ["public", "net1"]],
    ["npm run cloud -- exec -- openstack network show -c name net1", ["net1"]],
    ["ROUTER=qrouter-$(openstack router show -f value -c id router1)", ["router1"]],
    ["openstack server add floating ip web1 $FLOATING_IP", ["floating", "ip", "web1"]],
    ["ssh-keygen -R 10.0.0.1", []],
  ])("finds what %s is about", (command, names) => {
    expect(namesIn(command)).toEqual(names);
  });
});
