/**
 * The networks that lie outside OpenStack, as a cable in the wall would: a Linux bridge each, which a flat provider network of that
 * `physical_network` name is put on. The bridge's own address is the gateway. Lab networks should keep clear of these blocks.
 */
export const physicalNetworks: readonly { name: string; bridge: string; gateway: string; prefixLength: number }[] = [
  { name: "public", bridge: "br-ex", gateway: "172.24.4.1", prefixLength: 24 },
  { name: "extnet", bridge: "br-extnet", gateway: "172.24.5.1", prefixLength: 24 },
];

/**
 * Carries the VXLAN tunnels of the project networks. From 198.18.0.0/15, set aside for measurements (RFC 2544), so that labs are free
 * to use all of 10/8, 172.16/12 and 192.168/16.
 */
export const underlay = { device: "underlay", peer: "underlay-peer", address: "198.18.255.1", prefixLength: 24 };
