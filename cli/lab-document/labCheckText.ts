import type { Lab } from "../../lab/labSchema.ts";
import { placedText } from "../../lab/parseLab.ts";
import { counted } from "../command-line/table.ts";
import type { Finding, LabCheck } from "./labCheck.ts";

/** What `classroom lab check` prints. */
export function labCheckText(check: LabCheck, lab: Lab | undefined, where: string): string {
  const { file, problems, warnings } = check;
  const findings = [
    ...problems.map((each) => findingText(file, each)),
    ...warnings.map((each) => findingText(file, { ...each, reason: `${each.reason} (warning)` })),
  ];
  if (check.lab === undefined || lab === undefined || problems.length > 0)
    return [...findings, `${counted(problems.length, "problem")}, nothing was touched`].join("\n");
  const verdict = `${file} is right${where}${warnings.length > 0 ? `, with ${counted(warnings.length, "warning")}` : ""}`;
  return [...findings, verdict, "", summaryText(check.lab, lab)].join("\n");
}

function findingText(file: string, { step, ...problem }: Finding): string {
  return `${placedText(file, [problem])}${step === undefined ? "" : ` [step ${step}]`}`;
}

function summaryText(summary: NonNullable<LabCheck["lab"]>, lab: Lab): string {
  const { services, steps, demand, unknownFlavors } = summary;
  const size = [
    counted(demand.instances, "instance"),
    ...(demand.cores > 0 ? [counted(demand.cores, "virtual CPU"), `${demand.ramMiB} MiB of memory`] : []),
    counted(demand.floatingIps, "floating IP"),
    ...(demand.volumes > 0 ? [`${counted(demand.volumes, "volume")} with ${demand.volumeGiB} GiB`] : []),
  ].join(", ");
  const open = unknownFlavors.length > 0 ? `; ${unknownFlavors.join(", ")}: as large as the cloud has it` : "";
  const rows: readonly (readonly [string, string])[] = [
    ["class", classText(lab)],
    ["student", studentText(lab)],
    ["takes", `${size} for each student${open}`],
    [
      "needs",
      services.length === 0
        ? "nothing beyond the core of OpenStack"
        : services.map(({ service, because }) => `${service} (${because})`).join(", "),
    ],
    ["steps", steps.join(" → ") || "none"],
  ];
  return [`${summary.id}: ${summary.title}`, ...rows.map(([name, text]) => `  ${name.padEnd(8)} ${text}`)].join("\n");
}

function classText({ class: part }: Lab): string {
  const { providerNetworks, sharedNetworks, flavors, images, hostAggregates, projects, groups, packstackHost } = part;
  return listed([
    named(providerNetworks, "provider network"),
    named(sharedNetworks, "shared network"),
    named(flavors, "flavor"),
    named(images, "image"),
    named(hostAggregates, "host aggregate"),
    named(projects, "project"),
    named(groups, "group"),
    packstackHost === undefined ? "" : "network files of a Packstack host",
  ]);
}

function studentText({ student }: Lab): string {
  return listed([
    student.project === undefined ? "" : "a project of their own",
    named(student.networks, "network"),
    named(student.routers, "router"),
    named(student.securityGroups, "security group"),
    named(student.instances, "instance"),
    named(student.volumes, "volume"),
    named(student.snapshots, "snapshot"),
    named(student.containers, "object container"),
    named(student.loadBalancers, "load balancer"),
    named(student.vpns, "VPN"),
    named(student.firewalls, "firewall"),
  ]);
}

function named(entries: Record<string, unknown>, one: string): string {
  const names = Object.keys(entries);
  if (names.length === 0) return "";
  return names.length === 1 ? `${one} ${names.join("")}` : `${one}s ${names.join(" ")}`;
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ") || "nothing";
}
