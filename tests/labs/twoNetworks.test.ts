import { execa, parseCommandString } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { runOverSsh, verifySsh } from "../../quickstart/verify.ts";
import { given, openstack } from "../cloud/testStack.ts";
import { LabStack } from "./labStack.ts";
import { leftoversOf, tracesOf } from "./leftovers.ts";

let lab: LabStack;
beforeAll(async () => {
  lab = await LabStack.open("two-networks");
});
afterAll(() => lab.destroy());

const json = async (...command: string[]): Promise<unknown> =>
  JSON.parse(await lab.asStudent(...command, "-f", "json"));
const on = (instance: string, command: string) => runOverSsh(lab.instance(instance), command);
const volumeId = (name: string) => given(lab.outputs.volumes[name], name).volumeId;
const statusOf = async (volume: string) =>
  z.object({ status: z.string() }).parse(await json("volume", "show", volumeId(volume))).status;
const NETWORKS = ["vm_internal_network_100", "vm_internal_network_10"];

/** Logs in to one instance as printed, with the key pair in an agent, and runs a command on another from there. */
async function hop(from: string, to: string, command: string): Promise<string> {
  const first = given(lab.instance(from).sshCommand, "ssh command");
  // So that the host key is known already, as for a person who has logged in before.
  await verifySsh(lab.instance(from));
  const script = 'ssh-add -q "$1"; shift; exec "$@"';
  const next = `ssh -A -y cirros@${lab.instance(to).fixedIp} ${command}`;
  const args = ["sh", "-c", script, "sh", lab.keyFile, ...parseCommandString(first), "-A", next];
  return (await execa("ssh-agent", args, { stdin: "ignore" })).stdout;
}

