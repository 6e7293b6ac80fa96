import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { healthOf, type InstanceHealth, isWell, statusTotals } from "../../course/statusTotals.ts";
import { type InstanceStatus, type StatusQuestion, studentStatus } from "../../course/studentStatus.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import {
  cloudOf,
  cloudWith,
  cloudWithout,
  inCloud,
  kimsResources,
  kimsStack,
  kimsThings,
  known,
} from "./kimsThings.ts";

const status = (change: Partial<StatusQuestion> = {}) =>
  studentStatus({
    student: { id: "kim", name: "Kim" },
    ...{ expected: ["web1"], stack: kimsStack(), cloud: cloudOf(kimsThings()), describe: describeObject },
    ...change,
  });

describe("how it stands for a student", () => {
  it("all is as it should be", () => {
    expect(status()).toEqual({
      ...{ student: "kim", name: "Kim", stack: "complete", because: [], drift: [], orphans: [], madeByHand: [] },
      instances: [
        {
          ...{ instance: "web1", state: "ACTIVE", id: "kim-vm", address: "203.0.113.7", floating: true },
          url: "http://203.0.113.7/",
        },
      ],
    });
    expect(isWell(status(), false)).toBe(true);
  });

  const creating = [{ type: "creating", resource: known("port", "web1-port", "") }];
  const noOutputs = { resources: kimsResources(), outputs: {} };
  const failed = kimsResources().map((each) => ({
    ...each,
    initErrors: each.id === "kim-vm" ? ["timeout\n at x"] : [],
  }));
  it.each<[string, Partial<StatusQuestion>, string, string[]]>([
    ["no stack", { stack: undefined }, "not made", []],
    [
      "an update that was killed",
      { stack: kimsStack({ pending: creating }) },
      "incomplete",
      ["interrupted while making port web1-port"],
    ],
    [
      "an update that never ended well",
      { stack: kimsStack(noOutputs) },
      "incomplete",
      ["no update has ended well yet"],
    ],
    [
      "something that did not come up",
      { stack: kimsStack({ resources: failed }) },
      "incomplete",
      ["instance web1: timeout"],
    ],
    ["a lab with more by now", { expected: ["web1", "web2"] }, "incomplete", ["web2 is not made"]],
    ["a student who has left", { enrolled: false, expected: [] }, "left", []],
    ["a damaged state", { stack: undefined, unreadable: "it is damaged" }, "unreadable", ["it is damaged"]],
    [
      "work in progress",
      { stack: kimsStack({ pending: creating }), worker: "lee on vm" },
      "in work",
      ["lee on vm is working on it"],
    ],
  ])("tells of %s", (_what, change, stack, because) => {
    expect(status(change)).toMatchObject({ stack, because });
  });

  it.each<[string, Partial<StatusQuestion>, Partial<InstanceStatus>, InstanceHealth]>([
    [
      "error with Nova's reason",
      { cloud: cloudWith("instance", { status: "ERROR", fault: "No valid host was found." }) },
      { state: "ERROR", fault: "No valid host was found." },
      "error",
    ],
    [
      "error without a reason",
      { cloud: cloudWith("instance", { status: "ERROR" }) },
      { fault: "Nova gives no reason" },
      "error",
    ],
    [
      "stopped",
      { cloud: cloudWith("instance", { status: "SHUTOFF" }) },
      { state: "SHUTOFF", address: "203.0.113.7" },
      "suspended",
    ],
    ["shelved", { cloud: cloudWith("instance", { status: "SHELVED_OFFLOADED" }) }, {}, "suspended"],
    [
      "going down",
      { cloud: cloudWith("instance", { status: "ACTIVE", task: "powering-off" }) },
      { task: "powering-off" },
      "busy",
    ],
    ["being built", { cloud: cloudWith("instance", { status: "BUILD" }) }, {}, "busy"],
    ["deleted by hand", { cloud: cloudWithout("instance") }, { state: "gone", floating: false }, "gone"],
    ["not made", { stack: undefined }, { state: "not made" }, "not made"],
    ["a damaged state", { stack: undefined, unreadable: "damaged" }, { state: "unknown" }, "unknown"],
    ["a cloud that cannot be looked at", { cloud: undefined }, { state: "unknown", address: "203.0.113.7" }, "unknown"],
    [
      "an address that leads nowhere",
      { cloud: cloudWith("floatingIp", { floatingIp: { address: "203.0.113.7" } }) },
      { address: "192.168.10.5", floating: false },
      "active",
    ],
    [
      "another address than before",
      { cloud: cloudWith("floatingIp", { floatingIp: { address: "203.0.113.9", portId: "kim-port" } }) },
      { address: "203.0.113.9", floating: true },
      "active",
    ],
  ])("an instance: %s", (_what, change, instance, health) => {
    const [found] = status(change).instances;
    expect(found).toMatchObject(instance);
    expect(found === undefined ? undefined : healthOf(found)).toBe(health);
    if (found?.address !== "203.0.113.7") expect(found?.url).toBeUndefined();
  });

  it("shows instances in the lab's order, one that the lab no longer has last", () => {
    const old = known("instance", "old-instance", "old-vm");
    const stack = kimsStack({ resources: [old, ...kimsResources()] });
    expect(status({ stack, expected: ["db", "web1"] }).instances.map(({ instance }) => instance)).toEqual([
      ...["db", "web1", "old"],
    ]);
  });

  it("tells what was made by hand once, without its parts, and what only the course's tag tells apart", () => {
    const tags = {};
    const byHand = { tags, because: "project" } as const;
    const cloud = cloudOf([
      ...kimsThings(),
      inCloud("instance", "vm2", { ...byHand, name: "mine" }),
      inCloud("port", "p2", {
        ...byHand,
        port: { deviceOwner: "compute:nova", deviceId: "vm2", networkId: "n", fixedIps: [] },
      }),
      inCloud("group", "g2", { ...byHand, name: "my-group" }),
      inCloud("rule", "r2", { ...byHand, partOf: "g2" }),
      inCloud("port", "dhcp", { ...byHand, automatic: true }),
      inCloud("group", "named", { tags, because: "name" }),
      inCloud("network", "lost", { name: "lan" }),
      inCloud("network", "of-lee", { student: "lee" }),
    ]);
    expect(status({ cloud })).toMatchObject({
      madeByHand: ["instance mine (vm2)", "security group my-group (g2)"],
      orphans: ["network lan (lost)"],
    });
    // While somebody works on it, nobody can say what is whose.
    expect(status({ cloud, worker: "lee on vm" })).toMatchObject({ madeByHand: [], orphans: [], drift: [] });
  });

  it("knows a snapshot whose id a command of the stack has printed", () => {
    const type = "openstack:blockstorage/snapshot:Snapshot";
    const cloud = cloudOf([...kimsThings(), inCloud("network", "snap-1", { type, service: "volume" })]);
    expect(status({ cloud }).orphans).toEqual(["volume snapshot snap-1"]);
    const command = { ...known("network", "s", ""), type: "command:local:Command", outputs: { stdout: "snap-1\n" } };
    expect(status({ cloud, stack: kimsStack({ resources: [...kimsResources(), command] }) }).orphans).toEqual([]);
  });
});

