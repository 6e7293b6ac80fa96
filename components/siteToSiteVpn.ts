import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { blockProblems, overlap, parseIpv4Block } from "../lab/ipv4.ts";
import { under, type Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { knownOnce } from "./knownOnce.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/** One end of the tunnel: a router with a gateway, and the subnets behind it that the other end may reach. */
export interface VpnSide {
  /** Router of this end; it needs a gateway. */
  routerId: pulumi.Input<string>;
  /** Subnets with an interface on the router. */
  subnetIds: pulumi.Input<string>[];
  /** The blocks of these subnets in any order, e.g. `["192.168.100.0/24"]`. Plain: they are compared with the other side's before any API call. */
  cidrs: string[];
  /** Interfaces of the router on these subnets. Neutron joins them only once they exist, and they are deleted after the tunnel. @default [] */
  routerInterfaceIds?: pulumi.Input<string>[];
  /** Address at which the other side finds the router. @default that of its gateway */
  externalAddress?: pulumi.Input<string>;
}

/** How the tunnel is encrypted, the same for key exchange and traffic. https://docs.openstack.org/api-ref/network/v2/#vpnaas-2-0-vpn-vpnservices-ikepolicies-ipsecpolicies-endpoint-groups-ipsec-site-connections */
export interface VpnEncryption {
  /** @default "aes-256" */
  encryptionAlgorithm?: "aes-128" | "aes-192" | "aes-256";
  /** @default "sha256" */
  authAlgorithm?: "sha256" | "sha384" | "sha512";
  /** Diffie-Hellman group of perfect forward secrecy. @default "group14" */
  pfs?: "group14";
  /** @default "v2" */
  ikeVersion?: "v1" | "v2";
}

/** The two ends of a tunnel, and what only they know. */
export interface SiteToSiteVpnArgs {
  /** The two ends; which is left does not matter. */
  sides: { left: VpnSide; right: VpnSide };
  /** Known to both sides and to nobody else; kept as a secret in the stack's state. */
  presharedKey: pulumi.Input<string>;
  /** Of the key exchange (IKE) and of the traffic (IPsec). @default IKEv2 with AES-256, SHA-256 and group 14 */
  encryption?: VpnEncryption;
}

type SideName = "left" | "right";

/**
 * An IPsec tunnel between two routers of one project (VPNaaS): what is behind one reaches what is behind the other. Always ESP in tunnel
 * mode: AH does not pass NAT, and transport mode would join only the routers themselves.
 * https://docs.openstack.org/neutron/latest/admin/vpnaas-scenario.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const vpn = new SiteToSiteVpn("kim-vpn", {
 *   sides: {
 *     left: { routerId: "router-1-id", subnetIds: ["subnet-1-id"], cidrs: ["192.168.100.0/24"] },
 *     right: { routerId: "router-2-id", subnetIds: ["subnet-2-id"], cidrs: ["192.168.10.0/24"] },
 *   },
 *   presharedKey: new pulumi.Config().requireSecret("vpnKey"),
 * });
 */
export class SiteToSiteVpn extends pulumi.ComponentResource {
  /** Ids of the two connections; the tunnel is up when both are ACTIVE. */
  readonly connectionIds: Record<SideName, pulumi.Output<string>>;

  constructor(name: string, args: SiteToSiteVpnArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`SiteToSiteVpn "${name}"`, siteToSiteVpnProblems(args));
    super("classroom:index:SiteToSiteVpn", name, {}, opts);

    const { left, right } = args.sides;
    const policies = this.createPolicies(name, args.encryption ?? {});
    const ends = { left: this.createEnd(name, "left", left), right: this.createEnd(name, "right", right) };
    const connect = (here: SideName, there: SideName) => this.connect(name, here, there, ends, policies, args);

    this.connectionIds = { left: connect("left", "right"), right: connect("right", "left") };
    this.registerOutputs({ connectionIds: this.connectionIds });
  }

  private createPolicies(name: string, encryption: VpnEncryption) {
    const {
      ikeVersion = "v2",
      encryptionAlgorithm = "aes-256",
      authAlgorithm = "sha256",
      pfs = "group14",
    } = encryption;
    const inside = { parent: this, customTimeouts: NETWORK_TIMEOUTS };
    const both = { encryptionAlgorithm, authAlgorithm, pfs };
    return {
      ike: new openstack.vpnaas.IkePolicy(
        `${name}-ike-policy`,
        { name: `${name}-ike-policy`, ikeVersion, ...both },
        inside,
      ),
      ipsec: new openstack.vpnaas.IpSecPolicy(
        `${name}-ipsec-policy`,
        { name: `${name}-ipsec-policy`, transformProtocol: "esp", encapsulationMode: "tunnel", ...both },
        inside,
      ),
    };
  }

  private createEnd(name: string, sideName: SideName, side: VpnSide) {
    const { routerId, subnetIds, cidrs, routerInterfaceIds = [], externalAddress } = side;
    const prefix = `${name}-${sideName}`;
    const inside = { parent: this, customTimeouts: NETWORK_TIMEOUTS };
    const service = new openstack.vpnaas.Service(
      `${prefix}-service`,
      { name: `${prefix}-service`, routerId: knownOnce(routerId, routerInterfaceIds) },
      inside,
    );
    const endpointGroup = (role: string, type: string, endpoints: pulumi.Input<string>[]) =>
      new openstack.vpnaas.EndpointGroup(
        `${prefix}-${role}`,
        { name: `${prefix}-${role}`, type, endpoints },
        { parent: this, customTimeouts: NETWORK_TIMEOUTS },
      );
    return {
      service,
      address: pulumi.output(externalAddress ?? service.externalV4Ip),
      subnets: endpointGroup("subnets", "subnet", subnetIds),
      cidrs: endpointGroup("cidrs", "cidr", cidrs),
    };
  }

  private connect(
    name: string,
    here: SideName,
    there: SideName,
    ends: Record<SideName, ReturnType<SiteToSiteVpn["createEnd"]>>,
    policies: ReturnType<SiteToSiteVpn["createPolicies"]>,
    { presharedKey }: SiteToSiteVpnArgs,
  ): pulumi.Output<string> {
    const connection = new openstack.vpnaas.SiteConnection(
      `${name}-${here}-connection`,
      {
        name: `${name}-${here}-connection`,
        vpnserviceId: ends[here].service.id,
        ikepolicyId: policies.ike.id,
        ipsecpolicyId: policies.ipsec.id,
        localEpGroupId: ends[here].subnets.id,
        peerEpGroupId: ends[there].cidrs.id,
        peerAddress: ends[there].address,
        peerId: ends[there].address,
        psk: pulumi.secret(presharedKey),
      },
      // The provider does not say that the key is a secret.
      { parent: this, customTimeouts: NETWORK_TIMEOUTS, additionalSecretOutputs: ["psk"] },
    );
    return connection.id;
  }
}

