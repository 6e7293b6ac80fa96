/** How a network's frames travel between the hosts. Only an administrator may choose; Neutron does otherwise. */
export interface NetworkSegment {
  /** @default the first of the cloud's tenant network types – Neutron chooses */
  networkType?: "vxlan" | "vlan" | "gre" | "flat";
  /** VLAN id, VXLAN network identifier or GRE key. @default a free one – Neutron chooses */
  segmentationId?: number;
  /** Physical network of the cloud's bridge mappings, e.g. `"physnet1"`; required for `flat` and `vlan`, and only for these. */
  physicalNetwork?: string;
}

/** A network's `segments`, or undefined when Neutron is to choose. */
export function segmentsOf({ networkType, segmentationId, physicalNetwork }: NetworkSegment) {
  return networkType === undefined ? undefined : [{ networkType, physicalNetwork, segmentationId }];
}
