import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InstanceSecurityGroup, type IngressRule } from "../../components/instanceSecurityGroup.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const ssh: IngressRule = { protocol: "tcp", port: 22, remoteIpPrefix: "172.24.4.0/24" };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("InstanceSecurityGroup", () => {
  it("lets nothing in by itself and keeps Neutron's egress rules", async () => {
    const group = new InstanceSecurityGroup("web", { tags: ["course:dev"] });
    expect(await valueOf(group.securityGroupId)).toBe("web-group-id");
    await cloud.drain();
    expect(cloud.only(TYPES.securityGroup)).toEqual({ name: "web", tags: ["course:dev"] });
    expect(cloud.registrations.filter(({ type }) => type === TYPES.securityGroupRule)).toEqual([]);
  });

  it("opens exactly what is named", async () => {
    new InstanceSecurityGroup("web", {
      ingress: {
        ssh,
        ping: { protocol: "icmp", remoteIpPrefix: "0.0.0.0/0" },
        games: { protocol: "udp", port: 1000, lastPort: 2000, remoteIpPrefix: "10.0.0.0/8" },
      },
    });
    await cloud.drain();
    const common = { securityGroupId: "web-group-id", direction: "ingress", ethertype: "IPv4" };
    expect(cloud.named(TYPES.securityGroupRule, "web-ssh-rule")).toEqual({
      ...common,
      protocol: "tcp",
      portRangeMin: 22,
      portRangeMax: 22,
      remoteIpPrefix: "172.24.4.0/24",
      description: "ssh",
    });
    expect(cloud.named(TYPES.securityGroupRule, "web-ping-rule")).toEqual({
      ...common,
      protocol: "icmp",
      remoteIpPrefix: "0.0.0.0/0",
      description: "ping",
    });
    expect(cloud.named(TYPES.securityGroupRule, "web-games-rule")).toMatchObject({
      portRangeMin: 1000,
      portRangeMax: 2000,
    });
  });

  it.each<[string, IngressRule]>([
    ["port 22", { ...ssh, remoteIpPrefix: "0.0.0.0/0" }],
    ["a range around 22", { protocol: "tcp", port: 20, lastPort: 30, remoteIpPrefix: "0.0.0.0/0" }],
    ["every TCP port", { protocol: "tcp", remoteIpPrefix: "0.0.0.0/0" }],
  ])("refuses SSH open to the world by %s unless it is said", async (_case, rule) => {
    expect(() => new InstanceSecurityGroup("web", { ingress: { rule } })).toThrow("set allowWorldSsh to true");
    new InstanceSecurityGroup("web", { ingress: { rule }, allowWorldSsh: true });
    await cloud.drain();
    expect(cloud.registrations.filter(({ type }) => type === TYPES.securityGroupRule)).toHaveLength(1);
  });

  it("has another name in OpenStack", async () => {
    new InstanceSecurityGroup("web", { groupName: "WEBSRV_SG" });
    await cloud.drain();
    expect(cloud.named(TYPES.securityGroup, "web-group")["name"]).toBe("WEBSRV_SG");
    expect(() => new InstanceSecurityGroup("web", { groupName: "" })).toThrow("groupName: is empty");
  });

  it("lets the world in at another port", async () => {
    new InstanceSecurityGroup("web", { ingress: { web: { protocol: "tcp", port: 80, remoteIpPrefix: "0.0.0.0/0" } } });
    await cloud.drain();
    expect(cloud.only(TYPES.securityGroupRule)["portRangeMin"]).toBe(80);
  });

  it.each<[Partial<IngressRule>, string]>([
    [{ remoteIpPrefix: "everyone" }, 'ingress.rule.remoteIpPrefix: "everyone" is not an IPv4 network'],
    [{ port: 70000 }, "ingress.rule.port: 70000 is not a port; choose one from 1 to 65535"],
    [{ port: 80, lastPort: 70000 }, "ingress.rule.lastPort: 70000 is not a port"],
    [{ port: 90, lastPort: 80 }, "ingress.rule.lastPort: 80 comes before the first port 90"],
    [{ protocol: "icmp" }, "ingress.rule.port: icmp has no ports"],
    [{ protocol: "icmp", port: undefined, lastPort: 80 }, "ingress.rule.lastPort: icmp has no ports"],
    [{ port: undefined, lastPort: 80 }, "ingress.rule.lastPort: needs a first port"],
  ])("refuses %o", (wrong, reason) => {
    expect(() => new InstanceSecurityGroup("web", { ingress: { rule: { ...ssh, ...wrong } } })).toThrow(reason);
  });

  it.each(["port", "lastPort"])("names a bad %s once", (argument) => {
    const reason = "0 is not a port; choose one from 1 to 65535";
    expect(() => new InstanceSecurityGroup("web", { ingress: { rule: { ...ssh, [argument]: 0 } } })).toThrow(
      expect.objectContaining({ problems: [{ path: `ingress.rule.${argument}`, reason }] }),
    );
  });
});
