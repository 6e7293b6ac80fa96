import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLab } from "../../lab/parseLab.ts";
import { LAB, labOf, labWith, told } from "./aLab.ts";

describe("YAML that cannot be read", () => {
  it.each([
    ["nothing", "", 'lab.yaml:1:1 is empty; a lab begins with "lab: <id>"'],
    ["a comment alone", "# lab\n", 'lab.yaml:1:1 is empty; a lab begins with "lab: <id>"'],
    ["a list", "- a\n- b\n", 'lab.yaml:1:1 is not a mapping; a lab begins with "lab: <id>"'],
    ["a word", "packstack", 'lab.yaml:1:1 is not a mapping; a lab begins with "lab: <id>"'],
    ["a tab", "lab: a\nstudent:\n\tnetworks: {}\n", "lab.yaml:3:1 Tabs are not allowed as indentation"],
    ["a key twice", "lab: a\ntitle: t\nlab: b\n", "lab.yaml:3:1 the key lab is here a second time; keep one of them"],
    ["two documents", "lab: a\n---\nlab: b\n", "lab.yaml:2:1 a second document begins here; a lab is one"],
    ["an unknown tag", "lab: !name a\n", "lab.yaml:1:6 Unresolved tag: !name"],
    ["an alias of nothing", "lab: a\ntitle: *t\n", "lab.yaml:2:8 *t stands for nothing; &t must come before it"],
    ["an alias of what is around it", "lab: &a\n  x: *a\n", "lab.yaml:2:6 *a stands inside of what it stands for"],
    [
      "an endless list",
      `lab: a\nx: ${"[".repeat(1000)}${"]".repeat(1000)}\n`,
      expect.stringMatching(/^lab\.yaml:2:\d+ is nested too deeply$/),
    ],
    ["a billion laughs", laughs(), "lab.yaml:1:1 its aliases unfold to too much"],
  ])("is told with its place: %s", (_what, text, line) => {
    expect(told(text).problems[0]).toEqual(line);
  });

  it("is told a few times at most: what follows a mistake often looks wrong too", () => {
    expect(told(`lab: ${"[{".repeat(40)}`).problems.length).toBeLessThanOrEqual(5);
  });

  it("keeps nobody waiting", () => {
    const networks = Array.from({ length: 2000 }, (_, index) => `    n${index}: { cidr: 10.0.${index % 256}.0/24 }\n`);
    const text = labWith("    private:\n", `${networks.join("")}    private:\n`);
    const start = performance.now();
    expect(told(text).problems).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe("YAML that is meant as it is written", () => {
  it("may have names that look like something else", () => {
    const lab = labOf(
      labWith(
        "    private:\n",
        "    on: { cidr: 10.0.1.0/24 }\n    yes: { cidr: 10.0.2.0/24 }\n    1: { cidr: 10.0.3.0/24 }\n    true: { cidr: 10.0.4.0/24 }\n    2020-01-01: { cidr: 10.0.5.0/24 }\n    private:\n",
      ),
    );
    expect(Object.keys(lab.student.networks).sort()).toEqual(
      ["1", "2020-01-01", "on", "other", "private", "true", "yes"].sort(),
    );
  });

  it("says what a name may look like", () => {
    const rule = "must begin with a letter or digit and have at most 40 letters, digits, dots, dashes and underscores";
    expect(
      told(
        labWith(
          "    private:\n",
          '    "a b": { cidr: 10.0.1.0/24 }\n    "": { cidr: 10.0.2.0/24 }\n    ? [x]\n    : { cidr: 10.0.3.0/24 }\n    private:\n',
        ),
      ).problems,
    ).toEqual([
      `lab.yaml:17:3 student.networks.[ x ]: "[ x ]" ${rule}`,
      `lab.yaml:18:5 student.networks.a b: "a b" ${rule}`,
      `lab.yaml:19:5 student.networks.: "" ${rule}`,
    ]);
  });

  it("may use anchors, aliases and merge keys, and mistakes are told where they are written", () => {
    const shared = (cidr: string) =>
      labWith(
        "    other:\n      cidr: 192.168.101.0/24\n",
        `    template: &usual\n      cidr: ${cidr}\n      dhcp: false\n    same: *usual\n    other:\n      <<: *usual\n      dns: [9.9.9.9]\n`,
      );
    const { networks } = labOf(shared("10.9.0.0/24")).student;
    expect(networks["same"]).toEqual(networks["template"]);
    expect(networks["other"]).toMatchObject({ cidr: "10.9.0.0/24", dhcp: false, dns: ["9.9.9.9"] });
    expect(told(shared("10.9.0.1/24")).problems.map((line) => line.split(": ")[0])).toEqual([
      "lab.yaml:22:7 student.networks.template.cidr",
      "lab.yaml:22:7 student.networks.same.cidr",
      "lab.yaml:22:7 student.networks.other.cidr",
    ]);
  });

  it("finds names with dots in them", () => {
    expect(told(labWith("    tiny: {", "    m1.a.b: { existing: m1.tiny,")).problems).toEqual([
      "lab.yaml:12:34 class.flavors.m1.a.b.vcpus: cannot be set: the flavor exists already and is only used",
      "lab.yaml:12:44 class.flavors.m1.a.b.ramMiB: cannot be set: the flavor exists already and is only used",
      "lab.yaml:12:57 class.flavors.m1.a.b.diskGiB: cannot be set: the flavor exists already and is only used",
    ]);
  });

  it.each([
    ["a byte order mark", `\uFEFF${LAB}`],
    ["line ends of Windows", LAB.replaceAll("\n", "\r\n")],
    ["no line end at the end", LAB.trimEnd()],
  ])("may have %s", (_what, text) => {
    expect(labOf(text)).toEqual(labOf(LAB));
  });
});

describe("any text at all", () => {
  const word = fc.constantFrom(
    ...[
      "lab",
      "title",
      "class",
      "student",
      "networks",
      "cidr",
      "10.0.0.0/8",
      "steps",
      "name",
      "does",
      "instances",
      "x",
    ],
    ...[
      "- ",
      ": ",
      "\n",
      "\n  ",
      "\n    ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "<<: *a",
      '"',
      "'",
      "null",
      "5",
      "#",
      "!t ",
    ],
    ...["__proto__", "constructor", "securityGroups", "ssh", "allow", "vpns", "between", "quotas", "\t", "|", "? "],
  );
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 60 }).map((words) => words.join("")),
    // The lab with a piece cut out, and another in its place.
    fc
      .tuple(fc.nat({ max: LAB.length }), fc.nat({ max: 40 }), fc.array(word, { maxLength: 4 }))
      .map(([at, length, words]) => LAB.slice(0, at) + words.join("") + LAB.slice(at + length)),
  );

  it("is read or refused, never thrown at, and every problem has a place inside of the file and a reason", () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(undefined, "more", "less", "x"), (text, step) => {
        const parsed = parseLab(text, step);
        const lines = text.split(/\n/);
        if (!parsed.ok) expect(parsed.problems).not.toEqual([]);
        for (const { line, column, reason } of [...(parsed.ok ? [] : parsed.problems), ...parsed.warnings]) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
          expect(reason).toMatch(/\S/);
          // The validator's own wording.
          expect(reason).not.toMatch(/Invalid (input|option|key)|undefined|NaN|\[object/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** https://en.wikipedia.org/wiki/Billion_laughs_attack */
function laughs(): string {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  const tenTimes = (inner: string) => Array.from({ length: 10 }, () => inner).join(", ");
  return names
    .map((name, index) => `${name}: &${name} [${tenTimes(`*${names[index - 1] ?? ""}`)}]\n`)
    .join("")
    .replace(/\*(?=[,\]])/g, "ha");
}
