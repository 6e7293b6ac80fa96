import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { blockProblems, parseIpv4Block } from "../lab/ipv4.ts";
import { under, type Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { HIGHEST_PORT, portRangeProblems } from "./ports.ts";
import { DELETE_TIMEOUT } from "./timeouts.ts";

const SSH_PORT = 22;

/** Traffic that is let in. Everything out is allowed by Neutron's own default rules, everything else in is dropped. */
export interface IngressRule {
  protocol: "tcp" | "udp" | "icmp";
  /** One port, or the first of a range. @default every port; not for icmp */
  port?: number;
  /** Last port of the range. @default the same as `port` */
  lastPort?: number;
  /** Who may come in, e.g. `"172.24.4.0/24"`; `"0.0.0.0/0"` is the whole world. */
  remoteIpPrefix: string;
}

/** Who may reach the instances of a group, and how. */
export interface InstanceSecurityGroupArgs {
  /** What is let in, by a name that stays the same, e.g. `{ ping: { protocol: "icmp", remoteIpPrefix: "10.0.0.0/8" } }`. @default {} – nothing */
  ingress?: Record<string, IngressRule>;
  /** Must be true for a rule that opens SSH to the whole world: such an instance is attacked within minutes. @default false */
  allowWorldSsh?: boolean;
  /** Name of the group in OpenStack. @default the logical name */
  groupName?: string;
  /** Neutron tags. @default [] */
  tags?: string[];
}

/**
 * A security group for the ports of instances, and its rules. Neutron's two default egress rules are kept.
 * https://docs.openstack.org/neutron/latest/admin/intro-os-networking.html#security-groups
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad rule; nothing is then registered.
 *
 * @example
 * const web = new InstanceSecurityGroup("kim-web", {
 *   ingress: {
 *     http: { protocol: "tcp", port: 80, remoteIpPrefix: "0.0.0.0/0" },
 *     ssh: { protocol: "tcp", port: 22, remoteIpPrefix: "172.24.4.0/24" },
 *   },
 * });
 */
export class InstanceSecurityGroup extends pulumi.ComponentResource {
  /** For a port's `securityGroupIds`. Rules may follow a moment later: until then nothing comes in. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: InstanceSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`InstanceSecurityGroup "${name}"`, securityGroupProblems(args));
    super("classroom:index:InstanceSecurityGroup", name, {}, opts);

    const { ingress = {}, groupName = name, tags = [] } = args;
    const inside = { parent: this, customTimeouts: DELETE_TIMEOUT };
    const group = new openstack.networking.SecGroup(`${name}-group`, { name: groupName, tags }, inside);
    for (const [ruleName, { protocol, port, lastPort = port, remoteIpPrefix }] of Object.entries(ingress)) {
      new openstack.networking.SecGroupRule(
        `${name}-${ruleName}-rule`,
        {
          securityGroupId: group.id,
          direction: "ingress",
          ethertype: "IPv4",
          protocol,
          portRangeMin: port,
          portRangeMax: lastPort,
          remoteIpPrefix,
          description: ruleName,
        },
        // A rule cannot be edited, and Neutron refuses an equal one beside it.
        { ...inside, deleteBeforeReplace: true },
      );
    }

    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}

/** Everything wrong with the arguments of an {@link InstanceSecurityGroup}. */
function securityGroupProblems(args: InstanceSecurityGroupArgs): Problem[] {
  const { ingress = {}, allowWorldSsh = false, groupName } = args;
  return [
    ...physicalNameProblems("groupName", groupName),
    ...Object.entries(ingress).flatMap(([name, rule]) => under(`ingress.${name}`, ruleProblems(rule, allowWorldSsh))),
  ];
}

function ruleProblems(rule: IngressRule, allowWorldSsh: boolean): Problem[] {
  const { protocol, port, lastPort, remoteIpPrefix } = rule;
  const problems = [
    ...blockProblems("remoteIpPrefix", remoteIpPrefix, 32),
    ...portRangeProblems(protocol, { path: "port", port }, { path: "lastPort", port: lastPort }),
  ];
  if (!allowWorldSsh && opensSsh(rule) && parseIpv4Block(remoteIpPrefix)?.prefix === 0)
    problems.push({
      path: "remoteIpPrefix",
      reason: `${remoteIpPrefix} opens SSH to the whole world; name the network you come from, or set allowWorldSsh to true`,
    });
  return problems;
}

function opensSsh({ protocol, port = 1, lastPort, port: given }: IngressRule): boolean {
  const last = given === undefined ? HIGHEST_PORT : (lastPort ?? given);
  return protocol === "tcp" && port <= SSH_PORT && last >= SSH_PORT;
}