describe("well or not", () => {
  const withAnswer = (answer: string) => {
    const one = status();
    return { ...one, instances: one.instances.map((each) => ({ ...each, answer })) };
  };
  it("an answer counts where the course waits for one", () => {
    expect(isWell(withAnswer("yes"), true)).toBe(true);
    expect(isWell(withAnswer("no answer"), true)).toBe(false);
    expect(isWell(withAnswer("no answer"), false)).toBe(true);
  });

  it.each<[string, Partial<StatusQuestion>, boolean]>([
    ["at rest", { cloud: cloudWith("instance", { status: "SHUTOFF" }) }, true],
    ["in error", { cloud: cloudWith("instance", { status: "ERROR" }) }, false],
    ["not made", { stack: undefined }, false],
    ["in work", { stack: kimsStack({ outputs: {} }), worker: "lee" }, true],
    ["a rule deleted", { cloud: cloudWithout("rule") }, false],
    ["things made by hand", { cloud: cloudOf([...kimsThings(), inCloud("network", "n", { tags: {} })]) }, true],
    ["an orphan", { cloud: cloudOf([...kimsThings(), inCloud("network", "n")]) }, false],
    ["no longer in the roster", { enrolled: false, expected: [] }, true],
  ])("%s", (_what, change, well) => {
    expect(isWell(status(change), true)).toBe(well);
  });

  it("every instance is counted once", () => {
    const state = fc.constantFrom(
      "ACTIVE",
      "ERROR",
      "SHUTOFF",
      "SHELVED",
      "BUILD",
      "gone",
      "not made",
      "unknown",
      "NEW",
    );
    const instance = fc.record({
      ...{ instance: fc.string(), state, floating: fc.boolean() },
      ...{ answer: fc.option(fc.constantFrom("yes", "no answer"), { nil: undefined }) },
      task: fc.option(fc.constant("rebooting"), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(instance)), (classes) => {
        const students = classes.map((instances) => ({ ...status(), instances }));
        const counted = Object.values(statusTotals(students)).reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(classes.flat().length);
      }),
    );
  });
});
