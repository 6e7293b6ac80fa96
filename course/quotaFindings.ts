import { DEFAULT_GROUP, type Demand } from "../lab/demand.ts";
import type { CloudView, KnownStack } from "./cloudView.ts";
import { type CommandWords, command, type Finding } from "./finding.ts";
import { cloudResources } from "./knownResources.ts";
import { FLOATING_IP, INSTANCE, NETWORK, PROJECT, ROUTER, SECURITY_GROUP, SUBNET, VOLUME } from "./resourceTypes.ts";

/** Limits of a project, by the names that demands have; -1 is unlimited. */
export type ProjectQuotas = { readonly [key in keyof Demand]?: { readonly limit: number; readonly used: number } };

/** What is counted, which resources count as it, and how the openstack client sets it. */
const COUNTED = {
  instances: { type: INSTANCE, option: "--instances" },
  networks: { type: NETWORK, option: "--networks" },
  subnets: { type: SUBNET, option: "--subnets" },
  routers: { type: ROUTER, option: "--routers" },
  floatingIps: { type: FLOATING_IP, option: "--floating-ips" },
  securityGroups: { type: SECURITY_GROUP, option: "--secgroups" },
  volumes: { type: VOLUME, option: "--volumes" },
} as const;
type Counted = keyof typeof COUNTED;
/** Follow from the instances. */
const SIZES = { cores: "--cores", ramMiB: "--ram" } as const;

export interface QuotaFacts extends CommandWords {
  student: string;
  stack: KnownStack;
  cloud: CloudView;
  quotas: ProjectQuotas;
  /** What one student's part of the lab takes. */
  demand: Demand;
  /** What the lab itself sets; an update sets it again. */
  ofLab: Readonly<Record<string, unknown>>;
}

/** A student's project that has no room for what the lab gives: for what is still to be made, or to be made again. */
export function quotaFindings(facts: QuotaFacts): Finding[] {
  const { stack, student, quotas, ofLab } = facts;
  const project = stack.resources.find(({ type }) => type === PROJECT)?.id;
  const short = shortages(facts).flatMap(({ name, option, missing }) => {
    const quota = quotas[name];
    if (quota === undefined || quota.limit < 0 || quota.used + missing <= quota.limit) return [];
    return [{ name, option, missing, ...quota, needed: quota.used + missing }];
  });
  if (short.length === 0 || project === undefined) return [];
  const byLab = short.every(({ name }) => ofLab[name] !== undefined);
  return [
    {
      ...{ rule: "quota", who: student, what: "the project's quota has no room for what the lab gives" },
      evidence: short
        .map(({ name, limit, used, missing }) => `${name}: ${used} of ${limit} used, ${missing} still to be made`)
        .join("; "),
      mend: byLab
        ? command(facts, `up --students ${student}`)
        : `${facts.client} quota set ${short.map(({ option, needed }) => `${option} ${needed}`).join(" ")} ${project}`,
    },
  ];
}

function shortages({ stack, cloud, demand, student }: QuotaFacts) {
  const there = cloudResources(stack).filter(({ type, id }) => cloud.has(type, id, student) !== false);
  const missingOf = (name: Counted) => {
    // Neutron makes every project a group of its own.
    const wanted = demand[name] - (name === "securityGroups" ? DEFAULT_GROUP.securityGroups : 0);
    return Math.max(0, wanted - there.filter(({ type }) => type === COUNTED[name].type).length);
  };
  const instances = missingOf("instances");
  const part = demand.instances === 0 ? 0 : instances / demand.instances;
  const counted: Counted[] = [
    "instances",
    "networks",
    "subnets",
    "routers",
    "floatingIps",
    "securityGroups",
    "volumes",
  ];
  const sizes = ["cores", "ramMiB"] as const;
  return [
    ...counted.map((name) => ({ name, option: COUNTED[name].option, missing: missingOf(name) })),
    ...sizes.map((name) => ({ name, option: SIZES[name], missing: Math.ceil(demand[name] * part) })),
  ];
}
