/** A network that lies outside OpenStack, as a cable in the wall would. */
export interface PhysicalNetwork {
  /** `physical_network` of the flat provider network that is put on it. */
  name: string;
  /** The Linux bridge that is the cable. */
  bridge: string;
  /** Addresses of the bridge, each with its prefix length: the gateways of the networks on it. */
  gateways: readonly [string, ...string[]];
}

/**
 * Blocks may lie within another (ext1 in extnet's second one), because the longer prefix wins and the kernel answers ARP for all its
 * addresses on every bridge; a lab on the larger one should give out no addresses of the smaller one, which would not be found.
 */
export const physicalNetworks: readonly PhysicalNetwork[] = [
  { name: "public", bridge: "br-ex", gateways: ["172.24.4.1/24"] },
  { name: "extnet", bridge: "br-extnet", gateways: ["172.24.5.1/24", "10.0.0.1/8"] },
  { name: "external", bridge: "br-external", gateways: ["10.10.20.1/24", "10.10.10.1/24", "10.10.30.1/24"] },
  { name: "ext1", bridge: "br-ext1", gateways: ["10.0.0.2/24"] },
];

/**
 * Carries the VXLAN tunnels of the project networks. From 198.18.0.0/15, set aside for measurements (RFC 2544), so that labs are free
 * to use all of 10/8, 172.16/12 and 192.168/16.
 */
export const underlay = { device: "underlay", peer: "underlay-peer", address: "198.18.255.1", prefixLength: 24 };

/** The resolver that labs give their guests. Within the cloud's namespace alone, where there is no way to the one of that address. */
export const publicResolver = "8.8.8.8";
