import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { knownOnce } from "./knownOnce.ts";
import { physicalNameProblems } from "./physicalName.ts";

/** Zone that Nova keeps for its own services: https://docs.openstack.org/nova/latest/admin/availability-zones.html */
const INTERNAL_ZONE = "internal";
const LONGEST_ZONE = 255;

/** Which hosts belong together, and what users see of it. */
export interface HostAggregateArgs {
  /** Compute hosts, as `openstack compute service list` names them; at least one. */
  hosts: pulumi.Input<string>[];
  /**
   * Availability zone that users see and choose. A host can be in one zone only, and Nova refuses to change the zone of a host with
   * instances. @default none – users do not see the aggregate
   */
  availabilityZone?: string;
  /** Name of the aggregate in OpenStack, unique in the cloud. @default the logical name */
  aggregateName?: string;
  /** For the scheduler, matched against flavors' extra specs. @default {} */
  metadata?: Record<string, string>;
}

/**
 * A group of compute hosts, which only administrators see; with an availability zone, users can ask for it.
 * https://docs.openstack.org/nova/latest/admin/aggregates.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * // Whoever asks for the zone "ssd" is put on one of these hosts.
 * const fast = new HostAggregate("fast", {
 *   hosts: ["compute3", "compute4"],
 *   availabilityZone: "ssd",
 * });
 */
export class HostAggregate extends pulumi.ComponentResource {
  /** For looking at it: `openstack aggregate show`. */
  readonly aggregateId: pulumi.Output<string>;
  /** For an instance's `availabilityZone`: known only once the zone has its hosts. Undefined when no zone was asked for. */
  readonly availabilityZone: pulumi.Output<string> | undefined;

  constructor(name: string, args: HostAggregateArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`HostAggregate "${name}"`, hostAggregateProblems(args));
    super("classroom:index:HostAggregate", name, {}, opts);

    const { hosts, availabilityZone: zone, aggregateName = name, metadata = {} } = args;
    const aggregate = new openstack.compute.AggregateV2(
      `${name}-aggregate`,
      { name: aggregateName, zone, hosts, metadata },
      // Its name is unique, and a host cannot be in two zones.
      { parent: this, deleteBeforeReplace: true },
    );

    this.aggregateId = aggregate.id;
    this.availabilityZone = zone === undefined ? undefined : knownOnce(zone, [aggregate.id]);
    this.registerOutputs({ aggregateId: this.aggregateId, availabilityZone: this.availabilityZone });
  }
}

/** Everything wrong with the arguments of a {@link HostAggregate}. */
function hostAggregateProblems(args: HostAggregateArgs): Problem[] {
  const { hosts, availabilityZone, aggregateName, metadata = {} } = args;
  const problems = physicalNameProblems("aggregateName", aggregateName);
  if (hosts.length === 0)
    problems.push({ path: "hosts", reason: "names no compute host; without one nothing can be placed here" });
  const known = hosts.filter((host) => typeof host === "string");
  for (const [index, host] of known.entries())
    if (host === "" || known.indexOf(host) !== index)
      problems.push({ path: "hosts", reason: `"${host}" is empty or named twice; name every host once` });
  if (availabilityZone === INTERNAL_ZONE)
    problems.push({ path: "availabilityZone", reason: `"${INTERNAL_ZONE}" is Nova's own; choose another name` });
  else if (availabilityZone !== undefined && !isZone(availabilityZone))
    problems.push({
      path: "availabilityZone",
      reason: `"${availabilityZone}" is not a zone; use 1 to ${LONGEST_ZONE} characters, no colon, no spaces at an end`,
    });
  if (Object.hasOwn(metadata, "availability_zone"))
    problems.push({ path: "metadata.availability_zone", reason: "is what availabilityZone sets; use that" });
  return problems;
}

/** A colon separates zone and host where an administrator asks for both. */
function isZone(zone: string): boolean {
  return zone !== "" && zone.length <= LONGEST_ZONE && zone.trim() === zone && !zone.includes(":");
}
