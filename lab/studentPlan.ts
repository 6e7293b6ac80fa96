import { type Demand, type FlavorSize, studentDemand, times } from "./demand.ts";
import { ownerTags } from "./identity.ts";
import { type AllocationPool, formatIpv4, parseIpv4Block, parsePools } from "./ipv4.ts";
import type { Lab } from "./labSchema.ts";
import { networkBlocks } from "./networkRules.ts";
import type { Problem } from "./problem.ts";
import { type ResolvedRule, resolveRule } from "./securityRules.ts";
import { sizeInLab } from "./quotaRules.ts";
import type { StudentNetwork } from "./studentSchema.ts";

/** One student as the roster has them. */
export interface Student {
  /** The key for ever. */
  id: string;
  /** A label: shown on pages, never part of a name. */
  name: string;
  /** From `assignSeats`. */
  seat: number;
}

/** "solo": one stack with one student, whose project and users have the very names of the lab. "class": theirs carry course and student. */
export type PlanKind = "solo" | "class";

export interface PlannedNetwork extends Omit<StudentNetwork, "cidr" | "pools"> {
  cidr: string;
  pools: AllocationPool[] | undefined;
}

export interface PlannedProject {
  name: string;
  description: string;
  /** By user name; the first one makes what is the student's own. */
  users: Record<string, { roles: string[] }>;
}

/** What one student gets, with every name, address and rule settled. */
export interface StudentPlan {
  student: Student;
  /** Begins every Pulumi name: `<course>-<student>`. */
  prefix: string;
  tags: string[];
  /** undefined where all students share the teacher's project. */
  project: PlannedProject | undefined;
  keyPairName: string;
  networks: Record<string, PlannedNetwork>;
  securityGroups: Record<string, ResolvedRule[]>;
}

/** Name in OpenStack of one of the student's things: as the lab has it in a project of their own, told apart where they share one. */
export function objectName({ prefix, project }: StudentPlan, role: string): string {
  return project === undefined ? `${prefix}-${role}` : role;
}

export function planStudent(lab: Lab, course: string, student: Student, kind: PlanKind): StudentPlan {
  const prefix = `${course}-${student.id}`;
  const { project, networks, securityGroups, keyPair } = lab.student;
  const planned = mapValues(networks, (network) => planNetwork(network, student.seat));
  const blocks = new Map([
    ...networkBlocks(lab),
    ...Object.entries(planned).map(([name, { cidr }]) => [name, cidr] as const),
  ]);
  const unique = (name: string) => (kind === "solo" ? name : `${name}-${prefix}`);
  const projectName = project?.name === undefined ? prefix : unique(project.name);
  const users = project?.users ?? { [project?.name ?? prefix]: { roles: ["member"] } };
  return {
    student,
    prefix,
    tags: ownerTags({ course, student: student.id }),
    project:
      project === undefined
        ? undefined
        : {
            name: projectName,
            description: project.description,
            users: Object.fromEntries(
              Object.entries(users).map(([name, entry]) => [name === prefix ? name : unique(name), entry]),
            ),
          },
    keyPairName: keyPair === undefined ? `${prefix}-key` : project === undefined ? `${prefix}-${keyPair}` : keyPair,
    networks: planned,
    securityGroups: mapValues(securityGroups, (rules) =>
      rules.flatMap((rule) => {
        const resolved = resolveRule(rule, blocks);
        return Array.isArray(resolved) ? [] : [resolved];
      }),
    ),
  };
}

function planNetwork({ cidr, pools, ...network }: StudentNetwork, seat: number): PlannedNetwork {
  return {
    ...network,
    cidr: typeof cidr === "string" ? cidr : partOf(cidr, seat),
    pools: pools === undefined ? undefined : parsePools(pools),
  };
}

/** The seat's own part of a larger network. */
function partOf({ of, each }: { of: string; each: number }, seat: number): string {
  const first = parseIpv4Block(of)?.first ?? 0;
  return `${formatIpv4(first + seat * 2 ** (32 - each))}/${each}`;
}

/** Seats that no longer have a part of the large network. */
export function seatProblems(lab: Lab, students: readonly Student[]): Problem[] {
  return Object.entries(lab.student.networks).flatMap(([name, { cidr }]) => {
    if (typeof cidr === "string") return [];
    const parts = 2 ** (cidr.each - (parseIpv4Block(cidr.of)?.prefix ?? cidr.each));
    return students
      .filter(({ seat }) => seat >= parts)
      .map(({ id }) => ({
        path: `student.networks.${name}.cidr`,
        reason: `${cidr.of} has ${parts} parts of /${cidr.each}, and none is left for ${id}; use a larger network`,
      }));
  });
}

/** Ids may have dashes: in the course `c` the user `u` of the student `c-x` and the user `u-c` of `x` would both be `u-c-c-x`, and Keystone takes a name once. */
function sameNameProblems(plans: readonly StudentPlan[]): Problem[] {
  const owners = new Map<string, string>();
  return plans.flatMap(({ student, project }) =>
    Object.keys(project?.users ?? {}).flatMap((user) => {
      const other = owners.get(user) ?? student.id;
      owners.set(user, student.id);
      return other === student.id
        ? []
        : [
            {
              path: "student.project.users",
              reason: `"${user}" would be a user of ${other} and of ${student.id}; rename a user of the lab or change one id`,
            },
          ];
    }),
  );
}

export interface ClassPlan {
  students: StudentPlan[];
  /** Of all students together. */
  demand: Demand;
  problems: Problem[];
}

/** A lab for a whole class. */
export function planClass(
  lab: Lab,
  course: string,
  students: readonly Student[],
  sizeOf: (flavor: string) => FlavorSize | undefined = sizeInLab(lab),
): ClassPlan {
  const plans = students.map((student) => planStudent(lab, course, student, "class"));
  return {
    students: plans,
    demand: times(studentDemand(lab, sizeOf), students.length),
    problems: [...seatProblems(lab, students), ...sameNameProblems(plans)],
  };
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
