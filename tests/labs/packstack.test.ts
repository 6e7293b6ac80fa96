import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { runOverSsh, verifyPage, verifySsh } from "../../quickstart/verify.ts";
import { given, openstack, openstackList, pings } from "../cloud/testStack.ts";
import { answersOn, inside, LabStack } from "./labStack.ts";
import { leftoversOf, stateOf, tracesOf } from "./leftovers.ts";

const REACH = ["ip", "netns", "exec", "classroom"];
const NAME = "Kim Minji";
/** The local cloud has no way to Docker Hub, but a registry of its own. */
const LOCAL_DOCKER = {
  student: {
    instances: {
      DOCKER1: { docker: { image: "172.24.4.1:5005/httpd:latest", insecureRegistries: ["172.24.4.1:5005"] } },
    },
  },
};

const OVERLAY_AND_OCTAVIA = {
  student: {
    networks: { overlay_net: { cidr: "172.16.9.0/24", type: "vxlan", segmentationId: 777 } },
    loadBalancers: { LB: { network: "int_net", members: ["WEBSRV1"], madeOf: "octavia" } },
  },
};

let lab: LabStack;
beforeAll(async () => {
  lab = await LabStack.open("packstack");
});
afterAll(() => lab.destroy());

/** Runs a command where the student's router is, as `ip netns exec qrouter-…` on the network node. */
async function atRouter(router: string, ...command: string[]): Promise<string> {
  const [found] = z
    .array(z.object({ ID: z.string(), Name: z.string() }))
    .parse(JSON.parse(await lab.asStudent("router", "list", "-f", "json")))
    .filter(({ Name }) => Name === router);
  const namespace = ["ip", "netns", "exec", `qrouter-${given(found, router).ID}`];
  const { stdout } = await execa("node", ["local-cloud/main.ts", "exec", "--", ...namespace, ...command], {
    cwd: projectRoot,
  });
  return stdout;
}

/** The names of the servers whose pages come back when one address is asked so many times. */
async function pagesOf(url: string, times: number): Promise<string[]> {
  const pages: string[] = [];
  for (let asked = 0; asked < times; asked++) {
    const { stdout } = await inside("curl", "--silent", "--max-time", "10", "--noproxy", "*", url);
    pages.push(/WEBSRV[12]/.exec(stdout)?.[0] ?? stdout);
  }
  return pages;
}

