import type { Problem } from "./problem.ts";

const HIGHEST_ID = {
  /** https://en.wikipedia.org/wiki/IEEE_802.1Q (4095 is reserved). */
  vlan: 4094,
  /** A VXLAN network identifier has 24 bits: https://datatracker.ietf.org/doc/html/rfc7348#section-5 */
  vxlan: 2 ** 24 - 1,
  /** A GRE key has 32 bits: https://datatracker.ietf.org/doc/html/rfc2890#section-2 */
  gre: 2 ** 32 - 1,
};

interface Segment {
  networkType?: "vxlan" | "vlan" | "gre" | "flat" | undefined;
  segmentationId?: number | undefined;
  physicalNetwork?: string | undefined;
}

/** What is wrong with how a network's frames are to travel, in a lab as in a component's arguments. */
export function segmentProblems({ networkType, segmentationId, physicalNetwork }: Segment): Problem[] {
  if (networkType === undefined)
    return Object.entries({ segmentationId, physicalNetwork })
      .filter(([, value]) => value !== undefined)
      .map(([path]) => ({ path, reason: "says nothing without the network's type; give that too, or leave this out" }));
  return [
    ...physicalNetworkProblems(networkType, physicalNetwork),
    ...(segmentationId === undefined ? [] : segmentationIdProblems(networkType, segmentationId)),
  ];
}

function physicalNetworkProblems(networkType: "vxlan" | "vlan" | "gre" | "flat", name: string | undefined): Problem[] {
  const path = "physicalNetwork";
  if (networkType === "vxlan" || networkType === "gre")
    return name === undefined
      ? []
      : [{ path, reason: `a ${networkType} network is carried by IP, not by a physical network; leave it out` }];
  // Neutron would look for a free VLAN on every physical network, but the provider always sends a name, if need be an empty one.
  return name === undefined || name === ""
    ? [
        {
          path,
          reason: `is missing; a ${networkType} network lies on one: write its name in Neutron's bridge mappings, e.g. "public"`,
        },
      ]
    : [];
}

function segmentationIdProblems(networkType: "vxlan" | "vlan" | "gre" | "flat", id: number): Problem[] {
  const path = "segmentationId";
  if (networkType === "flat")
    return [{ path, reason: "a flat network has none; leave it out, or choose the type vlan" }];
  const highest = HIGHEST_ID[networkType];
  return Number.isInteger(id) && id >= 1 && id <= highest
    ? []
    : [{ path, reason: `${id} is not an id of a ${networkType} network; choose one from 1 to ${highest}` }];
}
