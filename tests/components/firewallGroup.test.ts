import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FirewallGroup, type FirewallGroupArgs } from "../../components/firewallGroup.ts";
import type { FirewallRule } from "../../lab/firewallRules.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const args: FirewallGroupArgs = {
  ingress: {
    web: { action: "allow", protocol: "tcp", destinationPort: 80 },
    games: {
      action: "reject",
      protocol: "udp",
      destinationPort: 1000,
      lastDestinationPort: 2000,
      sourceIp: "10.0.0.0/8",
    },
    rest: { action: "deny", protocol: "any", destinationIp: "10.0.7.5" },
  },
  egress: { all: { action: "allow", protocol: "any" } },
  portIds: ["interface-id"],
  tags: ["course:dev", "student:kim"],
};
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("FirewallGroup", () => {
  it("guards the ports with two policies that have their rules in order", async () => {
    const firewall = new FirewallGroup("fw", args);
    expect(await valueOf(firewall.firewallGroupId)).toBe("fw-group-id");
    expect(cloud.only(TYPES.firewallGroup)).toEqual({
      name: "fw",
      description: "course:dev student:kim",
      ingressFirewallPolicyId: "fw-ingress-policy-id",
      egressFirewallPolicyId: "fw-egress-policy-id",
      ports: ["interface-id"],
    });
    expect(cloud.named(TYPES.firewallPolicy, "fw-ingress-policy")).toEqual({
      name: "fw-ingress-policy",
      rules: ["fw-ingress-web-rule-id", "fw-ingress-games-rule-id", "fw-ingress-rest-rule-id"],
    });
    expect(cloud.named(TYPES.firewallPolicy, "fw-egress-policy")["rules"]).toEqual(["fw-egress-all-rule-id"]);
  });

  it("says of each rule what is known and nothing more", async () => {
    new FirewallGroup("fw", args);
    await cloud.drain();
    expect(cloud.named(TYPES.firewallRule, "fw-ingress-web-rule")).toEqual({
      name: "fw-ingress-web-rule",
      action: "allow",
      protocol: "tcp",
      ipVersion: 4,
      destinationPort: "80",
    });
    expect(cloud.named(TYPES.firewallRule, "fw-ingress-games-rule")).toEqual({
      name: "fw-ingress-games-rule",
      action: "reject",
      protocol: "udp",
      ipVersion: 4,
      destinationPort: "1000:2000",
      sourceIpAddress: "10.0.0.0/8",
    });
    expect(cloud.named(TYPES.firewallRule, "fw-ingress-rest-rule")).toEqual({
      name: "fw-ingress-rest-rule",
      action: "deny",
      protocol: "any",
      ipVersion: 4,
      destinationIpAddress: "10.0.7.5",
    });
  });

  it("lets nothing through without rules, under another name", async () => {
    new FirewallGroup("fw", { ingress: {}, egress: {}, portIds: [], groupName: "closed" });
    await cloud.drain();
    expect(cloud.named(TYPES.firewallPolicy, "fw-ingress-policy")["rules"]).toEqual([]);
    expect(cloud.only(TYPES.firewallGroup)).toMatchObject({ name: "closed", description: "", ports: [] });
  });

  it.each<[Partial<FirewallRule>, string]>([
    [{ destinationPort: 0 }, "ingress.web.destinationPort: 0 is not a port; choose one from 1 to 65535"],
    [{ lastDestinationPort: 70_000 }, "ingress.web.lastDestinationPort: 70000 is not a port"],
    [{ lastDestinationPort: 79 }, "ingress.web.lastDestinationPort: 79 comes before the first port 80"],
    [{ protocol: "icmp" }, "ingress.web.destinationPort: icmp has no ports"],
    [{ protocol: "any" }, "ingress.web.destinationPort: any has no ports"],
    [{ sourceIp: "10.0.7.1/24" }, 'ingress.web.sourceIp: "10.0.7.1/24" is neither an address nor a network'],
    [{ destinationIp: "everywhere" }, 'ingress.web.destinationIp: "everywhere" is neither'],
  ])("refuses the rule %o and registers nothing", async (wrong, reason) => {
    const web: FirewallRule = { action: "allow", protocol: "tcp", destinationPort: 80, ...wrong };
    expect(() => new FirewallGroup("fw", { ...args, ingress: { web } })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("refuses the end of a range without its beginning", () => {
    const web: FirewallRule = { action: "allow", protocol: "tcp", lastDestinationPort: 79 };
    expect(() => new FirewallGroup("fw", { ...args, ingress: { web } })).toThrow(
      "ingress.web.lastDestinationPort: needs a first port",
    );
  });

  it("refuses names that would change the order", () => {
    const rule: FirewallRule = { action: "deny", protocol: "any" };
    expect(() => new FirewallGroup("fw", { ...args, egress: { all: rule, 10: rule } })).toThrow(
      "egress.10: a rule's name must not be a number",
    );
    expect(() => new FirewallGroup("fw", { ...args, groupName: "" })).toThrow("groupName: is empty");
    expect(() => new FirewallGroup("fw", { ...args, groupName: "default" })).toThrow(
      'groupName: "default" is the name',
    );
  });
});
