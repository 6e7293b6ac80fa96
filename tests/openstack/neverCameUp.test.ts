import { afterEach, describe, expect, it, vi } from "vitest";
import { deleteWhatNeverCameUp } from "../../openstack/neverCameUp.ts";
import { UserError } from "../../terminal/userError.ts";
import { fakeOpenStack, type FakeAnswer, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

let cloud: FakeOpenStack;
afterEach(() => cloud.close());

interface Nova {
  /** What it says look by look; the last for ever, "gone" when there is none. */
  looks: string[];
  /** Seconds since it was asked for, by Nova's clock. @default 60 */
  age?: number;
  /** @default false */
  hasRun?: boolean;
  deletion?: FakeAnswer;
}

async function novaWith({ looks, age = 60, hasRun = false, deletion = { status: 204 } }: Nova) {
  const created = new Date(Date.now() - age * 1000).toISOString();
  let isDeleted = false;
  cloud = await fakeOpenStack({
    answers: {
      "GET /compute/servers/vm-1": () => {
        const status = looks.length > 1 ? looks.shift() : looks[0];
        if (isDeleted || status === "gone") return { status: 404 };
        const launched = hasRun ? "2026-01-01T00:00:00.000000" : null;
        return {
          body: { server: { id: "vm-1", name: "kim-web1", status, created, "OS-SRV-USG:launched_at": launched } },
        };
      },
      "DELETE /compute/servers/vm-1": () => {
        isDeleted = deletion.status === 204;
        return deletion;
      },
    },
  });
  return teacherSession(cloud);
}

const deletions = () => cloud.requests.filter((request) => request.startsWith("DELETE"));

describe("an instance that nobody has waited for", () => {
  it("is waited for while it is built, and left alone once it runs", async () => {
    const lines: string[] = [];
    const session = await novaWith({ looks: ["BUILD", "BUILD", "BUILD", "ACTIVE"] });
    expect(await deleteWhatNeverCameUp(session, ["vm-1"], { report: (line) => lines.push(line) })).toEqual([]);
    expect(deletions()).toEqual([]);
    expect(lines).toEqual(["waiting for kim-web1, which is still being built"]);
  });

  it("is deleted when it is built for too long", async () => {
    const session = await novaWith({ looks: ["BUILD"], age: 16 * 60 });
    expect(await deleteWhatNeverCameUp(session, ["vm-1"])).toEqual(["vm-1"]);
    expect(deletions()).toEqual(["DELETE /compute/servers/vm-1"]);
  });

  it("is deleted no later where Nova's clock is ahead", async () => {
    const session = await novaWith({ looks: ["BUILD"], age: -3600 });
    expect(await deleteWhatNeverCameUp(session, ["vm-1"], { buildSeconds: 0 })).toEqual(["vm-1"]);
  });

  it("is deleted when it went to ERROR instead", async () => {
    const session = await novaWith({ looks: ["BUILD", "ERROR"] });
    expect(await deleteWhatNeverCameUp(session, ["vm-1"])).toEqual(["vm-1"]);
    expect(deletions()).toHaveLength(1);
  });

  it.each(["ERROR", "SHUTOFF", "SHELVED_OFFLOADED", "REBUILD"])(
    "is kept when it is %s and ran before",
    async (status) => {
      const session = await novaWith({ looks: [status], hasRun: true, age: 16 * 60 });
      expect(await deleteWhatNeverCameUp(session, ["vm-1"])).toEqual([]);
      expect(deletions()).toEqual([]);
    },
  );

  it("is told of when it is gone already", async () => {
    expect(await deleteWhatNeverCameUp(await novaWith({ looks: ["gone"] }), ["vm-1"])).toEqual(["vm-1"]);
  });

  it("is neither waited for nor deleted once whoever waits is told to stop", async () => {
    const session = await novaWith({ looks: ["BUILD"] });
    expect(await deleteWhatNeverCameUp(session, ["vm-1"], { isOver: () => true })).toBeUndefined();
    expect(deletions()).toEqual([]);
  });

  it("is an error where it never came up and cannot be deleted", async () => {
    const session = await novaWith({
      looks: ["ERROR"],
      deletion: { status: 403, body: { forbidden: { message: "no" } } },
    });
    const refusal = deleteWhatNeverCameUp(session, ["vm-1"]);
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow(/kim-web1 never came up, and could not be deleted/);
  });
});
