import { statSync } from "node:fs";
import { execa, parseCommandString } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { runOverSsh, verifySsh } from "../../quickstart/verify.ts";
import { given, openstack, openstackList, pings } from "../cloud/testStack.ts";
import { answersOn, LabStack } from "./labStack.ts";
import { leftoversOf, tracesOf } from "./leftovers.ts";

let lab: LabStack;
beforeAll(async () => {
  lab = await LabStack.open("devstack");
});
afterAll(() => lab.destroy());

const json = async (...command: string[]): Promise<unknown> =>
  JSON.parse(await lab.asStudent(...command, "-f", "json"));
const Identified = z.array(z.looseObject({ ID: z.string() }));
/** What must stay what it is while everything around it is edited. */
const identities = async () => ({
  instance: lab.instance("instance1").instanceId,
  addresses: [lab.instance("instance1").fixedIp, lab.address("instance1")],
  subnets: Identified.parse(await json("subnet", "list", "--network", "mynet")).map(({ ID }) => ID),
  ports: Identified.parse(await json("port", "list", "--server", "instance1")).map(({ ID }) => ID),
});
/** A command of an instance's outputs or of the documentation, run as it is printed. */
async function run(command: string, ...more: string[]): Promise<string> {
  const [file = "", ...args] = parseCommandString(command);
  return (await execa(file, [...args, ...more], { cwd: projectRoot })).stdout;
}
const consoleLog = (instance: string) => run(lab.instance(instance).consoleCommand);
const onInstance = (command: string, instance = "instance1") => runOverSsh(lab.instance(instance), command);
const answersSsh = (seconds: number) => answersOn(lab.address("instance1"), 22, seconds);

