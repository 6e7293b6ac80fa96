import { stringify } from "yaml";
import type { Lab } from "../../lab/labSchema.ts";
import type { RosterColumn } from "../../course/rosterColumns.ts";

/** The entry of clouds.yaml that the local cloud writes for itself. */
const LOCAL_CLOUD = "local";
/** Floating IPs of the local cloud live in its network namespace. */
const LOCAL_REACH = "ip netns exec classroom";

/** What a course document is made of. */
export interface CourseTemplate {
  courseId: string;
  /** As it is written there: a ready lab's name, or a path from the document on. */
  lab: string;
  labDocument: Lab;
  /** Entry of clouds.yaml; undefined is the cloud of the OS_* variables. */
  cloud?: string | undefined;
  /** Path of course.schema.json from the document on, for editors; undefined where there is no lasting one. */
  schema?: string | undefined;
}

/** A course document with a comment for every key that a teacher may want. */
export function courseText({ courseId, lab, labDocument, cloud, schema }: CourseTemplate): string {
  const local = cloud === LOCAL_CLOUD;
  const line = (key: string, value: string) => stringify({ [key]: value }, { lineWidth: 0 }).trimEnd();
  const steps = labDocument.steps.map(({ name }) => name);
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    "# One teaching of a lab. `classroom check` says whether it fits the cloud, `classroom up` makes it.",
    "",
    "# Part of every name, so it stays as it is once the class is up.",
    line("course", courseId),
    "",
    `# ${labDocument.title.replaceAll(/\s+/g, " ")}`,
    line("lab", lab),
    ...(steps.length === 0
      ? []
      : ["# Where the class is in the exercise; without it, at the beginning.", `# step: ${steps.join(" | ")}`]),
    "",
    "# Entry of clouds.yaml. Credentials never stand in this file.",
    cloud === undefined ? "# cloud: <entry of clouds.yaml>" : line("cloud", cloud),
    "",
    "# The students; `id` is the key for ever, everything else may change.",
    line("roster", "roster.csv"),
    "",
    ...(local
      ? ["# Floating IPs of the local cloud live in its network namespace.", line("reachCommand", LOCAL_REACH)]
      : changesComment(labDocument)),
    "",
  ].join("\n");
}

/** Whose addresses a rule lets in, until the teacher writes the range that is meant. */
const EXAMPLE_RANGE = "10.0.0.0/8";

/** Elsewhere the ways out have other names: what to write when the cloud has one, so that the whole lab fits it. */
function changesComment(lab: Lab): string[] {
  const { providerNetworks, packstackHost } = lab.class;
  const made = Object.entries(providerNetworks).filter(([, { existing }]) => existing === undefined);
  if (made.length === 0) return [];
  const names = made.map(([name]) => name);
  const groups = Object.entries(lab.student.securityGroups).flatMap(([name, rules]) => {
    const ranged = rules.map((rule) =>
      typeof rule === "object" && names.includes(rule.from ?? "") ? { ...rule, from: EXAMPLE_RANGE } : rule,
    );
    return ranged.some((rule, index) => rule !== rules[index]) ? [[name, ranged] as const] : [];
  });
  const changes = {
    class: {
      providerNetworks: Object.fromEntries(
        made.map(([name, network]) => [name, { existing: "the cloud's network", ...withoutSettings(network) }]),
      ),
      ...(packstackHost === undefined ? {} : { packstackHost: null }),
    },
    ...(groups.length === 0 ? {} : { student: { securityGroups: Object.fromEntries(groups) } }),
  };
  return [
    "# The lab makes its provider network itself, as an administrator. Where the cloud has one already, name it, and write address",
    "# ranges into rules that named it:",
    ...stringify({ changes }, { lineWidth: 0 })
      .trimEnd()
      .split("\n")
      .map((each) => `# ${each}`),
  ];
}

/** null for everything that the lab says of a network; what it leaves out, and true or false, needs none. */
function withoutSettings(network: object): Record<string, null> {
  const said = Object.entries(network).filter(([, value]) => typeof value !== "boolean");
  const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
  return Object.fromEntries(said.flatMap(([key, value]) => (isEmpty(value) ? [] : [[key, null] as const])));
}

/** Students in a sample roster, unless another number is asked for. */
export const SAMPLE_STUDENTS = 5;

const SAMPLE = ["Kim Minji", "Lee Seojun", "Park Jiwoo", "Choi Yuna", "Jung Hajun"];
const HEADER: RosterColumn[] = ["id", "name", "email", "ssh_public_key", "group"];

/** A roster of so many students, to be replaced by the real ones. */
export function sampleRoster(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const name = SAMPLE[index] ?? `Student ${index + 1}`;
    const id = index < SAMPLE.length ? (name.toLowerCase().split(" ")[0] ?? "") : `student${index + 1}`;
    return [id, name, `${id}@example.com`, "", index * 2 < count ? "monday" : "tuesday"];
  });
  return [HEADER, ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}
