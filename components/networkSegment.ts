import type { Problem } from "../lab/problem.ts";

/** Highest VLAN id: https://en.wikipedia.org/wiki/IEEE_802.1Q (4095 is reserved). */
export const HIGHEST_VLAN = 4094;
/** A VXLAN network identifier has 24 bits: https://datatracker.ietf.org/doc/html/rfc7348#section-5 */
const HIGHEST_VXLAN = 2 ** 24 - 1;
/** A GRE key has 32 bits: https://datatracker.ietf.org/doc/html/rfc2890#section-2 */
const HIGHEST_GRE = 2 ** 32 - 1;

/** How a network's frames travel between the hosts. Only an administrator may choose; Neutron does otherwise. */
export interface NetworkSegment {
  /** @default the first of the cloud's tenant network types – Neutron chooses */
  networkType?: "vxlan" | "vlan" | "gre" | "flat";
  /** VLAN id, VXLAN network identifier or GRE key. @default a free one – Neutron chooses */
  segmentationId?: number;
  /** Physical network of the cloud's bridge mappings, e.g. `"physnet1"`; only for `flat` (required) and `vlan`. */
  physicalNetwork?: string;
}

/** A network's `segments`, or undefined when Neutron is to choose. */
export function segmentsOf({ networkType, segmentationId, physicalNetwork }: NetworkSegment) {
  return networkType === undefined ? undefined : [{ networkType, physicalNetwork, segmentationId }];
}

/** What is wrong with a {@link NetworkSegment}. */
export function segmentProblems({ networkType, segmentationId, physicalNetwork }: NetworkSegment): Problem[] {
  if (networkType === undefined)
    return Object.entries({ segmentationId, physicalNetwork })
      .filter(([, value]) => value !== undefined)
      .map(([path]) => ({ path, reason: "says nothing without a network type; set networkType too" }));
  const problems: Problem[] = [];
  const onPhysicalNetwork = networkType === "flat" || networkType === "vlan";
  if (!onPhysicalNetwork && physicalNetwork !== undefined)
    problems.push({
      path: "physicalNetwork",
      reason: `a ${networkType} network is carried by IP, not by a physical network; leave it out`,
    });
  if (onPhysicalNetwork && physicalNetwork === undefined && (networkType === "flat" || segmentationId !== undefined))
    problems.push({
      path: "physicalNetwork",
      reason: `a ${networkType} network needs one, e.g. "physnet1": the name in the cloud's bridge mappings`,
    });
  return segmentationId === undefined
    ? problems
    : [...problems, ...segmentationIdProblems(networkType, segmentationId)];
}

function segmentationIdProblems(networkType: "vxlan" | "vlan" | "gre" | "flat", id: number): Problem[] {
  const path = "segmentationId";
  if (networkType === "flat") return [{ path, reason: "a flat network has none; leave it out" }];
  const highest = { vlan: HIGHEST_VLAN, vxlan: HIGHEST_VXLAN, gre: HIGHEST_GRE }[networkType];
  return Number.isInteger(id) && id >= 1 && id <= highest
    ? []
    : [{ path, reason: `${id} is not an id of a ${networkType} network; choose one from 1 to ${highest}` }];
}