/** Everything wrong with the arguments of a {@link SiteToSiteVpn}. */
function siteToSiteVpnProblems({ sides, presharedKey }: SiteToSiteVpnArgs): Problem[] {
  const problems = [
    ...under("sides.left", sideProblems(sides.left)),
    ...under("sides.right", sideProblems(sides.right)),
    ...sides.right.cidrs.flatMap((cidr, index) =>
      sides.left.cidrs
        .filter((other) => overlapping(cidr, other))
        .map((other) => ({
          path: `sides.right.cidrs[${index}]`,
          reason: `${cidr} overlaps ${other} of the left side: a router cannot tell which side an address is on; give the sides different networks`,
        })),
    ),
  ];
  // The key itself is never shown.
  if (typeof presharedKey === "string" && !/^[\x21-\x7e]+$/.test(presharedKey))
    problems.push({
      path: "presharedKey",
      reason: "is empty, or has a space or a letter outside ASCII; choose a long one",
    });
  return problems;
}

function sideProblems({ subnetIds, cidrs }: VpnSide): Problem[] {
  const problems = cidrs.flatMap((cidr, index) => blockProblems(`cidrs[${index}]`, cidr, 32));
  if (subnetIds.length === 0)
    problems.push({ path: "subnetIds", reason: "names no subnet; a tunnel that joins nothing carries nothing" });
  if (subnetIds.length !== cidrs.length)
    problems.push({
      path: "cidrs",
      reason: `names ${cidrs.length} blocks for ${subnetIds.length} subnets; give each subnet's block`,
    });
  return problems;
}

function overlapping(cidr: string, other: string): boolean {
  const [a, b] = [parseIpv4Block(cidr), parseIpv4Block(other)];
  return a !== undefined && b !== undefined && overlap(a, b);
}
