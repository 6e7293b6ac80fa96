import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KnownStack } from "../../course/cloudView.ts";
import type { Finding } from "../../course/finding.ts";
import { type ClassFacts, findings } from "../../course/invariants.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import { deleteCommand } from "../../openstack/deleteCommand.ts";
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

const CLASS: KnownStack = { stack: "net101", resources: [], pending: [], outputs: { class: {} } };
const stacks = (...some: KnownStack[]) => new Map([CLASS, ...some].map((stack) => [stack.stack, stack]));

const found = (change: Partial<ClassFacts> = {}): Finding[] =>
  findings({
    ...{ course: "net101", suffix: "", client: "openstack --os-cloud campus" },
    ...{ enrolled: ["kim"], expected: ["web1"], states: stacks(kimsStack()), unreadable: [], inWork: [] },
    ...{ cloud: cloudOf(kimsThings()), describe: describeObject },
    deletion: (thing) => deleteCommand(thing, "openstack"),
    ...change,
  });
/** Rule, who and mend of each. */
const told = (change: Partial<ClassFacts>) => found(change).map(({ rule, who, mend }) => [rule, who, mend].join(" | "));

const creating = [{ type: "creating", resource: known("port", "web1-port", "") }];
const initErrors = kimsResources().map((each) => ({ ...each, initErrors: each.id === "kim-vm" ? ["timeout"] : [] }));
const inError = cloudWith("instance", { status: "ERROR", fault: "No valid host was found." });

