import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runOverSsh, verifySsh } from "../../quickstart/verify.ts";
import { openBrowser, screenshot } from "../services/browser.ts";
import { given, openstack, openstackList, pings } from "../cloud/testStack.ts";
import { inside, LabStack } from "./labStack.ts";
import { leftoversOf, stateOf, tracesOf } from "./leftovers.ts";

let lab: LabStack;
beforeAll(async () => {
  lab = await LabStack.open("horizon-12-steps");
});
afterAll(() => lab.destroy());

const Named = z.array(z.looseObject({ Name: z.string() }));
const json = async (...command: string[]): Promise<unknown> =>
  JSON.parse(await lab.asStudent(...command, "-f", "json"));
const namesAsStudent = async (...command: string[]) => Named.parse(await json(...command)).map(({ Name }) => Name);
const adminJson = async (...command: string[]): Promise<unknown> =>
  JSON.parse(await openstack(...command, "-f", "json"));

/** What an instance has on a disk, which it mounts for the moment. */
const onDisk = (device: string, command: string) =>
  `sudo mkdir -p /mnt/disk && sudo mount ${device} /mnt/disk && (${command}); sudo umount /mnt/disk`;

describe("the lab horizon-12-steps", () => {
  it("comes up", async () => {
    await lab.goTo("");
    expect(lab.address("vm1")).toMatch(/^10\.0\.0\.2[12]\d$/);
    expect(lab.instance("vm1").fixedIp).toMatch(/^192\.168\.0\./);
  });

  it("1–2: has the project with its quotas, its users and their roles", async () => {
    expect(await adminJson("project", "show", "pyc")).toMatchObject({
      description: "Packstack dashboard practice",
      enabled: true,
    });
    const assignments = z
      .array(z.object({ Role: z.string(), User: z.string() }))
      .parse(await adminJson("role", "assignment", "list", "--project", "pyc", "--names"));
    expect(assignments.map(({ User, Role }) => `${User.split("@")[0] ?? ""} ${Role}`).sort()).toEqual([
      "admin admin",
      "mgr1 member",
      "mgr1 reader",
      "stack1 member",
    ]);
    expect(await adminJson("quota", "show", "pyc")).toMatchObject({
      ...{ instances: 2, cores: 2, ram: 512, "floating-ips": 2, volumes: 2, gigabytes: 4, snapshots: 2 },
    });
  });

  it("3: has a flavor with less than 512 MiB", async () => {
    expect(await openstackList("flavor", "list")).toContainEqual(
      expect.objectContaining({ Name: "a.nano", RAM: 128, VCPUs: 1, Disk: 1 }),
    );
  });

  it("4–5: has both networks as the notes have them, and the router between them", async () => {
    expect(await adminJson("subnet", "show", "subext1")).toMatchObject({
      cidr: "10.0.0.0/24",
      gateway_ip: "10.0.0.2",
      dns_nameservers: ["10.0.0.2"],
      enable_dhcp: false,
      allocation_pools: [{ start: "10.0.0.210", end: "10.0.0.220" }],
    });
    expect(await json("subnet", "show", "subint1")).toMatchObject({
      cidr: "192.168.0.0/24",
      gateway_ip: "192.168.0.254",
      dns_nameservers: ["10.0.0.2"],
      enable_dhcp: true,
    });
    const ports = z
      .array(z.looseObject({ "Fixed IP Addresses": z.array(z.object({ ip_address: z.string() })) }))
      .parse(await json("port", "list", "--router", "router1"));
    const addresses = ports.flatMap((port) => port["Fixed IP Addresses"].map(({ ip_address }) => ip_address));
    expect(addresses).toContain("192.168.0.254");
    // The external network is the administrator's, the inner one belongs to the project.
    expect(await adminJson("network", "show", "ext1")).toMatchObject({ "router:external": true });
    expect(await adminJson("network", "show", "int1")).toMatchObject({ project_id: lab.outputs.project.projectId });
  });

  it("6–10: answers ping and ssh at the floating IP, in the zone of the lab", async () => {
    expect(await pings(lab.address("vm1"), 60)).toBe(true);
    expect(await verifySsh(lab.instance("vm1"))).toBe("vm1");
    expect(await runOverSsh(lab.instance("vm1"), "nslookup gateway.cloud.internal")).toContain("10.0.0.2");
    expect(await json("server", "show", "vm1")).toMatchObject({ "OS-EXT-AZ:availability_zone": "lab-zone" });
  });

  it("shows users the availability zone, and hides the host aggregate from them", async () => {
    const zones = z
      .array(z.looseObject({ "Zone Name": z.string() }))
      .parse(await json("availability", "zone", "list", "--compute"));
    expect(zones.map((zone) => zone["Zone Name"])).toContain("lab-zone");
    await expect(lab.asStudent("aggregate", "list")).rejects.toThrow(/403|not authorized|Policy/i);
    expect(JSON.stringify(await openstackList("aggregate", "list"))).toContain("lab-zone");
  });

  it("keeps stack1 within its project", async () => {
    expect(await namesAsStudent("project", "list", "--my-projects")).toEqual(["pyc"]);
    expect(await namesAsStudent("server", "list")).toEqual(["vm1"]);
    await expect(lab.asStudent("server", "list", "--all-projects")).rejects.toThrow(/403|not authorized|Policy/i);
    const { id } = z.object({ id: z.string() }).parse(await adminJson("project", "show", "admin"));
    await expect(lab.asStudent("project", "show", id)).rejects.toThrow();
    await expect(lab.asStudent("--os-project-id", id, "token", "issue")).rejects.toThrow(
      /401|requires authentication/i,
    );
    // The administrator sees it all.
    expect(Named.parse(await openstackList("server", "list", "--all-projects")).map(({ Name }) => Name)).toContain(
      "vm1",
    );
  });

  it("refuses more than the quota: the lab before anything happens, the cloud when done by hand", async () => {
    const vm = { image: "cirros", flavor: "a.nano", network: "int1" };
    await expect(lab.preview("", { student: { instances: { vm2: vm, vm3: vm } } })).rejects.toThrow(
      /lab\.yaml:\d+:\d+ student\.project\.quotas\.instances: 2 is less than the lab itself takes: 3; raise it or make the lab smaller/,
    );
    await expect(lab.asStudent("volume", "create", "--size", "4", "one-too-many")).rejects.toThrow(/exceed|quota/i);
  });

  it("11: keeps a snapshot of the volume, from which it is restored", async () => {
    const vm1 = lab.instance("vm1");
    const { device } = given(lab.outputs.volumes["vol1"], "vol1");
    const disk = given(device, "device of vol1");
    await runOverSsh(vm1, `sudo mke2fs -q ${disk}`);
    await runOverSsh(vm1, onDisk(disk, "echo before | sudo tee /mnt/disk/file && sudo sync"));
    expect(await lab.preview("snapshot")).toMatchObject({ losses: [], errors: [] });
    await lab.goTo("snapshot");
    await runOverSsh(vm1, onDisk(disk, "echo after | sudo tee /mnt/disk/file && sudo sync"));

    await lab.goTo("restore");
    const restored = given(lab.outputs.volumes["vol2"]?.device, "device of vol2");
    expect(await runOverSsh(vm1, onDisk(restored, "cat /mnt/disk/file"))).toContain("before");
    expect(await runOverSsh(vm1, onDisk(disk, "cat /mnt/disk/file"))).toContain("after");
    expect(await namesAsStudent("volume", "snapshot", "list")).toHaveLength(1);
  });

  it("12: gives an object's link to everybody, until it is made private", async () => {
    const link = given(lab.outputs.objects["container1"]?.["hello.txt"], "link");
    expect(await get(link)).toEqual([200, "Hello from object storage\n"]);
    await lab.goTo("private-object");
    expect((await get(link))[0]).toBe(401);
    expect(await lab.asStudent("object", "save", "--file", "-", "container1", "hello.txt")).toBe(
      "Hello from object storage",
    );
  });

  it("shows stack1 all of it in Horizon", async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.setViewport({ width: 1280, height: 900 });
      page.setDefaultTimeout(60_000);
      const { userName } = lab.outputs.project;
      await page.goto("http://127.0.0.1:8088/auth/login/");
      await page.type("#id_username", userName);
      await page.type("#id_password", lab.outputs.password);
      await Promise.all([page.waitForNavigation(), page.click("#loginBtn")]);
      const shown = async (path: string) => {
        await page.goto(`http://127.0.0.1:8088${path}`, { waitUntil: "networkidle2" });
        await screenshot(page, `horizon${path.replaceAll("/", "-")}`);
        return String(await page.evaluate("document.body.innerText"));
      };
      expect(await shown("/project/instances/")).toMatch(/vm1[\s\S]*a\.nano[\s\S]*key1[\s\S]*lab-zone/);
      expect(await shown("/project/volumes/")).toMatch(/vol2[\s\S]*vol1|vol1[\s\S]*vol2/);
      expect(await shown("/project/routers/")).toContain("router1");
      expect(await shown("/project/")).toContain("pyc");
    } finally {
      await browser.close();
    }
  });

  it("has nothing to change on a second look", async () => {
    expect((await lab.preview("private-object")).changes).toEqual({});
  });

  it("keeps no password in plain in its state, and is destroyed without leaving anything in any service", async () => {
    expect(await stateOf(lab.course)).not.toContain(lab.outputs.password);
    const traces = await tracesOf(lab.course);
    expect(traces.ids.length).toBeGreaterThan(15);
    await lab.takeDown();
    expect(await leftoversOf(traces)).toEqual([]);
  });
});

/** As somebody without a login. */
async function get(link: string): Promise<[status: number, body: string]> {
  const { stdout } = await inside("curl", "--silent", "--noproxy", "*", "--write-out", "%{http_code}", link);
  return [Number(stdout.slice(-3)), stdout.slice(0, -3)];
}
