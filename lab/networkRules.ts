import { didYouMean } from "./didYouMean.ts";
import { overlap, parseIpv4Block } from "./ipv4.ts";
import type { Lab } from "./labSchema.ts";
import { type Problem, under } from "./problem.ts";
import { resolveRule } from "./securityRules.ts";
import { segmentProblems } from "./segmentChecks.ts";
import type { ProviderNetwork } from "./classSchema.ts";
import { LONGEST_PREFIX, LONGEST_PROVIDER_PREFIX } from "./subnetChecks.ts";
import { labSubnetProblems, studentSubnetProblems } from "./subnetRules.ts";

/** What is wrong with the networks, routers and security groups of a lab. */
export function networkProblems(lab: Lab): Problem[] {
  const { providerNetworks, sharedNetworks } = lab.class;
  const { networks, routers, securityGroups } = lab.student;
  const blocks = networkBlocks(lab);
  return [
    ...Object.entries(providerNetworks).flatMap(([name, network]) =>
      under(`class.providerNetworks.${name}`, providerProblems(network)),
    ),
    ...Object.entries(sharedNetworks).flatMap(([name, network]) =>
      under(`class.sharedNetworks.${name}`, labSubnetProblems(network, LONGEST_PREFIX, true)),
    ),
    ...Object.entries(networks).flatMap(([name, network]) =>
      under(`student.networks.${name}`, [
        ...studentSubnetProblems(network),
        ...segmentProblems({ ...network, networkType: network.type }),
      ]),
    ),
    ...nameTwice(lab),
    ...Object.keys(routers).flatMap((name) => under(`student.routers.${name}`, routerProblems(lab, name))),
    ...Object.entries(securityGroups).flatMap(([name, rules]) =>
      rules.flatMap((rule, index) => {
        const resolved = resolveRule(rule, blocks);
        return Array.isArray(resolved) ? under(`student.securityGroups.${name}.${index}`, resolved) : [];
      }),
    ),
  ];
}

/** CIDR by network name, undefined where it is not known; a network of each student's own stands for all of them. */
export function networkBlocks({
  class: { providerNetworks, sharedNetworks },
  student,
}: Lab): Map<string, string | undefined> {
  return new Map([
    ...Object.entries(providerNetworks).map(([name, { cidr }]) => [name, cidr] as const),
    ...Object.entries(sharedNetworks).map(([name, { cidr }]) => [name, cidr] as const),
    ...Object.entries(student.networks).map(
      ([name, { cidr }]) => [name, typeof cidr === "string" ? cidr : cidr.of] as const,
    ),
  ]);
}

function providerProblems({ existing, ...made }: ProviderNetwork): Problem[] {
  if (existing !== undefined) {
    const [dns, dhcp, shared] = [made.dns[0], made.dhcp || undefined, made.shared || undefined];
    return Object.values({ ...made, dns, dhcp, shared }).every((value) => value === undefined)
      ? []
      : [{ path: "existing", reason: "stands alone: the network is there already, nothing of it is changed" }];
  }
  return [
    ...(made.cidr === undefined
      ? [
          {
            path: "cidr",
            reason: 'is missing; write the network, e.g. "172.24.4.0/24", or `existing:` to use one of the cloud',
          },
        ]
      : labSubnetProblems({ ...made, cidr: made.cidr }, LONGEST_PROVIDER_PREFIX, false)),
    ...segmentProblems({ ...made, networkType: made.type ?? "flat" }),
  ];
}

function nameTwice({ class: { providerNetworks, sharedNetworks }, student }: Lab): Problem[] {
  const shared = [...Object.keys(providerNetworks), ...Object.keys(sharedNetworks)];
  return [
    ...Object.keys(sharedNetworks)
      .filter((name) => Object.hasOwn(providerNetworks, name))
      .map((name) => ({
        path: `class.sharedNetworks.${name}`,
        reason: `"${name}" is a provider network already; use another name`,
      })),
    ...Object.keys(student.networks)
      .filter((name) => shared.includes(name))
      .map((name) => ({
        path: `student.networks.${name}`,
        reason: `"${name}" is a network of the class already; use another name`,
      })),
  ];
}

function routerProblems(lab: Lab, name: string): Problem[] {
  const router = lab.student.routers[name];
  if (router === undefined) return [];
  const { providerNetworks } = lab.class;
  const { networks, routers } = lab.student;
  const providers = Object.keys(providerNetworks);
  const others = Object.entries(routers).filter(([other]) => other < name);
  const interfaces = [...new Set(router.interfaces)];
  const blocks = [
    [router.gateway, providerNetworks[router.gateway]?.cidr] as const,
    ...interfaces.map((each) => [each, networkBlocks(lab).get(each)] as const),
  ];
  return [
    ...(providers.includes(router.gateway)
      ? []
      : [unknown("gateway", router.gateway, "a provider network of this lab", providers)]),
    ...router.interfaces.flatMap((each, index) => {
      const path = `interfaces.${index}`;
      const network = networks[each];
      if (network === undefined) return [unknown(path, each, "a network of the student", Object.keys(networks))];
      const taken = others.find(([, { interfaces }]) => interfaces.includes(each))?.[0];
      return [
        ...(router.interfaces.indexOf(each) < index
          ? [{ path, reason: `"${each}" is in this list already; a network is joined once` }]
          : []),
        ...(network.closed ? [{ path, reason: `"${each}" is closed; take the router away or \`closed\`` }] : []),
        ...(taken === undefined
          ? []
          : [{ path, reason: `"${each}" is joined to the router ${taken} already, which is its gateway` }]),
      ];
    }),
    ...blocks.flatMap(([each, cidr], index) =>
      blocks.slice(0, index).flatMap(([other, otherCidr]) => {
        const [one, two] = [parseIpv4Block(cidr ?? ""), parseIpv4Block(otherCidr ?? "")];
        return one !== undefined && two !== undefined && overlap(one, two)
          ? [
              {
                path: "interfaces",
                reason: `${cidr ?? ""} of "${each}" overlaps ${otherCidr ?? ""} of "${other}"; a router could not tell them apart; change one of the two`,
              },
            ]
          : [];
      }),
    ),
  ];
}

/** The one wording for a name that is not there. */
export function unknown(path: string, name: string, kind: string, known: readonly string[]): Problem {
  const list = known.length === 0 ? "there is none" : known.join(", ");
  const suggestion = didYouMean(name, known);
  return { path, reason: `"${name}" is not ${kind}${suggestion === "" ? ` (${list})` : suggestion}` };
}