describe("the lab packstack", () => {
  it("comes up with two web servers, installed at first boot, of which one is reached from outside", async () => {
    await lab.goTo("");
    expect(lab.address("WEBSRV1")).toMatch(/^10\.5\.117\.1\d\d$/);
    expect(lab.instance("WEBSRV2").floatingIp).toBeNull();
    expect(lab.instance("WEBSRV2").fixedIp).toMatch(/^172\.16\.1\./);
    await verifyPage(given(lab.instance("WEBSRV1").url, "url"), NAME, REACH);
    expect(await verifySsh(lab.instance("WEBSRV1"))).toBe("websrv1");
    // The other page is there too, inside.
    expect(await runOverSsh(lab.instance("WEBSRV1"), waitForPage(lab.instance("WEBSRV2").fixedIp))).toContain(
      "WEBSRV2",
    );
  });

  it("has the provider network and the flavor of the notes", async () => {
    const [subnet] = await openstackList("subnet", "list", "--name", "ext_net_subnet", "--long");
    expect(subnet).toMatchObject({
      Subnet: "10.0.0.0/8",
      DHCP: false,
      Gateway: "10.0.0.1",
      "Name Servers": ["8.8.8.8"],
    });
    expect(subnet?.["Allocation Pools"]).toEqual([{ start: "10.5.117.101", end: "10.5.117.199" }]);
    const network = await openstack("network", "show", "ext_net", "-f", "json");
    expect(JSON.parse(network)).toMatchObject({
      "router:external": true,
      "provider:network_type": "flat",
      "provider:physical_network": "extnet",
    });
    const flavors = await openstackList("flavor", "list", "--all");
    expect(flavors).toContainEqual(
      expect.objectContaining({ ID: "6", Name: "m1.xsmall", RAM: 1024, Disk: 10, VCPUs: 1 }),
    );
    for (const [name, RAM] of [
      ["m1.tiny", 512],
      ["m1.small", 2048],
      ["m1.medium", 4096],
      ["m1.large", 8192],
      ["m1.xlarge", 16_384],
    ])
      expect(flavors).toContainEqual(expect.objectContaining({ Name: name, RAM }));
  });

  it("has the group dev with its two users", async () => {
    const users = await openstackList("user", "list", "--group", "dev");
    expect(users.map(({ Name }) => Name).sort()).toEqual(["devuser1", "devuser2"]);
  });

  it("prints the bridge's files for the operator of a Packstack host", () => {
    const { operatorFiles } = lab.outputs;
    expect(operatorFiles["ifcfg-br-ex"]).toContain("TYPE=OVSBridge\n");
    expect(operatorFiles["ifcfg-br-ex"]).toContain("IPADDR=10.5.117.100\nPREFIX=8\n");
    expect(operatorFiles["ifcfg-br-ex"]).toContain("GATEWAY=10.0.0.1\nDNS1=8.8.8.8\n");
    expect(operatorFiles["ifcfg-eth0"]).toContain("TYPE=OVSPort\n");
    expect(operatorFiles["ifcfg-eth0"]).toContain("OVS_BRIDGE=br-ex\n");
    expect(operatorFiles["vnc-ports.txt"]).toMatch(/^10\.5\.117\.100:59\d\d -> compute:59\d\d\n$/);
  });

  it("moves the floating IP to WEBSRV2 without replacing either", async () => {
    const before = [lab.instance("WEBSRV1").instanceId, lab.instance("WEBSRV2").instanceId];
    const address = lab.address("WEBSRV1");
    expect(await lab.preview("lend-floating-ip")).toMatchObject({
      errors: [],
      losses: ["t-packstack-kim-WEBSRV1-ready"],
    });
    await lab.goTo("lend-floating-ip");
    expect(lab.address("WEBSRV2")).toBe(address);
    expect(await verifySsh(lab.instance("WEBSRV2"))).toBe("websrv2");
    expect([lab.instance("WEBSRV1").instanceId, lab.instance("WEBSRV2").instanceId]).toEqual(before);
  });

  it("gives each server an address, and takes both back; inside they still read each other's pages", async () => {
    const before = [lab.instance("WEBSRV1").instanceId, lab.instance("WEBSRV2").instanceId];
    await lab.goTo("two-floating-ips");
    const addresses = [lab.address("WEBSRV1"), lab.address("WEBSRV2")];
    expect(await verifySsh(lab.instance("WEBSRV1"))).toBe("websrv1");
    expect(await verifySsh(lab.instance("WEBSRV2"))).toBe("websrv2");

    await lab.goTo("release-floating-ips");
    for (const address of addresses) expect(await pings(address, 2)).toBe(false);
    expect(JSON.parse(await lab.asStudent("floating", "ip", "list", "-f", "json"))).toEqual([]);
    for (const [from, to] of [
      ["WEBSRV1", "WEBSRV2"],
      ["WEBSRV2", "WEBSRV1"],
    ] as const) {
      const { fixedIp } = lab.instance(from);
      const ssh = ["ssh", "-i", lab.keyFile, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new"];
      const known = ["-o", `UserKnownHostsFile=${lab.path("known_hosts")}`];
      const page = await atRouter(
        "ADMIN_R1",
        ...ssh,
        ...known,
        `debian@${fixedIp}`,
        `curl --silent http://${lab.instance(to).fixedIp}/`,
      );
      expect(page).toContain(to);
    }
    expect([lab.instance("WEBSRV1").instanceId, lab.instance("WEBSRV2").instanceId]).toEqual(before);
  });

  it("runs Apache in a container on a volume of the image's own size", async () => {
    await lab.goTo("docker", LOCAL_DOCKER);
    await verifyPage(given(lab.instance("DOCKER1").url, "url"), NAME, REACH);
    expect(await runOverSsh(lab.instance("DOCKER1"), "sudo docker ps --format '{{.Image}}'")).toContain("httpd");
    const image = z
      .object({ min_disk: z.number() })
      .parse(JSON.parse(await openstack("image", "show", "debian-12", "-f", "json")));
    const volumes = z
      .array(z.object({ Size: z.number() }))
      .parse(JSON.parse(await lab.asStudent("volume", "list", "-f", "json")));
    expect(volumes).toMatchObject([{ Size: image.min_disk }]);
  });

  it("balances between both servers, and leaves out one that is gone", async () => {
    await lab.goTo("load-balancer");
    const url = `http://${given(lab.outputs.loadBalancers["WEBSRV_LB"]?.floatingIp, "address of the load balancer")}/`;
    expect(new Set(await pagesOf(url, 6))).toEqual(new Set(["WEBSRV1", "WEBSRV2"]));
    await lab.asStudent("server", "stop", "WEBSRV2");
    await expect.poll(() => pagesOf(url, 4), { timeout: 120_000, interval: 3000 }).toEqual(Array(4).fill("WEBSRV1"));
    await lab.asStudent("server", "start", "WEBSRV2");
    await expect.poll(async () => new Set(await pagesOf(url, 4)).size, { timeout: 300_000, interval: 3000 }).toBe(2);
  });

  it("lets the firewall decide what the security group allows", async () => {
    const balancer = given(lab.outputs.loadBalancers["WEBSRV_LB"]?.floatingIp, "address of the load balancer");
    expect(await answersOn(balancer, 22, 30)).toBe(true);
    await lab.goTo("firewall");
    await expect.poll(() => answersOn(balancer, 22, 0), { timeout: 60_000, interval: 2000 }).toBe(false);
    expect(await pings(balancer, 2)).toBe(false);
    expect(await pagesOf(`http://${balancer}/`, 1)).toEqual([expect.stringMatching(/^WEBSRV[12]$/)]);
  });

  it("joins two sites by a tunnel that carries a ping both ways", async () => {
    await lab.goTo("vpn");
    const branch = lab.instance("BRANCH1");
    const { fixedIp } = lab.instance("WEBSRV1");
    await expect
      .poll(() => runOverSsh(branch, `ping -c 2 -W 2 ${fixedIp}`).catch(String), { timeout: 180_000, interval: 5000 })
      .toContain(" 0% packet loss");
    // And back: the branch's page, read where WEBSRV1's router is, does not come over the provider network.
    expect(await runOverSsh(branch, `wget -q -O - http://${fixedIp}/`)).toContain("WEBSRV1");
    const connections = await lab.asStudent("vpn", "ipsec", "site", "connection", "list", "-f", "json");
    const states = z.array(z.object({ Status: z.string() })).parse(JSON.parse(connections));
    expect(states.map(({ Status }) => Status)).toEqual(["ACTIVE", "ACTIVE"]);
  });

  it("is there again, with its tunnel, after the local cloud was stopped and started", async () => {
    for (const command of ["down", "up"])
      await execa("node", ["local-cloud/main.ts", command], { stdio: "inherit", cwd: projectRoot });
    const branch = lab.instance("BRANCH1");
    const { fixedIp } = lab.instance("WEBSRV1");
    await expect
      .poll(() => runOverSsh(branch, `ping -c 2 -W 2 ${fixedIp}`).catch(String), { timeout: 300_000, interval: 5000 })
      .toContain(" 0% packet loss");
    expect(await runOverSsh(branch, waitForPage(fixedIp, "wget -q -O -"))).toContain("WEBSRV1");
  });

  it("lets an administrator choose how a network is carried, and Octavia keep the objects of a load balancer", async () => {
    await lab.goTo("release-floating-ips", OVERLAY_AND_OCTAVIA);
    const network = await openstack("network", "show", "overlay_net", "-f", "json");
    expect(JSON.parse(network)).toMatchObject({ "provider:network_type": "vxlan", "provider:segmentation_id": 777 });
    const balancers = z
      .array(z.object({ name: z.string(), provisioning_status: z.string() }))
      .parse(JSON.parse(await lab.asStudent("loadbalancer", "list", "-f", "json")));
    expect(balancers).toMatchObject([{ name: "LB", provisioning_status: "ACTIVE" }]);
  });

  it("has nothing to change on a second look", async () => {
    expect((await lab.preview("release-floating-ips", OVERLAY_AND_OCTAVIA)).changes).toEqual({});
  });

  it("keeps no password in plain in its state, and is destroyed without leaving anything in any service", async () => {
    expect(await stateOf(lab.course)).not.toContain(lab.outputs.password);
    const traces = await tracesOf(lab.course);
    expect(traces.ids.length).toBeGreaterThan(15);
    await lab.takeDown();
    expect(await leftoversOf(traces)).toEqual([]);
  });
});

/** A command that waits for the page of an instance that is still booting, and prints it. */
function waitForPage(address: string, get = "curl --silent --fail"): string {
  return `for i in $(seq 120); do ${get} http://${address}/ && break; sleep 3; done`;
}
