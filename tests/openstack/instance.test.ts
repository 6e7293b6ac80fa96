import { afterEach, describe, expect, it, vi } from "vitest";
import { consoleUrl } from "../../openstack/consoleUrl.ts";
import { snapshotInstance } from "../../openstack/instanceSnapshot.ts";
import { reboot } from "../../openstack/reboot.ts";
import { fakeOpenStack, type FakeAnswer, type FakeOpenStack, type FakeRequest } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

let cloud: FakeOpenStack;
afterEach(() => cloud.close());

/** A cloud with these answers, and what it was sent. */
async function cloudWith(answers: Record<string, FakeAnswer[]>) {
  const sent: FakeRequest[] = [];
  cloud = await fakeOpenStack({
    answers: Object.fromEntries(
      Object.entries(answers).map(([key, sequence]) => [
        key,
        (request: FakeRequest) => {
          sent.push(request);
          return (sequence.length > 1 ? sequence.shift() : sequence[0]) ?? {};
        },
      ]),
    ),
  });
  return { sent, session: await teacherSession(cloud) };
}

const OWN_URL = "http://10.0.0.5:6080/vnc_lite.html?path=%3Ftoken%3Dabc";
const CONSOLE = { "POST /compute/servers/vm-1/remote-consoles": [{ body: { remote_console: { url: OWN_URL } } }] };

describe("consoleUrl", () => {
  it("asks for a noVNC console and gives the cloud's own address", async () => {
    const { session, sent } = await cloudWith(CONSOLE);
    expect(await consoleUrl(session, "vm-1")).toBe(OWN_URL);
    expect(sent[0]?.body).toEqual({ remote_console: { protocol: "vnc", type: "novnc" } });
    expect(sent[0]?.headers["openstack-api-version"]).toBe("compute 2.6");
  });

  it.each([
    ["127.0.0.1", "http://127.0.0.1:6080/vnc_lite.html?path=%3Ftoken%3Dabc"],
    ["127.0.0.1:16080", "http://127.0.0.1:16080/vnc_lite.html?path=%3Ftoken%3Dabc"],
    ["cloud.example.org:80", "http://cloud.example.org/vnc_lite.html?path=%3Ftoken%3Dabc"],
    ["[::1]", "http://[::1]:6080/vnc_lite.html?path=%3Ftoken%3Dabc"],
  ])("puts %s in its place", async (host, expected) => {
    const { session } = await cloudWith(CONSOLE);
    expect(await consoleUrl(session, "vm-1", host)).toBe(expected);
  });

  it.each(["", "http://127.0.0.1", "a/b", "a:b"])("refuses %j as a host", async (host) => {
    const { session } = await cloudWith(CONSOLE);
    await expect(consoleUrl(session, "vm-1", host)).rejects.toThrow(`--host: "${host}" is not a host`);
  });

  it("says in Nova's words why there is none", async () => {
    const { session } = await cloudWith({
      "POST /compute/servers/vm-1/remote-consoles": [
        { status: 409, body: { conflictingRequest: { code: 409, message: "Instance is not ready" } } },
      ],
    });
    await expect(consoleUrl(session, "vm-1")).rejects.toThrow(
      /POST .*remote-consoles answers 409: Instance is not ready$/,
    );
  });
});

describe("reboot", () => {
  const state = (status: string, fault?: string): FakeAnswer => ({
    body: { server: { status, ...(fault === undefined ? {} : { fault: { message: fault } }) } },
  });

  it("pushes the power switch and waits until the instance is active", async () => {
    const { session, sent } = await cloudWith({
      "POST /compute/servers/vm-1/action": [{ status: 202 }],
      "GET /compute/servers/vm-1": [state("HARD_REBOOT"), state("ACTIVE")],
    });
    await reboot(session, "vm-1", "hard");
    expect(sent[0]?.body).toEqual({ reboot: { type: "HARD" } });
    expect(sent).toHaveLength(3);
  });

  it("looks again when the connection is dropped, and gives up when it is four times in a row", async () => {
    const { session, sent } = await cloudWith({
      "POST /compute/servers/vm-1/action": [{ status: 202 }],
      "GET /compute/servers/vm-1": [{ hangUp: true }, state("REBOOT"), { hangUp: true }, { hangUp: true }],
    });
    await expect(reboot(session, "vm-1", "soft")).rejects.toThrow("cannot reach");
    expect(sent).toHaveLength(7);
  });

  it("never pushes the power switch twice", async () => {
    const { session, sent } = await cloudWith({ "POST /compute/servers/vm-1/action": [{ hangUp: true }] });
    await expect(reboot(session, "vm-1", "hard")).rejects.toThrow("cannot reach");
    expect(sent).toHaveLength(1);
  });

  it("gives Nova's reason when it fails", async () => {
    const { session } = await cloudWith({
      "POST /compute/servers/vm-1/action": [{ status: 202 }],
      "GET /compute/servers/vm-1": [state("ERROR", "no disk")],
    });
    await expect(reboot(session, "vm-1", "soft")).rejects.toThrow("vm-1 is in error after the reboot: no disk");
  });

  it("ends when it takes too long", async () => {
    const { session } = await cloudWith({
      "POST /compute/servers/vm-1/action": [{ status: 202 }],
      "GET /compute/servers/vm-1": [state("REBOOT")],
    });
    await expect(reboot(session, "vm-1", "soft", 0)).rejects.toThrow("vm-1 is not active after 0 s");
  });
});

describe("snapshotInstance", () => {
  const image = (status: string): FakeAnswer => ({ body: { status } });
  const ACTION = { "POST /compute/servers/vm-1/action": [{ status: 202, body: { image_id: "i1" } }] };

  it("gives the id of the image once it is active", async () => {
    const { session, sent } = await cloudWith({
      ...ACTION,
      "GET /image/v2/images/i1": [image("queued"), image("active")],
    });
    expect(await snapshotInstance(session, "vm-1", { imageName: "golden", metadata: { course: "net101" } })).toBe("i1");
    expect(sent[0]?.body).toEqual({ createImage: { name: "golden", metadata: { course: "net101" } } });
    expect(sent[0]?.headers["openstack-api-version"]).toBe("compute 2.45");
    expect(sent).toHaveLength(3);
  });

  it("says when the cloud could not store it", async () => {
    const { session } = await cloudWith({ ...ACTION, "GET /image/v2/images/i1": [image("killed")] });
    await expect(snapshotInstance(session, "vm-1", { imageName: "golden" })).rejects.toThrow(
      "the image i1 of instance vm-1 is killed",
    );
  });
});