describe("the lab devstack", () => {
  it("comes up closed: two addresses are shown, and neither ping nor ssh is answered", async () => {
    await lab.goTo("");
    expect(lab.instance("instance1").fixedIp).toMatch(/^172\.31\.0\.\d+$/);
    expect(lab.address("instance1")).toMatch(/^172\.24\.4\.\d+$/);
    await expect
      .poll(() => consoleLog("instance1"), { timeout: 300_000, interval: 3000 })
      .toContain("-----END SSH HOST KEY KEYS-----");
    expect(await pings(lab.address("instance1"), 5)).toBe(false);
    expect(await answersSsh(5)).toBe(false);
    await expect(onInstance("hostname")).rejects.toThrow(/does not log in: .*timed out/);
  });

  it("has the networks that DevStack makes beside the student's own", async () => {
    expect(await json("network", "show", "public")).toMatchObject({ "router:external": true });
    expect(await json("subnet", "show", "mynet-subnet")).toMatchObject({ enable_dhcp: true, gateway_ip: "172.31.0.1" });
    const { external_gateway_info } = z
      .object({ external_gateway_info: z.object({ network_id: z.string() }) })
      .parse(await json("router", "show", "router1"));
    expect(external_gateway_info.network_id).toBe(lab.outputs.networks["public"]?.networkId);
  });

  it("answers the ping, and still not ssh, once all ICMP is let in", async () => {
    expect(await lab.preview("open-icmp")).toEqual({ changes: { create: 1 }, losses: [], errors: [] });
    await lab.goTo("open-icmp");
    expect(await pings(lab.address("instance1"), 60)).toBe(true);
    expect(await answersSsh(5)).toBe(false);
  });

  it("lets the student in with the private key once all TCP is let in", async () => {
    await lab.goTo("open-tcp");
    expect(statSync(lab.keyFile).mode & 0o777).toBe(0o600);
    expect(await verifySsh(lab.instance("instance1"))).toBe("instance1");
    expect(await onInstance("whoami")).toBe("cirros");
    // So that the next test knows that it is the security group that keeps it out.
    expect(await answersOn(lab.address("instance1"), 80, 30)).toBe(true);
  });

  it("shows the fixed IP alone inside the instance, and is reached at the floating IP alone from outside", async () => {
    const { fixedIp } = lab.instance("instance1");
    const addresses = await onInstance("ip addr");
    expect(addresses).toContain(`inet ${fixedIp}/24`);
    expect(addresses).not.toContain(lab.address("instance1"));
    // Where the client of this very connection sees the floating IP.
    expect(await onInstance("echo $SSH_CONNECTION")).toMatch(new RegExp(`^172\\.24\\.4\\.1 \\d+ ${fixedIp} 22$`));
    expect(await pings(fixedIp, 3)).toBe(false);
  });

  it("needs no more than SSH alone", async () => {
    await lab.goTo("ssh-only");
    expect(await verifySsh(lab.instance("instance1"))).toBe("instance1");
    expect(await answersOn(lab.address("instance1"), 80, 5)).toBe(false);
  });

  it("has nothing to change on a second look", async () => {
    expect((await lab.preview("ssh-only")).changes).toEqual({});
  });

  it("edits the subnet without replacing anything", async () => {
    const before = await identities();
    expect(await lab.preview("edit-subnet")).toEqual({ changes: { create: 1, update: 1 }, losses: [], errors: [] });
    await lab.goTo("edit-subnet");
    expect(await json("subnet", "show", "mynet-subnet")).toMatchObject({
      dns_nameservers: ["8.8.8.8"],
      host_routes: [{ destination: "10.9.0.0/16", nexthop: "172.31.0.9" }],
    });
    expect(await identities()).toEqual(before);
  });

  it("switches DHCP off and on again without replacing anything", async () => {
    const before = await identities();
    for (const dhcp of [false, true]) {
      const changes = { student: { networks: { mynet: { dhcp } } } };
      expect(await lab.preview("edit-subnet", changes)).toEqual({ changes: { update: 1 }, losses: [], errors: [] });
      await lab.goTo("edit-subnet", changes);
      expect(await json("subnet", "show", "mynet-subnet")).toMatchObject({ enable_dhcp: dhcp });
      const servers = () =>
        openstackList(
          "port",
          "list",
          "--network",
          given(lab.outputs.networks["mynet"], "mynet").networkId,
          "--device-owner",
          "network:dhcp",
        );
      await expect.poll(async () => (await servers()).length, { timeout: 120_000, interval: 3000 }).toBe(dhcp ? 1 : 0);
    }
    expect(await identities()).toEqual(before);
    expect(await verifySsh(lab.instance("instance1"))).toBe("instance1");
  });

  it("is rebooted hard, answers again, and then has the subnet's new name server and route", async () => {
    const bootId = "cat /proc/sys/kernel/random/boot_id";
    const before = await onInstance(bootId);
    const { instanceId } = lab.instance("instance1");
    await run(`node openstack/main.ts --cloud local reboot --hard ${instanceId}`);
    await expect
      .poll(() => onInstance(bootId).catch(() => before), { timeout: 300_000, interval: 3000 })
      .not.toBe(before);
    expect(await onInstance("cat /etc/resolv.conf")).toContain("nameserver 8.8.8.8");
    expect(await onInstance("ip route")).toContain("10.9.0.0/16 via 172.31.0.9");
    expect(await onInstance("nslookup gateway.cloud.internal")).toContain("172.24.4.1");
  });

  it("prints the console log, and the address of a screen that is the instance's", async () => {
    await expect.poll(() => consoleLog("instance1"), { timeout: 120_000, interval: 3000 }).toContain("login:");
    const { consoleUrlCommand } = lab.instance("instance1");
    expect(await run(consoleUrlCommand, "--host", "classroom.example.org")).toMatch(
      /^http:\/\/classroom\.example\.org:6080\/vnc_lite\.html\?path=%3Ftoken%3D[0-9a-f-]+$/,
    );
    const url = new URL(await run(consoleUrlCommand, "--host", "127.0.0.1:6080"));
    expect(url.host).toBe("127.0.0.1:6080");
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("noVNC");
    expect(await firstWordOf(`ws://${url.host}/${given(url.searchParams.get("path"), "path")}`)).toMatch(/^RFB 003\./);
  });

  it("has its router's namespace on the network node, which holds the floating IP", async () => {
    const [router] = Identified.parse(await json("router", "list", "--name", "router1"));
    const name = `qrouter-${given(router, "router1").ID}`;
    expect(await run("node local-cloud/main.ts exec -- ip netns")).toContain(name);
    const addresses = await run(`node local-cloud/main.ts exec -- ip netns exec ${name} ip addr`);
    expect(addresses).toContain(`inet ${lab.address("instance1")}/32`);
    expect(addresses).toContain("inet 172.31.0.1/24");
  });

  it("refuses what is wrong before anything happens, and says what was meant", async () => {
    const wrong = (instance: object) => ({ student: { instances: { instance1: instance } } });
    const place = /lab\.yaml:\d+:\d+ student\.instances\.instance1/.source;
    for (const [instance, reason] of [
      [{ flavour: "m1.tiny" }, `${place}\\.flavour: is not a key here; did you mean "flavor"\\?`],
      [{ network: "mynett" }, `${place}\\.network: "mynett" is not a network of this lab; did you mean "mynet"\\?`],
      [{ fixedIp: "172.31.1.7" }, `${place}\\.fixedIp: .*172\\.31\\.0\\.0/24`],
      [{ image: "ciros" }, 'student\\.instances\\.instance1\\.image: .*"ciros".*did you mean "cirros"'],
    ] as const)
      await expect(lab.preview("edit-subnet", wrong(instance))).rejects.toThrow(new RegExp(reason));
    await expect(lab.preview("edit-subnets")).rejects.toThrow(
      /there is no step "edit-subnets";.*did you mean "edit-subnet"/,
    );
    await expect(lab.goTo("edit-subnet", wrong({ flavor: "m1.nanno" }))).rejects.toThrow("pulumi up failed");
    expect((await lab.preview("edit-subnet")).changes).toEqual({});
  });

  it("gets a larger disk and more memory with a larger flavor, at the same addresses", async () => {
    const before = await identities();
    expect(await lab.preview("edit-subnet", LARGER)).toEqual({ changes: { update: 1 }, losses: [], errors: [] });
    await lab.goTo("edit-subnet", LARGER);
    expect(await identities()).toEqual(before);
    await expect
      .poll(() => onInstance("df -m / | tail -n 1").catch(String), { timeout: 300_000, interval: 3000 })
      .toMatch(/^\S+\s+4\d\d\d\s/);
    expect(Number(/MemTotal:\s+(\d+) kB/.exec(await onInstance("cat /proc/meminfo"))?.[1])).toBeGreaterThan(400_000);
  });

  it("boots an instance from an image that was uploaded from a file", async () => {
    const file = lab.path("cirros.qcow2");
    await openstack("image", "save", "--file", file, "cirros");
    const { properties } = z
      .object({ properties: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(await openstack("image", "show", "cirros", "-f", "json")));
    // The local cloud's image has no boot loader.
    const boot = ["kernel_id", "ramdisk_id", "os_command_line"].map((key) => [key, String(properties[key])] as const);
    const changes = {
      class: { images: { uploaded: { file, loginUser: "cirros", properties: Object.fromEntries(boot) } } },
      student: {
        instances: {
          ...LARGER.student.instances,
          instance4: { image: "uploaded", flavor: "m1.nano", network: "mynet", floatingIp: "public" },
        },
      },
    };
    await lab.goTo("edit-subnet", changes);
    expect(JSON.parse(await openstack("image", "show", "uploaded", "-f", "json"))).toMatchObject({
      status: "active",
      size: statSync(file).size,
      visibility: "public",
    });
    expect(await verifySsh(lab.instance("instance4"))).toBe("instance4");
    const Server = z.object({ image: z.string() });
    expect(Server.parse(await json("server", "show", "instance4")).image).toMatch(/^uploaded /);
    expect((await lab.preview("edit-subnet", changes)).changes).toEqual({});
  });

  it("lets instances on the closed network reach each other and nothing else", async () => {
    const before = await identities();
    const { losses } = await lab.preview("closed-network", LARGER);
    for (const loss of losses) expect(loss).toMatch(/instance4|-uploaded-image|-images$/);
    await lab.goTo("closed-network", LARGER);
    expect(await identities()).toEqual(before);
    for (const [one, other] of [
      ["instance2", "instance3"],
      ["instance3", "instance2"],
    ] as const) {
      expect(lab.instance(one).floatingIp).toBeNull();
      await expect
        .poll(() => consoleLog(one), { timeout: 600_000, interval: 5000 })
        .toMatch(/^172\.24\.4\.1 (does not answer|answers)/m);
      expect(await consoleLog(one)).toContain(`${lab.instance(other).fixedIp} answers`);
      expect(await consoleLog(one)).toContain("172.24.4.1 does not answer");
    }
  });

  it("shares the closed network between projects, without a gateway, a router or a way out", async () => {
    expect(await json("network", "show", "shared")).toMatchObject({ shared: true, "router:external": false });
    expect(await json("subnet", "show", "shared-subnet")).toMatchObject({ gateway_ip: null, cidr: "192.168.233.0/24" });
    const ports = await openstackList("port", "list", "--network", "shared", "--long");
    expect(ports.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(ports)).not.toContain("network:router");
  });

  it("is destroyed without leaving anything in any service", async () => {
    const traces = await tracesOf(lab.course);
    expect(traces.ids.length).toBeGreaterThan(15);
    expect(await leftoversOf(traces)).not.toEqual([]);
    await lab.takeDown();
    expect(await leftoversOf(traces)).toEqual([]);
  });
});

/** For the storage part of the lab: a disk that is full. */
const LARGER = { student: { instances: { instance1: { flavor: "ds512M" } } } };

/** What a screen's server says first; it says nothing to one whose token Nova does not know. */
function firstWordOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ["binary"]);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      socket.close();
      resolve(data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data));
    });
    socket.addEventListener("close", ({ code, reason }) => {
      reject(new Error(`the screen's server closed the connection: ${code} ${reason}`));
    });
  });
}
