import type { Lab } from "../lab/labSchema.ts";
import { defaultGateway } from "../lab/subnetChecks.ts";
import type { TopologyLink } from "./topology.ts";
import { networkNodes, nodeId } from "./topologyNodes.ts";

/** What is joined to what. */
export function topologyLinks(lab: Lab): TopologyLink[] {
  return [...networkLinks(lab), ...serverLinks(lab), ...storageLinks(lab)];
}

function networkLinks({ student: { networks, routers, vpns } }: Lab): TopologyLink[] {
  return [
    ...Object.entries(routers).flatMap(([name, { gateway, interfaces }]): TopologyLink[] => [
      { kind: "gateway", from: nodeId("provider network", gateway), to: nodeId("router", name), label: "gateway" },
      ...interfaces.map((network): TopologyLink => {
        const { cidr, gateway: own } = networks[network] ?? {};
        const address = own ?? (typeof cidr === "string" ? defaultGateway(cidr) : undefined);
        return {
          kind: "interface",
          from: nodeId("router", name),
          to: nodeId("network", network),
          ...(address === undefined ? {} : { label: address }),
        };
      }),
    ]),
    ...Object.entries(vpns).map(
      ([
        name,
        {
          between: [left, right],
        },
      ]): TopologyLink => ({
        kind: "VPN",
        from: nodeId("router", left),
        to: nodeId("router", right),
        label: `VPN ${name}`,
      }),
    ),
  ];
}

function serverLinks(lab: Lab): TopologyLink[] {
  const { instances, loadBalancers } = lab.student;
  return [
    ...Object.entries(instances).flatMap(([name, { network, moreNetworks, fixedIp, floatingIpTo }]): TopologyLink[] => [
      {
        kind: "port",
        from: placeId(lab, network),
        to: nodeId("instance", name),
        ...(fixedIp === undefined ? {} : { label: fixedIp }),
      },
      ...moreNetworks.map((each): TopologyLink => ({
        kind: "port",
        from: placeId(lab, each),
        to: nodeId("instance", name),
      })),
      ...(floatingIpTo === undefined
        ? []
        : [
            {
              kind: "lent address",
              from: nodeId("instance", name),
              to: nodeId("instance", floatingIpTo),
              label: "lends its floating IP",
            } as const,
          ]),
    ]),
    ...Object.entries(loadBalancers).flatMap(([name, { network, address, members }]): TopologyLink[] => [
      {
        kind: "port",
        from: placeId(lab, network),
        to: nodeId("load balancer", name),
        ...(address === undefined ? {} : { label: address }),
      },
      ...members.map((member): TopologyLink => ({
        kind: "member",
        from: nodeId("load balancer", name),
        to: nodeId("instance", member),
      })),
    ]),
  ];
}

/** Node of the network that a port is on, whoever it belongs to. */
function placeId(lab: Lab, network: string): string {
  return networkNodes(lab).find(({ name }) => name === network)?.id ?? nodeId("network", network);
}

function storageLinks({ student: { instances, volumes, snapshots } }: Lab): TopologyLink[] {
  const boots = Object.entries(instances).flatMap(([name, { bootFromVolume }]) =>
    bootFromVolume === undefined ? [] : [{ name, volume: bootFromVolume }],
  );
  return [
    ...boots.map(({ name, volume }): TopologyLink => ({
      kind: "attached",
      from: nodeId("instance", name),
      to: nodeId("volume", volume),
      label: "boots from",
    })),
    ...Object.entries(volumes).flatMap(([name, { attachedTo, fromSnapshot }]): TopologyLink[] => [
      ...(attachedTo === undefined
        ? []
        : [{ kind: "attached", from: nodeId("instance", attachedTo), to: nodeId("volume", name) } as const]),
      ...(fromSnapshot === undefined
        ? []
        : [
            {
              kind: "restored",
              from: nodeId("snapshot", fromSnapshot),
              to: nodeId("volume", name),
              label: "restored to",
            } as const,
          ]),
    ]),
    ...Object.entries(snapshots).map(([name, { of }]): TopologyLink => ({
      kind: "snapshot",
      from: nodeId("volume", of),
      to: nodeId("snapshot", name),
      label: "kept as",
    })),
  ];
}
