import type { Demand } from "../../lab/demand.ts";
import { idProblems } from "../../lab/identity.ts";
import type { Lab } from "../../lab/labSchema.ts";
import { assignSeats } from "../../lab/seats.ts";
import { objectName, planClass, type StudentPlan } from "../../lab/studentPlan.ts";
import { readLab } from "../../labs/readLab.ts";
import { refuse } from "../../terminal/userError.ts";
import { columns, counted } from "../command-line/table.ts";

/** What `classroom lab plan --json` prints. */
export interface LabPlan {
  file: string;
  course: string;
  students: PlannedStudent[];
  /** Of all students together; memory in MiB, volumes in GiB. */
  demand: Demand;
}

/** One student's part, under the names that it has in OpenStack. */
export interface PlannedStudent {
  id: string;
  seat: number;
  project: string | undefined;
  users: string[];
  keyPair: string;
  networks: { name: string; cidr: string; gateway: string | undefined; pools: string[] }[];
  instances: { name: string; networks: string[]; fixedIp: string | undefined; floatingIpFrom: string | undefined }[];
}

export interface PlanOptions {
  /** Ids, in the order of the roster. */
  students: readonly string[];
  /** Default: the id of the lab. */
  course?: string | undefined;
  step?: string | undefined;
}

/** Who gets what: a lab for these students, as if they were the first of their course. */
export function planLab(nameOrPath: string, { students, course: given, step }: PlanOptions): LabPlan {
  const { file, lab } = readLab(nameOrPath, step);
  const course = given ?? lab.lab;
  const twice = students.filter((id, index) => students.indexOf(id) < index);
  refuse("the plan cannot be made", [
    ...idProblems("--course", course).map(({ path, reason }) => `${path}: ${reason}`),
    ...students.flatMap((id) => idProblems("--students", id)).map(({ path, reason }) => `${path}: ${reason}`),
    ...twice.map((id) => `--students: "${id}" is there twice`),
  ]);
  const seats = assignSeats({}, students);
  const plan = planClass(
    lab,
    course,
    students.map((id) => ({ id, name: id, seat: seats[id] ?? 0 })),
  );
  refuse(
    "the class does not fit",
    plan.problems.map(({ path, reason }) => `${path}: ${reason}`),
  );
  return { file, course, students: plan.students.map((each) => planned(lab, each)), demand: plan.demand };
}

function planned(lab: Lab, plan: StudentPlan): PlannedStudent {
  const { student, project, keyPairName, networks } = plan;
  const nameOf = (network: string) => (Object.hasOwn(networks, network) ? objectName(plan, network) : network);
  return {
    id: student.id,
    seat: student.seat,
    project: project?.name,
    users: Object.keys(project?.users ?? {}),
    keyPair: keyPairName,
    networks: Object.entries(networks).map(([name, { cidr, gateway, pools = [] }]) => ({
      name: objectName(plan, name),
      cidr,
      gateway,
      pools: pools.map(({ start, end }) => `${start}-${end}`),
    })),
    instances: Object.entries(lab.student.instances).map(([name, { network, moreNetworks, fixedIp, floatingIp }]) => ({
      name: objectName(plan, name),
      networks: [network, ...moreNetworks].map(nameOf),
      fixedIp,
      floatingIpFrom: floatingIp,
    })),
  };
}

/** What `classroom lab plan` prints. */
export function labPlanText({ file, course, students, demand }: LabPlan): string {
  const rows = <Row>(rowsOf: (student: PlannedStudent) => Row[]) =>
    students.flatMap((student) => rowsOf(student).map((row) => ({ ...row, id: student.id })));
  const networks = rows((student) => student.networks);
  const instances = rows((student) => student.instances);
  return [
    `${file} for ${counted(students.length, "student")}, as course ${course}`,
    columns(
      ["student", "seat", "project", "users", "key pair"],
      students.map(({ id, seat, project, users, keyPair }) => [
        id,
        String(seat),
        project ?? "yours",
        users.join(" ") || "you",
        keyPair,
      ]),
      [1],
    ),
    columns(
      ["student", "network", "addresses", "gateway", "given out"],
      networks.map(({ id, name, cidr, gateway, pools }) => [
        id,
        name,
        cidr,
        gateway ?? "the first",
        pools.join(" ") || "all others",
      ]),
    ),
    columns(
      ["student", "instance", "on", "fixed IP", "floating IP from"],
      instances.map(({ id, name, networks: on, fixedIp, floatingIpFrom }) => [
        id,
        name,
        on.join(" "),
        fixedIp ?? "the cloud's choice",
        floatingIpFrom ?? "–",
      ]),
    ),
    demandText(demand, students.length),
  ].join("\n\n");
}

const UNITS: Partial<Record<string, string>> = {
  ramMiB: "memory in MiB",
  volumeGiB: "volumes in GiB",
  cores: "virtual CPUs",
};

function demandText(demand: Demand, students: number): string {
  return columns(
    ["takes", "each", "all"],
    Object.entries(demand)
      .filter(([, all]) => all > 0)
      .map(([key, all]) => [
        UNITS[key] ?? key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/ ips$/, " IPs"),
        String(all / students),
        String(all),
      ]),
    [1, 2],
  );
}
