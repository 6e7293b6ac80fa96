import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCatalog } from "../../openstack/catalog.ts";
import type { CloudSettings } from "../../openstack/cloudSettings.ts";
import { consoleLog } from "../../openstack/consoleLog.ts";
import { Session } from "../../openstack/session.ts";
import { fakeOpenStack, OFFERS, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";

let cloud: FakeOpenStack;
beforeEach(async () => {
  cloud = await fakeOpenStack({
    images: [...OFFERS.images, { id: "i3", name: null }, { id: "i4", name: "debian-12-kernel", disk_format: "aki" }],
  });
});
afterEach(() => cloud.close());

const settings = (change: Partial<CloudSettings> = {}): CloudSettings => ({ ...teacherSettings(cloud), ...change });

describe("Session", () => {
  it("logs in and says where and as whom", async () => {
    const session = await Session.open(settings());
    expect(session.description).toBe(`the test: ${cloud.authUrl}, project "class", user "teacher"`);
    expect(session.scope).toEqual({ projectId: "p", domainId: "default", userId: "u" });
  });

  it("reads what the cloud offers, page by page, without the kernels of images", async () => {
    const catalog = await readCatalog(await Session.open(settings()));
    expect(catalog.images.map(({ id, name }) => [id, name])).toEqual([
      ["image-debian", "debian-12"],
      ["image-cirros", "cirros"],
      ["i3", "i3"],
    ]);
    expect(catalog.flavors[1]).toEqual({ id: "flavor-512", name: "ds512M", vcpus: 1, ramMiB: 512, diskGiB: 5 });
    expect(catalog.networks).toEqual([
      { id: "net-campus", name: "campus", external: true, tags: [], physicalNetwork: "physnet1" },
    ]);
  });

  it("reads a console log", async () => {
    expect(await consoleLog(await Session.open(settings()), "vm-1")).toBe("booted\n");
    expect(cloud.requests).toContain("POST /compute/servers/vm-1/action");
  });

  it("refuses a wrong application credential in a sentence, without showing it", async () => {
    const wrong = settings({ credentials: { method: "applicationCredential", id: "a", secret: "hunter2" } });
    await expect(Session.open(wrong)).rejects.toThrow("refuses these credentials (401)");
    await expect(Session.open(wrong)).rejects.not.toThrow("hunter2");
  });

  it("names an address where nothing listens", async () => {
    const dead = settings({ authUrl: "http://127.0.0.1:9" });
    await expect(Session.open(dead)).rejects.toThrow(
      /cannot reach http:\/\/127\.0\.0\.1:9\/v3\/auth\/tokens: .*(ECONNREFUSED|bad port)/,
    );
  });

  it("names an address that is not Keystone", async () => {
    await expect(Session.open(settings({ authUrl: `${cloud.authUrl}/else` }))).rejects.toThrow(
      "not a token; is auth_url the address of Keystone?",
    );
  });

  it("names the kind of address that the catalogue does not have", async () => {
    const session = await Session.open(settings({ endpointType: "internal" }));
    await expect(readCatalog(session)).rejects.toThrow(/the catalogue has no internal \w+ endpoint$/);
  });

  it("names a region without the service", async () => {
    const session = await Session.open(settings({ region: "Mars" }));
    await expect(readCatalog(session)).rejects.toThrow(/no public \w+ endpoint in region "Mars"/);
  });
});
