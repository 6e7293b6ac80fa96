import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { courseReference } from "../../cli/commands/courseReference.ts";
import { courseJsonSchema } from "../../course/courseSchema.ts";
import { parseCourse } from "../../course/parseCourse.ts";
import { placedText } from "../../lab/parseLab.ts";
import { readLab } from "../../labs/readLab.ts";

const root = new URL("../../", import.meta.url);
const COURSE = "course: net101\nlab: packstack\n";

const told = (text: string) => {
  const parsed = parseCourse(text);
  return parsed.ok ? [] : placedText("course.yaml", parsed.problems).split("\n");
};

describe("a course document", () => {
  it("needs an id and a lab, and has defaults for the rest", () => {
    expect(parseCourse(COURSE)).toEqual({
      ok: true,
      course: {
        course: "net101",
        lab: "packstack",
        step: "",
        changes: {},
        roster: "roster.csv",
        reachCommand: "",
        waitUntilReady: true,
        readinessTimeoutSeconds: 600,
      },
    });
  });

  it.each(["file:///srv/state", "s3://bucket/net101?region=kr", "azblob://c", "gs://b", "https://api.pulumi.com"])(
    "keeps its state in %s",
    (state) => {
      expect(parseCourse(`${COURSE}state: "${state}"`)).toMatchObject({ ok: true, course: { state } });
    },
  );

  it("may name the user of a database, whose password is elsewhere", () => {
    expect(told(`${COURSE}state: postgres://kim@db.example:5432/state?sslmode=require`)).toEqual([]);
  });

  it("may change what a lab has, and take it away", () => {
    const changes = "{ class: { providerNetworks: { any: { existing: x, cidr: null } } }, student: { project: null } }";
    expect(told(`${COURSE}changes: ${changes}`)).toEqual([]);
  });

  it("is told everything that is wrong at once, each with its place", () => {
    const text = `course: Net
labb: packstack
state: psql://x
changes:
  clas: {}
  student: { instances: { web1: { imag: x } } }
tenancy: projct
readinessTimeoutSeconds: 0
`;
    expect(told(text)).toEqual([
      expect.stringMatching(/^course\.yaml:1:1 lab: is missing; it must be a string$/),
      expect.stringMatching(/^course\.yaml:1:1 course: "Net" cannot be part of a host name/),
      expect.stringMatching(/^course\.yaml:2:1 labb: is not a key here; did you mean "lab"\?/),
      'course.yaml:3:1 state: "psql://x" is not a place where Pulumi keeps state; begin it with file://, s3://, azblob://, gs://, postgres://, https://',
      'course.yaml:5:3 changes.clas: is not a key here; did you mean "class"? (there are lab, title, description, class, student)',
      expect.stringMatching(/^course\.yaml:6:35 changes\.student\.instances\.web1\.imag: .* did you mean "image"\?/),
      'course.yaml:7:1 tenancy: "projct" is none of project, shared; did you mean "project"?',
      "course.yaml:8:1 readinessTimeoutSeconds: must be at least 1, not 0",
    ]);
  });

  it.each([
    ["", 'course.yaml:1:1 is empty; a course begins with "course: <id>"'],
    ["- kim", 'course.yaml:1:1 is not a mapping; a course begins with "course: <id>"'],
    [`${COURSE}---\nx: y`, "course.yaml:3:1 a second document begins here; a course is one"],
    [`${COURSE}lab: other`, "course.yaml:3:1 the key lab is here a second time; keep one of them"],
    ["course: 2026\nlab: packstack", "course.yaml:1:1 course: must be a string, not 2026; put it in quotes"],
    [`${COURSE}roster: " "`, 'course.yaml:3:1 roster: " " is empty; write a path, or leave the key out'],
    [
      `${COURSE}cloud: my cloud`,
      'course.yaml:3:1 cloud: "my cloud" must be the name of an entry of clouds.yaml, without spaces',
    ],
    [`${COURSE}steps: []`, expect.stringContaining('course.yaml:3:1 steps: is not a key here; did you mean "step"?')],
  ])("%j is refused", (text, problem) => {
    expect(told(text)).toEqual([problem]);
  });

  it.each(["postgres://kim:hunter2@db/state", "postgres://db/state?user=kim&password=hunter2"])(
    "has no password in it: %s",
    (state) => {
      expect(told(`${COURSE}state: ${state}`)).toEqual([
        "course.yaml:3:1 state: has a password in it, and a course document is no place for one; leave it out and set PGPASSWORD instead",
      ]);
    },
  );

  it("never throws, and is never taken with an id that names cannot have", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.object({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const parsed = parseCourse(text);
          expect(parsed.ok || parsed.problems.length > 0).toBe(true);
        },
      ),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (id) => {
        const parsed = parseCourse(`lab: packstack\ncourse: ${JSON.stringify(id)}`);
        expect(parsed.ok).toBe(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(id));
      }),
    );
  });
});

describe("the JSON Schema of course documents", () => {
  it("is the one in course/course.schema.json", () => {
    const committed: unknown = JSON.parse(readFileSync(new URL("course/course.schema.json", root), "utf8"));
    expect(
      courseJsonSchema(),
      "renew it: npm run --silent classroom course schema > course/course.schema.json && npx prettier --write course/course.schema.json",
    ).toEqual(committed);
  });

  it("underlines what is wrong, in the changes too", () => {
    const ajv = new Ajv2020({
      allErrors: true,
      strictTypes: false,
      formats: { uri: (text: string) => URL.canParse(text) },
    });
    const validate = ajv.compile(courseJsonSchema());
    const underlined = (text: string) => {
      validate(parse(text));
      return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
    };
    expect(underlined(`${COURSE}changes: { student: { project: null } }`)).toEqual([]);
    expect(underlined(`${COURSE}changes: { studnt: {} }\nreadinessTimeoutSeconds: 0`)).toEqual([
      "/changes additionalProperties",
      "/readinessTimeoutSeconds minimum",
    ]);
  });
});

describe("docs/course.md", () => {
  const text = readFileSync(new URL("docs/course.md", root), "utf8");

  it("has every key as the schema has it", () => {
    const [, keys = ""] = /<!-- keys: .* -->\n([\s\S]*)<!-- end of keys -->/.exec(text) ?? [];
    expect(keys.trim(), "renew it: npm run --silent classroom -- course reference").toBe(courseReference());
  });

  it("shows a course that is right, with changes that fit its lab", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    const parsed = parseCourse(example);
    if (!parsed.ok) throw new Error(placedText("docs/course.md", parsed.problems));
    const { lab, changes } = parsed.course;
    expect(readLab(lab, "", changes).lab.class.providerNetworks["ext1"]).toMatchObject({ existing: "campus-net" });
  });
});
