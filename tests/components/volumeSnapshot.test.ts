import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { VolumeSnapshot, type VolumeSnapshotArgs } from "../../components/volumeSnapshot.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { fakeVolumes } from "../support/fakeVolumes.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";
import { secretOf } from "../support/secretOf.ts";

const args: VolumeSnapshotArgs = { volumeId: "v1", openstackCommand: "node openstack/main.ts --cloud local" };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

/** What the stack would run: command, standard input and environment of the resource. */
async function run(role: "create" | "delete", outer: Record<string, string> = {}) {
  await cloud.drain();
  const inputs = cloud.only(TYPES.command);
  return execa("/bin/sh", ["-c", String(inputs[role])], {
    input: String(inputs["stdin"]),
    env: { ...outer, ...variables(inputs["environment"]) },
    reject: false,
  });
}

/** One secret among them makes all of them one, as far as a mock can see. */
function variables(environment: unknown): Record<string, string> {
  const schema = z.record(z.string(), z.string());
  return schema.safeParse(environment).data ?? schema.parse(secretOf(environment));
}

describe("VolumeSnapshot", () => {
  it("runs the client, again when it is told something new, and anew for another volume", async () => {
    const snapshot = new VolumeSnapshot("kim-data", { ...args, description: "before", tags: ["course:net101"] });
    expect(await valueOf(snapshot.snapshotId)).toBe("printed by kim-data-snapshot");
    const { stdin, ...inputs } = cloud.only(TYPES.command);
    expect(inputs).toEqual({
      create: "exec sh -s create",
      delete: "exec sh -s delete",
      environment: {
        OPENSTACK: "node openstack/main.ts --cloud local",
        FOREIGN_VARIABLES: "",
        VOLUME_ID: "v1",
        SNAPSHOT_NAME: "kim-data",
        SNAPSHOT_DESCRIPTION: "before",
        SNAPSHOT_METADATA: '{"course":"net101"}',
        FORCE: "--force",
      },
      triggers: ["v1"],
      logging: "stderr",
    });
    expect(stdin).not.toContain("v1");
    expect(cloud.registrations.map(({ type, name }) => [type, name])).toEqual([
      ["classroom:index:VolumeSnapshot", "kim-data"],
      [TYPES.command, "kim-data-snapshot"],
    ]);
  });

  it("keeps the login secret, and out of the command", async () => {
    new VolumeSnapshot("kim-data", {
      volumeId: "v1",
      openstackCommand: "client",
      environment: { OS_PASSWORD: "hunter2" },
    });
    await cloud.drain();
    const { create, stdin, environment } = cloud.only(TYPES.command);
    expect(secretOf(environment)).toMatchObject({ OS_PASSWORD: "hunter2" });
    expect(`${String(create)} ${String(stdin)}`).not.toContain("hunter2");
  });

  it("passes every argument on as one", async () => {
    const openstackCommand = "printf <%s>";
    new VolumeSnapshot("kim", {
      volumeId: "v1",
      openstackCommand,
      description: "it's one",
      force: false,
      tags: ["a:b c"],
    });
    expect((await run("create")).stdout).toBe(
      '<volume-snapshot><create><v1><--name><kim><--description><it\'s one><--metadata><{"a":"b c"}><--no-force>',
    );
    expect((await run("delete")).stdout).toBe("<volume-snapshot><delete><v1><--name><kim>");
  });

  it("does not mix a login with the variables around it", async () => {
    const environment = { OS_AUTH_URL: "http://student", OS_PROJECT_NAME: "kim" };
    new VolumeSnapshot("kim", {
      volumeId: "v1",
      openstackCommand: "printenv OS_CLOUD OS_PROJECT_ID OS_AUTH_URL",
      environment,
    });
    const { stdout } = await run("create", {
      OS_CLOUD: "local",
      OS_PROJECT_ID: "teacher",
      OS_AUTH_URL: "http://teacher",
    });
    expect(stdout).toBe("http://student");
  });

  it.each<[Partial<VolumeSnapshotArgs>, string]>([
    [{ openstackCommand: " " }, "openstackCommand: is empty; write e.g."],
    [
      { environment: { OS_PASSWORD: "hunter2" } },
      'environment: "node openstack/main.ts --cloud local" logs in by itself',
    ],
    [
      { openstackCommand: "client", environment: { PATH: "/tmp" } },
      "environment.PATH: is not a variable of a login; use OS_AUTH_URL",
    ],
  ])("refuses %j without showing a value, and registers nothing", async (wrong, reason) => {
    expect(() => new VolumeSnapshot("kim", { ...args, ...wrong })).toThrow(reason);
    expect(() => new VolumeSnapshot("kim", { ...args, ...wrong })).not.toThrow("hunter2");
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});

describe("VolumeSnapshot with the client, as a student", () => {
  let openstack: FakeOpenStack;
  afterEach(() => openstack.close());

  it("makes a snapshot once, however often it runs, and deletes it", async () => {
    const cinder = fakeVolumes();
    openstack = await fakeOpenStack({ answers: cinder.answers });
    const environment = {
      OS_AUTH_URL: openstack.authUrl,
      OS_USERNAME: "teacher",
      OS_PASSWORD: "right",
      OS_PROJECT_NAME: "class",
    };
    new VolumeSnapshot("data", { volumeId: "v1", openstackCommand: "node openstack/main.ts", environment });
    const outer = { OS_CLOUD: "elsewhere" };
    expect(await run("create", outer)).toMatchObject({ exitCode: 0, stdout: "new-1" });
    expect(await run("create", outer)).toMatchObject({ exitCode: 0, stdout: "new-1" });
    expect(cinder.created).toHaveLength(1);
    expect(await run("delete", outer)).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await run("delete", outer)).toMatchObject({ exitCode: 0, stdout: "" });
    expect(cinder.all).toEqual([]);
  }, 20_000);

  it("gives the client's own words when it fails", async () => {
    openstack = await fakeOpenStack();
    const environment = {
      OS_AUTH_URL: openstack.authUrl,
      OS_USERNAME: "teacher",
      OS_PASSWORD: "wrong",
      OS_PROJECT_NAME: "class",
    };
    new VolumeSnapshot("data", { volumeId: "v1", openstackCommand: "node openstack/main.ts", environment });
    const { exitCode, stderr } = await run("create");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("refuses these credentials (401)");
  });
});
