import { afterEach, describe, expect, it, vi } from "vitest";
import { resume, suspend } from "../../openstack/power.ts";
import { fakeOpenStack, type FakeAnswer, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

let cloud: FakeOpenStack;
afterEach(() => cloud.close());

/** What Nova says look by look (`ACTIVE powering-off`), and what it answers to actions, one after the other. */
async function novaWith(looks: string[], answers: FakeAnswer[] = []) {
  const actions: unknown[] = [];
  cloud = await fakeOpenStack({
    answers: {
      "GET /compute/servers/vm-1": () => {
        const [status, task] = (looks.length > 1 ? (looks.shift() ?? "") : (looks[0] ?? "")).split(" ");
        const fault = status === "ERROR" ? { fault: { message: "no disk" } } : {};
        return { body: { server: { name: "vm", status, "OS-EXT-STS:task_state": task ?? null, ...fault } } };
      },
      "POST /compute/servers/vm-1/action": ({ body }) => {
        actions.push(body);
        return answers.shift() ?? { status: 202 };
      },
    },
  });
  return { actions, session: await teacherSession(cloud) };
}

describe("suspend", () => {
  it("stops and waits until it is off", async () => {
    const { session, actions } = await novaWith(["ACTIVE", "ACTIVE powering-off", "SHUTOFF"]);
    expect(await suspend(session, "vm-1", "stop")).toEqual({ status: "SHUTOFF", changed: true });
    expect(actions).toEqual([{ "os-stop": null }]);
  });

  it.each<["stop" | "shelve", string]>([
    ["stop", "SHUTOFF"],
    ["stop", "SHELVED"],
    ["stop", "SHELVED_OFFLOADED"],
    ["shelve", "SHELVED_OFFLOADED"],
  ])("%s is content with %s", async (how, status) => {
    const { session, actions } = await novaWith([status]);
    expect(await suspend(session, "vm-1", how)).toEqual({ status, changed: false });
    expect(actions).toEqual([]);
  });

  it.each(["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"])(
    "shelves what is %s, and takes it off its host",
    async (from) => {
      const looks = [from, `${from} shelving`, "SHELVED", "SHELVED shelving_offloading", "SHELVED_OFFLOADED"];
      const { session, actions } = await novaWith(looks);
      expect(await suspend(session, "vm-1", "shelve")).toEqual({ status: "SHELVED_OFFLOADED", changed: true });
      expect(actions).toEqual([{ shelve: null }, { shelveOffload: null }]);
    },
  );

  it("leaves it shelved on its host where only administrators may take it off", async () => {
    const { session } = await novaWith(["ACTIVE", "SHELVED"], [{ status: 202 }, { status: 403 }]);
    expect(await suspend(session, "vm-1", "shelve")).toEqual({ status: "SHELVED", changed: true });
  });

  it("brings to its end what an interrupted run has begun, without asking twice", async () => {
    const { session, actions } = await novaWith(["ACTIVE powering-off", "ACTIVE powering-off", "SHUTOFF"]);
    expect(await suspend(session, "vm-1", "stop")).toEqual({ status: "SHUTOFF", changed: false });
    expect(actions).toEqual([]);
  });

  it("looks again when somebody else was quicker", async () => {
    const { session, actions } = await novaWith(["ACTIVE", "SHUTOFF"], [{ status: 409 }]);
    expect(await suspend(session, "vm-1", "stop")).toMatchObject({ status: "SHUTOFF" });
    expect(actions).toHaveLength(1);
  });

  it("says in Nova's words why it is refused", async () => {
    const refused = { status: 409, body: { conflictingRequest: { message: "the instance is locked" } } };
    const { session, actions } = await novaWith(["ACTIVE"], [refused, refused]);
    await expect(suspend(session, "vm-1", "stop")).rejects.toThrow("answers 409: the instance is locked");
    expect(actions).toHaveLength(2);
  });

  it("says when Nova could not, though it took the order", async () => {
    const { session, actions } = await novaWith(["ACTIVE", "ACTIVE shelving", "ACTIVE"]);
    await expect(suspend(session, "vm-1", "shelve")).rejects.toThrow(
      "vm (vm-1) is ACTIVE again: Nova could not shelve it",
    );
    expect(actions).toHaveLength(1);
  });

  it.each<["stop" | "shelve", string]>([
    ["stop", "PAUSED"],
    ["stop", "BUILD"],
    ["shelve", "RESCUE"],
  ])("cannot %s what is %s", async (how, status) => {
    const { session, actions } = await novaWith([status]);
    await expect(suspend(session, "vm-1", how)).rejects.toThrow(
      `vm (vm-1) is ${status}; Nova cannot ${how} it from there`,
    );
    expect(actions).toEqual([]);
  });

  it("gives Nova's reason for an error, and ends when it takes too long", async () => {
    const failed = await novaWith(["ACTIVE", "ERROR"]);
    await expect(suspend(failed.session, "vm-1", "stop")).rejects.toThrow("vm (vm-1) is in error: no disk");
    await cloud.close();
    const slow = await novaWith(["ACTIVE powering-off"]);
    await expect(suspend(slow.session, "vm-1", "stop", { timeoutSeconds: 0 })).rejects.toThrow(
      "vm-1 is not where `stop` should bring it after 0 s",
    );
  });
});

describe("resume", () => {
  it.each([
    ["SHUTOFF", "os-start"],
    ["SHELVED", "unshelve"],
    ["SHELVED_OFFLOADED", "unshelve"],
    ["PAUSED", "unpause"],
    ["SUSPENDED", "resume"],
    ["RESCUE", "unrescue"],
  ])("starts what is %s by %s", async (status, action) => {
    const { session, actions } = await novaWith([status, `${status} busy`, "ACTIVE"]);
    expect(await resume(session, "vm-1")).toEqual({ status: "ACTIVE", changed: true });
    expect(actions).toEqual([{ [action]: null }]);
  });

  it("is content with one that is active", async () => {
    const { session, actions } = await novaWith(["ACTIVE"]);
    expect(await resume(session, "vm-1")).toEqual({ status: "ACTIVE", changed: false });
    expect(actions).toEqual([]);
  });

  it("says so when no host has room for a shelved one", async () => {
    const { session } = await novaWith(["SHELVED_OFFLOADED", "SHELVED_OFFLOADED unshelving", "SHELVED_OFFLOADED"]);
    await expect(resume(session, "vm-1")).rejects.toThrow(
      "vm (vm-1) is SHELVED_OFFLOADED again: Nova could not start it",
    );
  });
});