describe("what is not as it should be in state and cloud", () => {
  it("nothing, where all is well", () => {
    expect(found()).toEqual([]);
  });

  it.each<[string, Partial<ClassFacts>, string[]]>([
    ["an instance in error since it came up", { cloud: inError }, ["instance-error | kim | classroom reset kim"]],
    [
      "an instance that never came up",
      { cloud: inError, states: stacks(kimsStack({ resources: initErrors })) },
      ["incomplete | kim | classroom up --students kim", "instance-error | kim | classroom up --students kim"],
    ],
    [
      "an instance deleted by hand",
      { cloud: cloudWithout("instance") },
      ["deleted | kim | classroom up --students kim"],
    ],
    [
      "an address that leads nowhere",
      { cloud: cloudWith("floatingIp", { floatingIp: { address: "203.0.113.7" } }) },
      ["address | kim | classroom up --students kim"],
    ],
    [
      "a port whose groups were changed, which no update sees",
      {
        cloud: cloudWith("port", {
          port: {
            ...kimsThings().find(({ port }) => port !== undefined)?.port,
            deviceOwner: "",
            deviceId: "",
            networkId: "",
            fixedIps: [{ subnetId: "s", address: "192.168.10.5" }],
            securityGroupIds: [],
          },
        }),
      },
      ["changed | kim | openstack --os-cloud campus port set --no-security-group --security-group kim-group kim-port"],
    ],
    [
      "a port whose group was deleted, which an update makes again",
      {
        cloud: cloudOf(
          kimsThings().flatMap((thing) =>
            ["kim-group", "kim-rule"].includes(thing.id)
              ? []
              : thing.port === undefined
                ? [thing]
                : [{ ...thing, port: { ...thing.port, securityGroupIds: [] } }],
          ),
        ),
      },
      ["deleted | kim | classroom up --students kim", "changed | kim | classroom up --students kim"],
    ],
    [
      "an update that was killed",
      { states: stacks(kimsStack({ pending: creating })) },
      ["interrupted | kim | classroom up --students kim"],
    ],
    ["a lab with more by now", { expected: ["web1", "web2"] }, ["incomplete | kim | classroom up --students kim"]],
    ["a student without stack", { enrolled: ["kim", "lee"] }, ["not-made | lee | classroom up --students lee"]],
    [
      "students without stacks, together",
      { enrolled: ["kim", "lee", "park"] },
      ["not-made | lee,park | classroom up --students lee,park"],
    ],
    ["nobody's stack", { enrolled: ["kim"], states: new Map(), cloud: cloudOf([]) }, ["not-made | kim | classroom up"]],
    ["no class stack", { states: new Map([["net101.kim", kimsStack()]]) }, ["not-made | class | classroom up"]],
    [
      "a student who has left the roster",
      { enrolled: [], states: stacks(kimsStack({ pending: creating })) },
      ["former-student | kim | classroom up --prune", "interrupted | kim | classroom up --prune"],
    ],
    [
      "something of a killed run",
      { states: stacks(kimsStack({ pending: creating })), cloud: cloudOf([...kimsThings(), inCloud("port", "lost")]) },
      ["interrupted | kim | classroom up --students kim", "orphan | kim | classroom up --students kim"],
    ],
    [
      "something tagged that no lab gives, perhaps",
      { cloud: cloudOf([...kimsThings(), inCloud("network", "lost")]) },
      ["orphan | kim | classroom up --students kim; what is still found afterwards: openstack network delete lost"],
    ],
    [
      "a lost state, by the project",
      { states: stacks(), enrolled: ["kim"] },
      ["not-made | kim | classroom up", "orphan | kim | classroom up --students kim"],
    ],
    [
      "what somebody who has left and has no stack left behind",
      {
        cloud: cloudOf([
          ...kimsThings(),
          inCloud("floatingIp", "f", { student: "old" }),
          inCloud("interface", "i", { student: "old", partOf: "r" }),
        ]),
      },
      ["orphan | old | openstack floating ip delete f; openstack router remove port r i"],
    ],
    [
      "something of the class",
      { cloud: cloudOf([...kimsThings(), { ...inCloud("network", "n"), student: undefined }]) },
      ["orphan | class | classroom up; what is still found afterwards: openstack network delete n"],
    ],
  ])("%s", (_what, change, expected) => {
    expect(told(change)).toEqual(expected);
  });

  it("quotes what was seen", () => {
    expect(found({ cloud: inError })[0]).toMatchObject({
      what: "instance web1 (kim-vm) is in error",
      evidence: "No valid host was found.",
    });
    expect(found({ states: stacks(kimsStack({ pending: creating })) })[0]?.evidence).toBe(
      "interrupted while making port web1-port",
    );
    expect(found({ cloud: cloudWithout("instance") })[0]).toMatchObject({
      what: "instance web1 (kim-vm) was deleted by hand",
      evidence: "the state has Instance kim-vm, the cloud has not",
    });
  });

  it("types commands for a course elsewhere", () => {
    const [finding] = found({ cloud: cloudWithout("instance"), suffix: " --course ~/net101" });
    expect(finding?.mend).toBe("classroom up --students kim --course ~/net101");
  });

  it("says what can be said without cloud, roster or state", () => {
    const interrupted = stacks(kimsStack({ pending: creating }));
    expect(told({ cloud: undefined, states: interrupted })).toEqual([
      "interrupted | kim | classroom up --students kim",
    ]);
    expect(told({ enrolled: undefined, cloud: cloudWithout("instance") })).toEqual([
      "deleted | kim | classroom up --students kim",
    ]);
    expect(found({ states: undefined })).toEqual([]);
    // A damaged state is not an empty one: what is in the cloud is not an orphan, and the student has a stack.
    expect(found({ states: stacks(), unreadable: ["net101.kim"] })).toEqual([]);
  });

  it("says nothing of a stack that is being worked on", () => {
    const busy = { inWork: ["net101.kim"], states: stacks(kimsStack({ pending: creating })) };
    expect(found({ ...busy, cloud: cloudOf([...kimsThings(), inCloud("port", "new")]) })).toEqual([]);
    expect(found({ ...busy, cloud: cloudOf([]) })).toEqual([]);
  });

  it("leaves what students make to themselves", () => {
    const mine = inCloud("instance", "mine", { tags: {}, because: "project", status: "ERROR" });
    expect(found({ cloud: cloudOf([...kimsThings(), mine]) })).toEqual([]);
  });

  it("whatever is deleted and left over, each finding is of the right student and has a command that begins as one", () => {
    const lees = kimsThings("lee");
    const everything = [...kimsThings(), ...lees];
    const states = stacks(kimsStack(), kimsStack({}, "lee"));
    fc.assert(
      fc.property(fc.subarray(everything), fc.subarray(["a", "b"]), (left, more) => {
        const cloud = cloudOf([...left, ...more.map((id) => inCloud("network", id))]);
        const all = found({ enrolled: ["kim", "lee"], states, cloud });
        expect(all.every(({ mend }) => /^(classroom (up|reset)|openstack) /.test(mend))).toBe(true);
        const isWhole = (student: string) => left.filter((thing) => thing.student === student).length === lees.length;
        expect(all.some(({ who, rule }) => who === "lee" && rule === "deleted")).toBe(!isWhole("lee"));
        expect(all.filter(({ rule }) => rule === "orphan")).toHaveLength(more.length === 0 ? 0 : 1);
        expect(all.some(({ who }) => who !== "kim" && who !== "lee")).toBe(false);
      }),
    );
  });
});
