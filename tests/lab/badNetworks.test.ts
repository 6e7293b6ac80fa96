import { describe, expect, it } from "vitest";
import { labWith, told } from "./aLab.ts";

const PROVIDER = "      physicalNetwork: public\n";
const POOLS = "pools: [172.24.4.10-172.24.4.250]";
const OTHER = "cidr: 192.168.101.0/24";
const ROUTERS =
  "    router1: { gateway: public, interfaces: [private] }\n    router2: { gateway: public, interfaces: [other] }";
const OWN = "cannot be the same for all where each student has a network of their own; leave it out";
const MAPPINGS = `write its name in Neutron's bridge mappings, e.g. "public"`;

describe("a network that is not right", () => {
  it.each([
    [
      "networks that a router could not tell apart",
      `${OTHER}\n  routers:\n${ROUTERS}`,
      "cidr: 192.168.100.128/25\n  routers:\n    router1: { gateway: public, interfaces: [private, other] }",
      [
        'lab.yaml:24:33 student.routers.router1.interfaces: 192.168.100.128/25 of "other" overlaps 192.168.100.0/24 of "private"; a router could not tell them apart; change one of the two',
      ],
    ],
    [
      "a network twice at one router",
      "interfaces: [other]",
      "interfaces: [other, other]",
      [
        'lab.yaml:25:53 student.routers.router2.interfaces.1: "other" is in this list already; a network is joined once',
      ],
    ],
    [
      "a pool outside of its subnet",
      POOLS,
      "pools: [172.24.5.10-172.24.4.250]",
      [
        "lab.yaml:9:15 class.providerNetworks.public.pools.0: 172.24.5.10 is not a usable address of 172.24.4.0/24; choose one from 172.24.4.1 to 172.24.4.254",
      ],
    ],
    [
      "the gateway in a pool",
      POOLS,
      "pools: [172.24.4.1-172.24.4.250]",
      [
        "lab.yaml:9:15 class.providerNetworks.public.pools.0: the gateway 172.24.4.1 lies inside 172.24.4.1–172.24.4.250; move the pool or the gateway",
      ],
    ],
    [
      "a pool that is none",
      POOLS,
      "pools: [172.24.4.10]",
      [
        'lab.yaml:9:15 class.providerNetworks.public.pools.0: "172.24.4.10" is not a range; write one like "10.0.0.210-10.0.0.220"',
      ],
    ],
    [
      "an address where a network is meant",
      OTHER,
      "cidr: 172.31.0.1/24",
      [
        'lab.yaml:22:7 student.networks.other.cidr: "172.31.0.1/24" is an address, not a network; the network is "172.31.0.0/24"',
      ],
    ],
    [
      "a provider network that lies nowhere",
      PROVIDER,
      "",
      [
        `lab.yaml:5:5 class.providerNetworks.public.physicalNetwork: is missing; a flat network lies on one: ${MAPPINGS}`,
      ],
    ],
    [
      "a VLAN id that there is not, of a provider network",
      PROVIDER,
      `${PROVIDER}      type: vlan\n      segmentationId: 4095\n`,
      [
        "lab.yaml:8:7 class.providerNetworks.public.segmentationId: 4095 is not an id of a vlan network; choose one from 1 to 4094",
      ],
    ],
    [
      "a VLAN id of a provider network that is none",
      PROVIDER,
      `${PROVIDER}      segmentationId: 42\n`,
      [
        "lab.yaml:7:7 class.providerNetworks.public.segmentationId: a flat network has none; leave it out, or choose the type vlan",
      ],
    ],
    [
      "an id and a physical network of a network without a type",
      OTHER,
      `${OTHER}\n      segmentationId: 42\n      physicalNetwork: public`,
      [
        "lab.yaml:23:7 student.networks.other.segmentationId: says nothing without the network's type; give that too, or leave this out",
        "lab.yaml:24:7 student.networks.other.physicalNetwork: says nothing without the network's type; give that too, or leave this out",
      ],
    ],
    [
      "an id and a physical network that do not go with the type",
      OTHER,
      `${OTHER}\n      type: vxlan\n      segmentationId: 16777216\n      physicalNetwork: public`,
      [
        "lab.yaml:24:7 student.networks.other.segmentationId: 16777216 is not an id of a vxlan network; choose one from 1 to 16777215",
        "lab.yaml:25:7 student.networks.other.physicalNetwork: a vxlan network is carried by IP, not by a physical network; leave it out",
      ],
    ],
    [
      "a VLAN that lies nowhere",
      OTHER,
      `${OTHER}\n      type: vlan`,
      [`lab.yaml:21:5 student.networks.other.physicalNetwork: is missing; a vlan network lies on one: ${MAPPINGS}`],
    ],
    [
      "a pool with the first address, where no gateway is named",
      OTHER,
      `${OTHER}\n      pools: [192.168.101.1-192.168.101.9]`,
      [
        "lab.yaml:23:15 student.networks.other.pools.0: the gateway 192.168.101.1 (the first address, as no other is named) lies inside 192.168.101.1–192.168.101.9; move the pool or the gateway",
      ],
    ],
    [
      "pools that share an address",
      POOLS,
      "pools: [172.24.4.10-172.24.4.20, 172.24.4.21-172.24.4.30, 172.24.4.20-172.24.4.21]",
      [
        "lab.yaml:9:65 class.providerNetworks.public.pools.2: 172.24.4.20–172.24.4.21 overlaps 172.24.4.10–172.24.4.20; change one of the two",
        "lab.yaml:9:65 class.providerNetworks.public.pools.2: 172.24.4.20–172.24.4.21 overlaps 172.24.4.21–172.24.4.30; change one of the two",
      ],
    ],
    [
      "routes by an address that is elsewhere, and two for one destination",
      OTHER,
      `${OTHER}\n      hostRoutes: [{ to: 10.9.0.0/16, via: 192.168.100.9 }, { to: 10.9.0.0/16, via: 192.168.101.9 }]`,
      [
        "lab.yaml:23:39 student.networks.other.hostRoutes.0.via: 192.168.100.9 is not a usable address of 192.168.101.0/24; choose one from 192.168.101.1 to 192.168.101.254",
        "lab.yaml:23:63 student.networks.other.hostRoutes.1.to: 10.9.0.0/16 has a route already, by 192.168.100.9; keep one",
      ],
    ],
    [
      "what cannot be the same for all",
      OTHER,
      "cidr: { of: 10.20.0.0/16, each: 24 }\n      gateway: 10.20.0.1\n      pools: [10.20.0.9-10.20.0.99]\n      hostRoutes: [{ to: 10.9.0.0/16, via: 10.20.0.9 }]\n      dns: [dns]",
      [
        `lab.yaml:23:7 student.networks.other.gateway: ${OWN}`,
        `lab.yaml:24:7 student.networks.other.pools: ${OWN}`,
        `lab.yaml:25:7 student.networks.other.hostRoutes: ${OWN}`,
        'lab.yaml:26:13 student.networks.other.dns.0: "dns" is not an IPv4 address; write one like "10.0.7.1"',
      ],
    ],
    [
      "the gateway of a closed network",
      `${OTHER}\n  routers:\n${ROUTERS}`,
      `${OTHER}\n      closed: true\n      gateway: 192.168.101.1\n  routers:\n    router1: { gateway: public, interfaces: [private] }`,
      ["lab.yaml:24:7 student.networks.other.gateway: a closed network has none; leave it out"],
    ],
  ] as const)("%s", (_what, part, instead, problems) => {
    expect(told(labWith(part, instead)).problems).toEqual(problems);
  });

  it.each([
    ["a provider network with a VLAN that the cloud chooses", PROVIDER, `${PROVIDER}      type: vlan\n`],
    ["the highest VLAN id", PROVIDER, `${PROVIDER}      type: vlan\n      segmentationId: 4094\n`],
    [
      "a provider network of 8 addresses",
      `cidr: 172.24.4.0/24\n      gateway: 172.24.4.1\n      ${POOLS}`,
      "cidr: 172.24.4.0/29",
    ],
    ["two pools side by side", POOLS, "pools: [172.24.4.10-172.24.4.20, 172.24.4.21-172.24.4.30]"],
    [
      "a pool with the first address beside another gateway",
      OTHER,
      `${OTHER}\n      gateway: 192.168.101.254\n      pools: [192.168.101.1-192.168.101.9]`,
    ],
    [
      "all addresses of a closed network",
      "  flavors:\n",
      "  sharedNetworks:\n    shared: { cidr: 10.1.1.0/24, pools: [10.1.1.1-10.1.1.254] }\n  flavors:\n",
    ],
    ["a VLAN that the cloud chooses", OTHER, `${OTHER}\n      type: vlan\n      physicalNetwork: public`],
  ] as const)("is not %s", (_what, part, instead) => {
    expect(told(labWith(part, instead)).problems).toEqual([]);
  });

  it("is not a closed one where an instance has the first address", () => {
    const text = labWith(OTHER, `${OTHER}\n      closed: true`)
      .replace(ROUTERS, "    router1: { gateway: public, interfaces: [private] }")
      .replace(
        "      network: private\n      floatingIp: public\n",
        "      network: other\n      fixedIp: 192.168.101.1\n",
      );
    expect(told(text).problems).toEqual([]);
  });
});
