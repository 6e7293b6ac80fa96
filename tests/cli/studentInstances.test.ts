import { describe, expect, it } from "vitest";
import { z } from "zod";
import { studentInstances } from "../../cli/instances/studentInstances.ts";
import type { StackState } from "../../engine/stackStates.ts";
import { type InstanceInState, instanceResources } from "./instancesFolder.ts";

const resource = z.looseObject({
  ...{ urn: z.string(), type: z.string(), custom: z.boolean().default(false), id: z.string().default("") },
  ...{ parent: z.string().default(""), provider: z.string().default(""), delete: z.boolean().default(false) },
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
  initErrors: z.array(z.string()).default([]),
});
const state = (instances: Record<string, InstanceInState>, outputs = {}): StackState => ({
  ...{ stack: "net101.kim", pending: [], outputs, digest: "" },
  resources: Object.entries(instances)
    .flatMap(([name, each]) => instanceResources("kim", name, each))
    .map((each) => resource.parse(each)),
});
const of = (...args: Parameters<typeof state>) => studentInstances("kim", "net101-kim", state(...args));
const output = (instanceId: string, floatingIp: string | null) => ({
  ...{ instanceId, floatingIp, fixedIp: "192.168.100.5", sshCommand: null, url: null },
  ...{ consoleCommand: "", consoleUrlCommand: "" },
});

describe("studentInstances", () => {
  it("have the lab's names, in order", () => {
    expect(of({ "web-1": { floatingIp: "172.24.4.11" }, db: {} })).toMatchObject([
      { name: "db", instanceId: "kim-db", floatingIp: undefined },
      {
        name: "web-1",
        instanceId: "kim-web-1",
        floatingIp: "172.24.4.11",
        loginUser: "debian",
        fixedIp: "192.168.100.5",
      },
    ]);
  });

  it("have the floating IP that leads to them, not the one they lend", () => {
    const instances = { db: output("kim-db", "172.24.4.11"), web1: output("kim-web1", null) };
    expect(
      of({ db: {}, web1: { floatingIp: "172.24.4.11" } }, { instances }).map(({ floatingIp }) => floatingIp),
    ).toEqual(["172.24.4.11", undefined]);
  });

  it("are told from the resources where outputs are of an instance before", () => {
    const instances = { web1: output("former", "172.24.4.99") };
    expect(of({ web1: { floatingIp: "172.24.4.11" } }, { instances })).toMatchObject([{ floatingIp: "172.24.4.11" }]);
  });

  it("are not those that a cut off replacement has deleted", () => {
    expect(of({ web1: { pendingReplacement: true } })).toEqual([]);
  });
});
