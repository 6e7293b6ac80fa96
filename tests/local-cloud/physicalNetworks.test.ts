import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { cloudNames, nameserver } from "../../local-cloud/nameserver.ts";
import { physicalNetworks, publicResolver, underlay } from "../../local-cloud/physicalNetworks.ts";

const gateways = physicalNetworks.flatMap(({ gateways }) => gateways);
const addresses = gateways.map((gateway) => gateway.replace(/\/.*/, ""));

describe("the physical networks", () => {
  it("have names, bridges and gateways of their own, and bridges that Linux takes", () => {
    for (const each of [
      physicalNetworks.map(({ name }) => name),
      physicalNetworks.map(({ bridge }) => bridge),
      addresses,
    ])
      expect(new Set(each).size).toBe(each.length);
    for (const { bridge } of physicalNetworks) expect(bridge.length).toBeLessThan(16);
  });

  it("give every gateway an address that a host can have, and none the tunnels' block", () => {
    for (const gateway of gateways) {
      const block = ipaddr.IPv4.parseCIDR(gateway);
      expect(gateway).not.toBe(ipaddr.IPv4.networkAddressFromCIDR(gateway).toString());
      expect(ipaddr.IPv4.parse(underlay.address).match(block)).toBe(false);
      expect(ipaddr.IPv4.parse(publicResolver).match(block)).toBe(false);
    }
  });

  it("offer what the labs need", () => {
    const of = (name: string) => physicalNetworks.find((network) => network.name === name)?.gateways;
    expect(of("public")).toEqual(["172.24.4.1/24"]);
    expect(of("extnet")).toContain("10.0.0.1/8");
    expect(of("external")).toEqual(expect.arrayContaining(["10.10.10.1/24", "10.10.20.1/24", "10.10.30.1/24"]));
    expect(of("ext1")).toEqual(["10.0.0.2/24"]);
  });
});

describe("the name server", () => {
  const lines = (nameserver().configFiles?.[0]?.text ?? "").split("\n");
  const values = (key: string) =>
    lines.flatMap((line) => (line.startsWith(`${key}=`) ? line.slice(key.length + 1) : []));

  it("answers on every gateway and on the labs' resolver, and nowhere else", () => {
    expect(new Set(values("listen-address"))).toEqual(new Set([publicResolver, ...addresses]));
    expect(lines).toContain("bind-interfaces");
  });

  it("knows the cloud's own names, and asks nobody for others", () => {
    expect(cloudNames().get("gateway.cloud.internal")).toBe("172.24.4.1");
    expect(cloudNames().get("ext1.cloud.internal")).toBe("10.0.0.2");
    expect(values("host-record")).toEqual([...cloudNames()].map(([name, address]) => `${name},${address}`));
    expect(lines).toEqual(expect.arrayContaining(["no-resolv", "no-hosts", "local=/#/"]));
    expect(values("server")).toEqual([]);
  });
});
