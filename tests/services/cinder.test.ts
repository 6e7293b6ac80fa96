import { execa } from "execa";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Classroom, makeOutside, type Outside, type Site } from "../cloud/guests.ts";
import { OpenStackCli } from "../cloud/openstackCli.ts";
import { bringUp, until } from "../cloud/projectUser.ts";

const SUBNET = { cidr: "172.24.4.0/24", gateway_ip: "172.24.4.1" };
let outside: Outside;
let classroom: Classroom;
let cli: OpenStackCli;
let guest: Site;

const volume = (...args: string[]) => cli.run("volume", "create", "--size", "1", ...args);
const available = (name: string) => cli.has("volume", name, "available");
/** In the guest, as root. */
const sudo = async (command: string) => {
  const { exitCode, stdout } = await classroom.ssh(guest, `sudo sh -ec '${command}'`);
  expect(exitCode, `${command}: ${stdout}`).toBe(0);
  return stdout;
};

beforeAll(async () => {
  await bringUp("cinder");
  outside = await makeOutside(`cindertest-${process.pid}`, "public", {
    ...SUBNET,
    allocation_pools: [{ start: "172.24.4.150", end: "172.24.4.160" }],
  });
  classroom = await Classroom.open("cindertest");
  cli = new OpenStackCli(classroom.user);
  guest = await classroom.site("worker", "192.168.77.0/24", outside);
  await classroom.ready(guest);
});
afterAll(async () => {
  for (const { Name } of await cli.list("server", "list")) await cli.run("server", "delete", "--wait", String(Name));
  const volumes = () => cli.list("volume", "list");
  const snapshots = () => cli.list("volume", "snapshot", "list");
  for (const { ID } of await snapshots()) await cli.run("volume", "snapshot", "delete", String(ID));
  await until("snapshots deleted", 60, async () => (await snapshots()).length === 0);
  for (const { ID } of await volumes()) await cli.run("volume", "delete", String(ID));
  await until("volumes deleted", 60, async () => (await volumes()).length === 0);
  await classroom.close();
  await outside.remove();
});

it("attaches a volume to a running instance, which keeps a file on it", async () => {
  await volume("data");
  await available("data");
  await cli.run("server", "add", "volume", "worker", "data");
  await cli.has("volume", "data", "in-use");
  await until("the disk in the guest", 30, async () => (await classroom.ssh(guest, "test -b /dev/vdb")).exitCode === 0);
  await sudo("mke2fs -q -t ext4 /dev/vdb; mount /dev/vdb /mnt; echo one > /mnt/file; sync");
});

it("takes snapshots of it while the instance writes, and makes a volume as it was from each", async () => {
  for (const [snapshot, next] of [
    ["first", "two"],
    ["second", "three"],
  ] as const) {
    await cli.run("volume", "snapshot", "create", "--force", "--volume", "data", snapshot);
    await cli.has("volume snapshot", snapshot, "available");
    await sudo(`echo ${next} > /mnt/file; sync`);
  }
  for (const [snapshot, text] of [
    ["first", "one"],
    ["second", "two"],
  ] as const) {
    const name = `from-${snapshot}`;
    await volume("--snapshot", snapshot, name);
    await available(name);
    await cli.run("server", "add", "volume", "worker", name);
    await cli.has("volume", name, "in-use");
    await until("the disk", 30, async () => (await classroom.ssh(guest, "test -b /dev/vdc")).exitCode === 0);
    expect(await sudo("mkdir -p /old; mount -o ro /dev/vdc /old; cat /old/file; umount /old")).toBe(text);
    await cli.run("server", "remove", "volume", "worker", name);
    await available(name);
  }
});

it("detaches a volume, and copies it with all that was written, snapshots or not", async () => {
  await sudo("umount /mnt");
  await cli.run("server", "remove", "volume", "worker", "data");
  await available("data");
  await volume("--source", "data", "copy");
  await available("copy");
  await cli.run("server", "add", "volume", "worker", "copy");
  await until("the disk", 30, async () => (await classroom.ssh(guest, "test -b /dev/vdb")).exitCode === 0);
  expect(await sudo("mount -o ro /dev/vdb /mnt; cat /mnt/file; umount /mnt")).toBe("three");
});

it("boots an instance from a volume, which outlives it", async () => {
  await volume("--image", "cirros", "--bootable", "root");
  await available("root");
  await cli.run("server", "create", "--flavor", "m1.nano", "--volume", "root", "--nic", "none", "from-volume");
  await cli.has("server", "from-volume", "ACTIVE");
  await until("its login prompt", 120, async () =>
    (await cli.run("console", "log", "show", "from-volume")).includes("login:"),
  );
  await cli.run("server", "delete", "--wait", "from-volume");
  await available("root");
});

it("lets a project have no more than its quota", async () => {
  const { ID } = (await cli.list("volume", "list"))[0] ?? {};
  expect(ID).toBeDefined();
  const admin = { OS_CLOUD: "local" };
  const set = (volumes: string) =>
    execa("/usr/bin/openstack", ["quota", "set", "--volumes", volumes, classroom.user.projectId], { env: admin });
  await set("1");
  await expect(volume("one-too-many")).rejects.toThrow(/VolumeLimitExceeded|quota/i);
  await set("10");
});

it("has its volumes again when the cloud was stopped and started, also in an instance that ran meanwhile", async () => {
  await sudo("mount /dev/vdb /mnt; echo four > /mnt/file; sync; umount /mnt");
  const main = join(import.meta.dirname, "../../local-cloud/main.ts");
  for (const command of ["down", "up"]) await execa(process.execPath, [main, command]);
  await classroom.ready(guest);
  await cli.has("volume", "copy", "in-use");
  expect(await sudo("mount -o ro /dev/vdb /mnt; cat /mnt/file; umount /mnt")).toBe("four");
});