describe("the lab two-networks", () => {
  it("comes up with two instances on one network and one on the other", async () => {
    await lab.goTo("");
    expect(lab.address("testInstance100_01")).toMatch(/^10\.10\.20\.1\d\d$/);
    expect(lab.instance("testInstance100_01").fixedIp).toMatch(/^192\.168\.100\.\d+$/);
    expect(lab.instance("testInstance100_02").fixedIp).toMatch(/^192\.168\.100\.\d+$/);
    expect(lab.instance("testInstance100_02").floatingIp).toBeNull();
    expect(lab.instance("testInstance10_01").fixedIp).toMatch(/^192\.168\.10\.\d+$/);
    expect(await verifySsh(lab.instance("testInstance100_01"))).toBe("testinstance100-01");
  });

  it("shows which network is external and which is shared, also to the student", async () => {
    const flags = { "router:external": false, shared: false, status: "ACTIVE" };
    expect(await json("network", "show", "vm_external_network")).toMatchObject({ ...flags, "router:external": true });
    for (const name of NETWORKS) expect(await json("network", "show", name)).toMatchObject(flags);
    // How a network is carried is for the administrator to see.
    expect(await json("network", "show", "vm_external_network")).toMatchObject({ "provider:network_type": null });
    expect(JSON.parse(await openstack("network", "show", "vm_external_network", "-f", "json"))).toMatchObject({
      "provider:network_type": "flat",
      "provider:physical_network": "external",
    });
  });

  it("joins both networks to the provider network by one router", async () => {
    const Router = z.object({
      external_gateway_info: z.object({
        network_id: z.string(),
        external_fixed_ips: z.array(z.object({ ip_address: z.string() })),
      }),
    });
    const { external_gateway_info } = Router.parse(await json("router", "show", "vm_router"));
    expect(external_gateway_info.network_id).toBe(lab.outputs.networks["vm_external_network"]?.networkId);
    expect(external_gateway_info.external_fixed_ips[0]?.ip_address).toMatch(/^10\.10\.20\./);
    const ports = JSON.stringify(await json("port", "list", "--router", "vm_router"));
    for (const gateway of ["192.168.100.1", "192.168.10.1"]) expect(ports).toContain(`"${gateway}"`);
  });

  it("has a vxlan interface for each self-service network on the compute node", async () => {
    const { stdout } = await execa("node", ["local-cloud/main.ts", "exec", "--", "ip", "-d", "link"], {
      cwd: projectRoot,
    });
    const Network = z.object({
      "provider:network_type": z.literal("vxlan"),
      "provider:segmentation_id": z.number(),
    });
    for (const name of NETWORKS) {
      const { networkId } = given(lab.outputs.networks[name], name);
      const network = Network.parse(JSON.parse(await openstack("network", "show", networkId, "-f", "json")));
      expect(stdout).toMatch(new RegExp(`\\bvxlan id ${network["provider:segmentation_id"]} `));
    }
  });

  it("lets the student log in from one instance to the other, by the key in an agent", async () => {
    expect(await hop("testInstance100_01", "testInstance100_02", "hostname")).toBe("testinstance100-02");
    // The key stays at home when the first instance only passes the connection on.
    const { fixedIp } = lab.instance("testInstance100_02");
    const jump = `${given(lab.instance("testInstance100_01").sshCommand, "ssh command")} -o BatchMode=yes -W %h:%p`;
    const known = ["-o", "StrictHostKeyChecking=accept-new", "-o", `UserKnownHostsFile=${lab.path("known_hosts")}`];
    const options = ["-i", lab.keyFile, "-o", `ProxyCommand=${jump}`, "-o", "BatchMode=yes", ...known];
    const { stdout } = await execa("ssh", [...options, `cirros@${fixedIp}`, "hostname"], { stdin: "ignore" });
    expect(stdout).toBe("testinstance100-02");
  });

  it("leads through the router: to the other network, and out to the provider network", async () => {
    const ping = (address: string) => `ping -c 3 -W 5 ${address}`;
    expect(await on("testInstance100_01", ping("10.10.20.1"))).toContain(" 0% packet loss");
    expect(await on("testInstance10_01", ping("10.10.20.1"))).toContain(" 0% packet loss");
    expect(await on("testInstance100_01", ping(lab.instance("testInstance10_01").fixedIp))).toContain(
      " 0% packet loss",
    );
    // Without a floating IP of its own, too: behind the router's address.
    expect(await hop("testInstance100_01", "testInstance100_02", ping("10.10.20.1"))).toContain(" 0% packet loss");
  });

  it("resolves names where the network has a name server, and nowhere else", async () => {
    const ask = "nslookup gateway.cloud.internal 2>&1 || true";
    expect(await on("testInstance100_01", "cat /etc/resolv.conf")).toContain("nameserver 8.8.8.8");
    expect(await on("testInstance100_01", ask)).toMatch(/^Address.*: 172\.24\.4\.1$/m);
    expect(await on("testInstance100_01", "ping -c 1 gateway.cloud.internal")).toContain(" 0% packet loss");

    // Neutron's DHCP server offers itself, and knows the network's own addresses only.
    expect(await on("testInstance10_01", "cat /etc/resolv.conf")).toMatch(/nameserver 192\.168\.10\.\d+$/m);
    expect(await on("testInstance10_01", ask)).toMatch(/can't (find|resolve)/);
    expect(await on("testInstance10_01", "ping -c 1 gateway.cloud.internal 2>&1 || true")).toContain("bad address");
    // The way is there, only the name is not.
    expect(await on("testInstance10_01", "ping -c 1 172.24.4.1")).toContain(" 0% packet loss");
  });

  it("has nothing to change on a second look", async () => {
    expect((await lab.preview("")).changes).toEqual({});
  });

  it("keeps a file on the volume while its instance is deleted", async () => {
    const disk = given(lab.outputs.volumes["testVolume"]?.device, "device of testVolume");
    await on(
      "testInstance100_01",
      `sudo sh -ec 'mke2fs -q -t ext4 ${disk}; mount ${disk} /mnt; echo written on 100_01 >/mnt/file; sync'`,
    );
    const before = { volume: volumeId("testVolume"), instance: lab.instance("testInstance100_02").instanceId };
    const prefix = `${lab.course}-kim`;
    const { changes, losses } = await lab.preview("instance-deleted");
    expect(Object.keys(changes)).toEqual(["delete"]);
    // The instance with all that was its own, and of the volume no more than that it was attached.
    const others = losses.filter((loss) => !loss.startsWith(`${prefix}-testInstance100_01`));
    expect(losses).toContain(`${prefix}-testInstance100_01-instance`);
    expect(others).toEqual([`${prefix}-testVolume-attachment`]);

    await lab.goTo("instance-deleted");
    expect(lab.outputs.instances["testInstance100_01"]).toBeUndefined();
    const servers = z.array(z.object({ Name: z.string() })).parse(await json("server", "list"));
    expect(servers.map(({ Name }) => Name).sort()).toEqual(["testInstance100_02", "testInstance10_01"]);
    expect(await statusOf("testVolume")).toBe("available");
    expect(volumeId("testVolume")).toBe(before.volume);
    expect(lab.instance("testInstance100_02").instanceId).toBe(before.instance);
  });

  it("moves the volume to another instance, which finds the file on it", async () => {
    const before = volumeId("testVolume");
    expect((await lab.preview("volume-moved")).losses).toEqual([]);
    await lab.goTo("volume-moved");
    expect([volumeId("testVolume"), await statusOf("testVolume")]).toEqual([before, "in-use"]);
    const disk = given(lab.outputs.volumes["testVolume"]?.device, "device of testVolume");
    expect(await on("testInstance100_02", `sudo sh -ec 'mount ${disk} /mnt; cat /mnt/file'`)).toBe("written on 100_01");
  });

  it("boots an instance from a volume, which outlives it", async () => {
    expect((await lab.preview("boot-from-volume")).losses).toEqual([]);
    await lab.goTo("boot-from-volume");
    expect(await verifySsh(lab.instance("testInstance100_03"))).toBe("testinstance100-03");
    const Server = z.object({ image: z.unknown(), volumes_attached: z.unknown() });
    const { image, volumes_attached } = Server.parse(await json("server", "show", "testInstance100_03"));
    expect(image).toMatch(/booted from volume/);
    expect(JSON.stringify(volumes_attached)).toContain(volumeId("bootVolume"));
    await on("testInstance100_03", "echo kept >kept; sync");
    expect((await lab.preview("boot-from-volume")).changes).toEqual({});

    const gone = { student: { instances: { testInstance100_03: null } } };
    const { losses } = await lab.preview("boot-from-volume", gone);
    expect(losses.filter((loss) => !loss.startsWith(`${lab.course}-kim-testInstance100_03`))).toEqual([]);
    await lab.goTo("boot-from-volume", gone);
    expect(await statusOf("bootVolume")).toBe("available");

    // And another one boots from it, with what the first one wrote.
    await lab.goTo("boot-from-volume");
    expect(await on("testInstance100_03", "cat kept")).toBe("kept");
  });

  it("is destroyed without leaving anything in any service", async () => {
    const traces = await tracesOf(lab.course);
    expect(traces.ids.length).toBeGreaterThan(15);
    expect(await leftoversOf(traces)).not.toEqual([]);
    await lab.takeDown();
    expect(await leftoversOf(traces)).toEqual([]);
  });
});
