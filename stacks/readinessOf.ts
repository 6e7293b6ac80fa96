import type { ReadinessArgs } from "../components/readiness.ts";
import { firewallRules } from "../lab/firewallRules.ts";
import type { Lab } from "../lab/labSchema.ts";
import type { StudentPlan } from "../lab/studentPlan.ts";

/** How the stack waits for its instances; undefined when it does not. */
export type Readiness = ReadinessArgs | undefined;

/** What is to answer: a TCP port behind security groups on a network. */
interface Door {
  port: number;
  network: string;
  /** @default every security group of the lab */
  securityGroups?: readonly string[] | undefined;
}

/** Waiting only makes sense for what can answer: security groups and firewalls must let in what is asked for. */
export function readinessOf(
  door: Door,
  lab: Lab,
  plan: StudentPlan,
  readiness: Readiness,
): { readiness?: ReadinessArgs } {
  return readiness !== undefined && groupsLetIn(door, plan) && firewallsLetIn(door, lab) ? { readiness } : {};
}

function groupsLetIn({ port, securityGroups }: Door, plan: StudentPlan): boolean {
  return (securityGroups ?? Object.keys(plan.securityGroups))
    .flatMap((group) => plan.securityGroups[group] ?? [])
    .some((rule) => rule.protocol === "tcp" && covers(rule.port, rule.lastPort, port));
}

/** The first rule that matches decides. One that only lets some in may keep us out. */
function firewallsLetIn({ port, network }: Door, { student: { firewalls, routers } }: Lab): boolean {
  return Object.values(firewalls)
    .filter(({ router }) => routers[router]?.interfaces.includes(network) === true)
    .every(({ ingress }) => {
      const decides = Object.values(firewallRules(ingress)).find(
        ({ protocol, destinationPort, lastDestinationPort }) =>
          (protocol === "tcp" || protocol === "any") && covers(destinationPort, lastDestinationPort, port),
      );
      return decides?.action === "allow" && decides.sourceIp === undefined;
    });
}

function covers(first: number | undefined, last: number | undefined, port: number): boolean {
  return first === undefined || (first <= port && port <= (last ?? first));
}
