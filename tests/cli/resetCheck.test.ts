import { describe, expect, it } from "vitest";
import { beyondReset, changedByReset } from "../../cli/commands/resetCheck.ts";
import type { Effect } from "../../course/effect.ts";
import type { StackState } from "../../engine/stackStates.ts";

const STACK = "urn:pulumi:net101.kim::classroom::";
const COMPONENT = `${STACK}classroom:index:WebServerInstance::net101-kim-web1`;
const urnOf = (type: string, name: string) => `${STACK}classroom:index:WebServerInstance$${type}::net101-kim-${name}`;
const INSTANCE = urnOf("openstack:compute/instance:Instance", "web1-instance");
const PORT = urnOf("openstack:networking/port:Port", "web1-port");

const resource = (urn: string, id: string, outputs: Record<string, unknown> = {}) => ({
  ...{ urn, id, outputs, inputs: {}, custom: id !== "", parent: "", provider: "", initErrors: [], delete: false },
  type: urn.split("::")[2]?.split("$").at(-1) ?? "",
});
const PLACE = { instanceId: "vm-1", fixedIp: "192.168.1.5", floatingIp: "172.24.4.11", portId: "port-1" };
const before: StackState = {
  ...{ stack: "net101.kim", pending: [], outputs: {}, digest: "" },
  resources: [
    resource(COMPONENT, "", PLACE),
    resource(INSTANCE, "vm-1"),
    resource(PORT, "port-1"),
    resource(urnOf("command:local:Command", "web1-ready"), "ready-1"),
    resource(urnOf("openstack:compute/volumeAttach:VolumeAttach", "data-attachment"), "vm-1/volume-1"),
    resource(urnOf("openstack:compute/keypair:Keypair", "key-keypair"), "key"),
  ],
};
/** The state after a reset, with further changes: other ids by URN (null is gone), other places. */
function after(ids: Record<string, string | null> = {}, place: object = {}): StackState {
  const changed = { [INSTANCE]: "vm-2", ...ids };
  return {
    ...before,
    resources: before.resources.flatMap((each) => {
      const id = changed[each.urn];
      if (id === null) return [];
      const outputs = each.urn === COMPONENT ? { ...PLACE, instanceId: "vm-2", ...place } : each.outputs;
      return [{ ...each, outputs, id: id ?? each.id }];
    }),
  };
}

describe("changedByReset", () => {
  it.each([
    ["only the instance is another one", after()],
    [
      "what hangs on it is another one too",
      after({
        [urnOf("command:local:Command", "web1-ready")]: "ready-2",
        [urnOf("openstack:compute/volumeAttach:VolumeAttach", "data-attachment")]: "vm-2/volume-1",
      }),
    ],
  ])("has nothing to say when %s", (_case, state) => {
    expect(changedByReset(before, state, [INSTANCE])).toEqual([]);
  });

  it.each([
    ["another port", after({ [PORT]: "port-2" }), "net101-kim-web1-port was port-1, and is port-2"],
    ["no port", after({ [PORT]: null }), "net101-kim-web1-port was port-1, and is gone"],
    [
      "another address",
      after({}, { floatingIp: "172.24.4.12" }),
      "floatingIp of net101-kim-web1 was 172.24.4.11, and is 172.24.4.12",
    ],
    ["no address", after({}, { fixedIp: undefined }), "fixedIp of net101-kim-web1 was 192.168.1.5, and is gone"],
    [
      "another key pair",
      after({ [urnOf("openstack:compute/keypair:Keypair", "key-keypair")]: "other" }),
      "net101-kim-key-keypair was key, and is other",
    ],
    ["the same instance", after({ [INSTANCE]: "vm-1" }), "net101-kim-web1-instance was not made anew"],
    ["no instance", after({ [INSTANCE]: null }), "net101-kim-web1-instance was not made anew"],
  ])("tells of %s", (_case, state, problem) => {
    expect(changedByReset(before, state, [INSTANCE])).toContain(problem);
  });

  it("tells of an instance that was not meant", () => {
    expect(changedByReset(before, after(), [])).toEqual(["net101-kim-web1-instance was vm-1, and is vm-2"]);
  });
});

describe("beyondReset", () => {
  const effect = (urn: string, impact: Effect["impact"]): Effect => ({
    ...{ urn, impact, thing: "", text: "", why: [], byHand: false, losesData: false },
  });
  it.each([
    ["the instance", effect(INSTANCE, "rebuilt"), false],
    ["waiting for it", effect(urnOf("command:local:Command", "web1-ready"), "none"), false],
    ["its volumes", effect(urnOf("openstack:compute/volumeAttach:VolumeAttach", "data"), "interrupted"), false],
    ["its port", effect(PORT, "changed"), true],
    ["another instance", effect(urnOf("openstack:compute/instance:Instance", "db-instance"), "restarted"), true],
    ["a snapshot's command", effect(urnOf("command:local:Command", "snap"), "rebuilt"), true],
    ["a volume", effect(urnOf("openstack:blockstorage/volume:Volume", "data"), "changed"), true],
  ])("%s", (_case, one, beyond) => {
    expect(beyondReset([one], [INSTANCE])).toEqual(beyond ? [one] : []);
  });
});
