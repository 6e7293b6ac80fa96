import { blockProblems, hostProblems, overlap, parseIpv4Address, parseIpv4Block } from "./ipv4.ts";
import { reachProblems } from "./instanceRules.ts";
import type { Lab } from "./labSchema.ts";
import { networkBlocks, unknown } from "./networkRules.ts";
import { type Problem, under } from "./problem.ts";
import { parsePorts } from "./securityRules.ts";
import type { FirewallRuleEntry, LoadBalancerEntry } from "./serviceSchemas.ts";
import { volumeSizeProblems } from "./volumeSize.ts";

/** What is wrong with volumes, snapshots, object containers, load balancers, VPNs and firewalls. */
export function serviceProblems(lab: Lab): Problem[] {
  const { containers, loadBalancers, vpns, firewalls } = lab.student;
  return [
    ...storageProblems(lab),
    ...Object.entries(containers).flatMap(([name, { objects }]) =>
      Object.entries(objects).flatMap(([object, { text, file }]) =>
        (text === undefined) === (file === undefined)
          ? [
              {
                path: `student.containers.${name}.objects.${object}`,
                reason: "say either `text:` or `file:`, what it holds",
              },
            ]
          : [],
      ),
    ),
    ...Object.entries(loadBalancers).flatMap(([name, entry]) =>
      under(`student.loadBalancers.${name}`, loadBalancerProblems(lab, entry)),
    ),
    ...Object.entries(vpns).flatMap(([name, { between }]) => under(`student.vpns.${name}`, vpnProblems(lab, between))),
    ...Object.entries(firewalls).flatMap(([name, { router, ingress, egress }]) =>
      under(`student.firewalls.${name}`, [
        // Its name in the student's own project is the lab's, and Neutron makes a group of this name there by itself.
        ...(name === "default" && lab.student.project !== undefined
          ? [{ path: "", reason: '"default" is the name of Neutron\'s own firewall group; choose another' }]
          : []),
        ...(Object.hasOwn(lab.student.routers, router)
          ? []
          : [unknown("router", router, "a router of this lab", Object.keys(lab.student.routers))]),
        ...ingress.flatMap((rule, index) => under(`ingress.${index}`, firewallRuleProblems(rule))),
        ...egress.flatMap((rule, index) => under(`egress.${index}`, firewallRuleProblems(rule))),
      ]),
    ),
  ];
}

function storageProblems({ class: { images }, student: { volumes, snapshots, instances } }: Lab): Problem[] {
  return [
    ...Object.entries(volumes).flatMap(([name, { attachedTo, image, fromSnapshot, sizeGiB }]) => {
      const path = `student.volumes.${name}`;
      const origin = fromSnapshot === undefined ? undefined : snapshots[fromSnapshot];
      const source = origin === undefined ? undefined : volumes[origin.of];
      return [
        ...(attachedTo === undefined || Object.hasOwn(instances, attachedTo)
          ? []
          : [unknown(`${path}.attachedTo`, attachedTo, "an instance of this lab", Object.keys(instances))]),
        ...(fromSnapshot !== undefined && origin === undefined
          ? [unknown(`${path}.fromSnapshot`, fromSnapshot, "a snapshot of this lab", Object.keys(snapshots))]
          : []),
        ...(image !== undefined && fromSnapshot !== undefined
          ? [
              {
                path: `${path}.fromSnapshot`,
                reason: "and `image` cannot both be given; the volume is made from one of them",
              },
            ]
          : []),
        ...volumeSizeProblems(`${path}.sizeGiB`, sizeGiB, image ?? "", images[image ?? ""]?.minDiskGiB ?? 0),
        ...(source !== undefined && sizeGiB < source.sizeGiB
          ? [
              {
                path: `${path}.sizeGiB`,
                reason: `${sizeGiB} GiB is smaller than the volume that was snapshotted (${source.sizeGiB} GiB); write at least ${source.sizeGiB}`,
              },
            ]
          : []),
      ];
    }),
    ...Object.entries(snapshots).flatMap(([name, { of }]) =>
      Object.hasOwn(volumes, of)
        ? []
        : [unknown(`student.snapshots.${name}.of`, of, "a volume of this lab", Object.keys(volumes))],
    ),
  ];
}

function loadBalancerProblems(lab: Lab, entry: LoadBalancerEntry): Problem[] {
  const { network, address, members, madeOf, image, flavor, floatingIp, securityGroups = [] } = entry;
  const { networks, instances, securityGroups: known } = lab.student;
  const cidr = networks[network]?.cidr;
  const own = { image, flavor };
  return [
    ...(cidr === undefined ? [unknown("network", network, "a network of the student", Object.keys(networks))] : []),
    ...(address !== undefined && typeof cidr === "string" ? hostProblems("address", address, cidr) : []),
    ...members.flatMap((member, index) => {
      const instance = instances[member];
      if (instance === undefined)
        return [unknown(`members.${index}`, member, "an instance of this lab", Object.keys(instances))];
      return instance.network === network
        ? []
        : [{ path: `members.${index}`, reason: `"${member}" is on "${instance.network}", not on "${network}"` }];
    }),
    ...Object.entries(own).flatMap(([key, value]) =>
      (value === undefined) === (madeOf === "octavia")
        ? []
        : [
            {
              path: key,
              reason:
                madeOf === "octavia" ? "goes with `madeOf: instance` only" : "is missing; HAProxy runs on an instance",
            },
          ],
    ),
    ...(floatingIp === undefined ? [] : reachProblems(lab, "floatingIp", floatingIp, network)),
    ...securityGroups
      .filter((each) => !Object.hasOwn(known, each))
      .map((each) => unknown("securityGroups", each, "a security group of this lab", Object.keys(known))),
  ];
}

function vpnProblems(lab: Lab, between: readonly [string, string]): Problem[] {
  const { routers } = lab.student;
  const blocks = networkBlocks(lab);
  const missing = between.flatMap((name, index) =>
    Object.hasOwn(routers, name)
      ? []
      : [unknown(`between.${index}`, name, "a router of this lab", Object.keys(routers))],
  );
  if (missing.length > 0) return missing;
  const [left, right] = between;
  if (left === right) return [{ path: "between", reason: `both sides are "${left}"; a VPN joins two routers` }];
  const joined = (router: string) =>
    (routers[router]?.interfaces ?? []).map((name) => [name, blocks.get(name) ?? ""] as const);
  return joined(left).flatMap(([one, cidr]) =>
    joined(right).flatMap(([two, otherCidr]) => {
      const [a, b] = [parseIpv4Block(cidr), parseIpv4Block(otherCidr)];
      return a !== undefined && b !== undefined && overlap(a, b)
        ? [
            {
              path: "between",
              reason: `${cidr} of "${one}" and ${otherCidr} of "${two}" are the same addresses; each side needs its own`,
            },
          ]
        : [];
    }),
  );
}

function firewallRuleProblems({ protocol, port, from, to }: FirewallRuleEntry): Problem[] {
  const ports = port === undefined ? undefined : parsePorts(port);
  return [
    ...(port !== undefined && protocol !== "tcp" && protocol !== "udp"
      ? [{ path: "port", reason: "goes with tcp and udp only" }]
      : []),
    ...(Array.isArray(ports) ? ports.map(({ reason }) => ({ path: "port", reason })) : []),
    ...[["from", from] as const, ["to", to] as const].flatMap(([path, text]) =>
      text === undefined || parseIpv4Address(text) !== undefined ? [] : blockProblems(path, text, 32),
    ),
  ];
}
