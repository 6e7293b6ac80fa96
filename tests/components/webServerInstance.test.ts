import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { WebServerInstance, type WebServerInstanceArgs } from "../../components/webServerInstance.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const args: WebServerInstanceArgs = {
  networkId: "net-id",
  subnetId: "subnet-id",
  keyPairName: "kim",
  imageId: "image-id",
  imageName: "debian-12",
  flavorId: "flavor-id",
};
const withFloatingIp = { ...args, floatingIpPool: "public", routerInterfaceId: "interface-id" };
const cloudConfig = z.object({ packages: z.array(z.string()), runcmd: z.array(z.array(z.string())) });
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("WebServerInstance", () => {
  it("puts the security groups and the subnet on an explicit port, and the instance on the port alone", async () => {
    const instance = new WebServerInstance("web1", {
      ...args,
      securityGroupIds: ["group-id"],
      tags: ["course:dev", "student:kim"],
    });
    expect(await valueOf(instance.instanceId)).toBe("web1-instance-id");
    expect(await valueOf(instance.fixedIp)).toBe("fixed IP of web1-port");
    expect(cloud.only(TYPES.port)).toEqual({
      name: "web1-port",
      networkId: "net-id",
      fixedIps: [{ subnetId: "subnet-id" }],
      securityGroupIds: ["group-id"],
      tags: ["course:dev", "student:kim"],
    });
    expect(cloud.only(TYPES.instance)).toEqual({
      name: "web1",
      imageId: "image-id",
      flavorId: "flavor-id",
      keyPair: "kim",
      networks: [{ port: "web1-port-id" }],
      metadata: { course: "dev", student: "kim" },
    });
  });

  it("has no floating IP and waits for nothing unless asked", async () => {
    const instance = new WebServerInstance("web1", args);
    expect(instance.floatingIp).toBeUndefined();
    await cloud.drain();
    expect(cloud.registrations.map(({ type }) => type)).toEqual([
      "classroom:index:WebServerInstance",
      TYPES.port,
      TYPES.instance,
    ]);
  });

  it("makes a floating IP of networking.* that leads to its port", async () => {
    const instance = new WebServerInstance("web1", { ...withFloatingIp, tags: ["course:dev"] });
    expect(instance.floatingIp === undefined ? "" : await valueOf(instance.floatingIp)).toBe("172.24.4.99");
    expect(cloud.only(TYPES.floatingIp)).toEqual({
      description: "web1-floating-ip",
      pool: "public",
      portId: "web1-port-id",
      tags: ["course:dev"],
    });
  });

  it("makes it only once the router interface exists", async () => {
    let announce: (id: string) => void = () => undefined;
    const routerInterfaceId = new Promise<string>((resolve) => (announce = resolve));
    const instance = new WebServerInstance("web1", { ...withFloatingIp, routerInterfaceId });
    await valueOf(instance.instanceId);
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(TYPES.floatingIp);
    announce("interface-id");
    await cloud.drain();
    expect(cloud.only(TYPES.floatingIp)["portId"]).toBe("web1-port-id");
  });

  it("lends its floating IP to another port, and then waits for nothing there", async () => {
    new WebServerInstance("web1", { ...withFloatingIp, floatingIpPortId: "web2-port-id", readiness: {} });
    await cloud.drain();
    expect(cloud.only(TYPES.floatingIp)["portId"]).toBe("web2-port-id");
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(TYPES.command);
  });

  it("boots from a volume of its own", async () => {
    new WebServerInstance("web1", { ...args, bootVolumeSizeGiB: 8 });
    await cloud.drain();
    const inputs = cloud.only(TYPES.instance);
    expect(inputs).not.toHaveProperty("imageId");
    expect(inputs["blockDevices"]).toEqual([
      {
        uuid: "image-id",
        sourceType: "image",
        destinationType: "volume",
        bootIndex: 0,
        deleteOnTermination: true,
        volumeSize: 8,
      },
    ]);
  });

  it("boots from a volume that is there and leaves it behind", async () => {
    new WebServerInstance("web1", { ...args, bootFromVolumeId: "volume-id" });
    await cloud.drain();
    const inputs = cloud.only(TYPES.instance);
    expect(inputs).not.toHaveProperty("imageId");
    expect(inputs["blockDevices"]).toEqual([
      {
        uuid: "volume-id",
        sourceType: "volume",
        destinationType: "volume",
        bootIndex: 0,
        deleteOnTermination: false,
      },
    ]);
  });

  it("has a port on each further network, in order, after its first", async () => {
    const instance = new WebServerInstance("web1", {
      ...args,
      tags: ["course:dev"],
      additionalNetworks: {
        storage: { networkId: "storage-id", subnetId: "storage-subnet-id", fixedIp: "10.9.0.5" },
        admin: { networkId: "admin-id", subnetId: "admin-subnet-id", securityGroupIds: ["admin-group-id"] },
      },
    });
    await valueOf(instance.instanceId);
    expect(cloud.only(TYPES.instance)["networks"]).toEqual([
      { port: "web1-port-id" },
      { port: "web1-storage-port-id" },
      { port: "web1-admin-port-id" },
    ]);
    expect(cloud.named(TYPES.port, "web1-storage-port")).toEqual({
      name: "web1-storage-port",
      networkId: "storage-id",
      fixedIps: [{ subnetId: "storage-subnet-id", ipAddress: "10.9.0.5" }],
      tags: ["course:dev"],
    });
    expect(cloud.named(TYPES.port, "web1-admin-port")).toMatchObject({ securityGroupIds: ["admin-group-id"] });
    const { storage } = instance.additionalFixedIps;
    expect(storage === undefined ? "" : await valueOf(storage)).toBe("fixed IP of web1-storage-port");
  });

  it("has another name in OpenStack, on its page and for the readiness check, in a zone", async () => {
    new WebServerInstance("web1", {
      ...withFloatingIp,
      instanceName: "WEBSRV1",
      availabilityZone: "red",
      web: "apache",
      readiness: {},
    });
    await cloud.drain();
    const inputs = cloud.named(TYPES.instance, "web1-instance");
    expect(inputs).toMatchObject({ name: "WEBSRV1", availabilityZone: "red" });
    expect(inputs["userData"]).toContain("<h1>WEBSRV1</h1>");
    const ready = cloudConfig.parse(parse(String(inputs["userData"]))).runcmd.at(-1);
    expect(ready?.slice(-2)).toEqual(["WEBSRV1", "/var/www/html/ready.txt"]);
    expect(cloud.only(TYPES.command)["environment"]).toMatchObject({ INSTANCE_NAME: "WEBSRV1" });
  });

  it("installs on CentOS 7 from the mirror that is named", async () => {
    const imageName = "CentOS-7-x86_64-GenericCloud";
    new WebServerInstance("web1", { ...args, imageName, web: "apache", packageMirror: "http://mirror.test/centos/7/" });
    await cloud.drain();
    const files = z
      .object({ write_files: z.array(z.object({ path: z.string(), content: z.string() })) })
      .parse(parse(String(cloud.only(TYPES.instance)["userData"]))).write_files;
    const repositories = files.find(({ path }) => path === "/etc/yum.repos.d/CentOS-Base.repo")?.content ?? "";
    expect(repositories.match(/^baseurl=.*$/gm)).toEqual([
      "baseurl=http://mirror.test/centos/7/os/$basearch/",
      "baseurl=http://mirror.test/centos/7/updates/$basearch/",
      "baseurl=http://mirror.test/centos/7/extras/$basearch/",
    ]);
    expect(repositories.match(/^gpgcheck=1$/gm)).toHaveLength(3);
  });

  it.each([
    ["debian-12", "apache" as const, ["apache2"], "debian"],
    ["Rocky-9", "apache" as const, ["httpd"], "rocky"],
    ["UBUNTU1804", "docker" as const, ["docker.io"], "ubuntu"],
  ])("installs on %s with %s the packages %j, login %s", async (imageName, web, packages, loginUser) => {
    const instance = new WebServerInstance("web1", { ...args, imageName, web });
    await cloud.drain();
    const config = cloudConfig.parse(parse(String(cloud.only(TYPES.instance)["userData"])));
    expect(config.packages).toEqual(packages);
    expect(config.runcmd.at(-1)?.slice(0, 2)).toEqual(["classroom-step", "ready"]);
    expect(instance.loginUser).toBe(loginUser);
  });

  it("passes own user data through untouched", async () => {
    new WebServerInstance("web1", { ...args, userData: "#!/bin/sh\ntrue\n" });
    await cloud.drain();
    expect(cloud.only(TYPES.instance)["userData"]).toBe("#!/bin/sh\ntrue\n");
  });

  it("waits at the floating IP for the page of this very instance", async () => {
    new WebServerInstance("web1", {
      ...withFloatingIp,
      web: "apache",
      readiness: { timeoutSeconds: 90, reachCommand: "ip netns exec classroom" },
    });
    await cloud.drain();
    expect(cloud.only(TYPES.command)["environment"]).toEqual({
      INSTANCE_ID: "web1-instance-id",
      INSTANCE_NAME: "web1",
      ADDRESS: "172.24.4.99",
      CHECK: "page",
      TIMEOUT_SECONDS: "90",
      REACH: "ip netns exec classroom",
      CONSOLE_LOG: "",
    });
  });

  it("takes 40 instances without a name collision", async () => {
    for (let seat = 1; seat <= 40; seat++)
      new WebServerInstance(`web${seat}`, { ...withFloatingIp, web: "apache", readiness: {} });
    await cloud.drain();
    const names = cloud.registrations.map(({ type, name }) => `${type}::${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(40 * 5);
    const physical = cloud.registrations
      .filter(({ type }) => type === TYPES.instance)
      .map(({ inputs }) => inputs["name"]);
    expect(new Set(physical).size).toBe(40);
  });

  it.each<[Partial<WebServerInstanceArgs>, string]>([
    [{ imageName: "my-image" }, 'loginUser: the login user does not follow from the image name "my-image"; set it'],
    [{ imageName: "cirros", web: "apache" }, "has no cloud-init to install apache"],
    [{ web: "apache", userData: "#!/bin/sh" }, "leave out one of the two"],
    [{ userData: "x".repeat(65_536) }, "has 65536 bytes; Nova takes at most 65535"],
    [{ web: "apache", studentName: "é".repeat(40_000) }, "Nova takes at most 65535"],
    [{ instanceName: "" }, "instanceName: is empty"],
    [
      { imageName: "centos7", web: "apache" },
      "past its end of life (30 June 2024) and its mirrors are gone, so apache cannot be installed; choose a current Rocky, Alma, Debian or Ubuntu image",
    ],
    [{ packageMirror: "http://mirror.test" }, "packageMirror: is only for CentOS 7"],
    [{ bootVolumeSizeGiB: 8, bootFromVolumeId: "v" }, "bootFromVolumeId: is a volume already"],
    [
      { additionalNetworks: { admin: { networkId: "n", subnetId: "s", fixedIp: "x" } } },
      'additionalNetworks.admin.fixedIp: "x" is not an IPv4 address',
    ],
    [{ bootVolumeSizeGiB: 1.5 }, "1.5 is not a whole number of GiB"],
    [{ floatingIpPool: "public" }, "give both or neither"],
    [{ floatingIpPortId: "p" }, "there is no floating IP to lend"],
    [{ readiness: {} }, "can only wait at a floating IP"],
    [{ fixedIp: "10.0.7" }, '"10.0.7" is not an IPv4 address'],
  ])("refuses a bad argument and registers nothing: %#", async (wrong, reason) => {
    expect(() => new WebServerInstance("web1", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("takes user data of exactly the largest size", async () => {
    new WebServerInstance("web1", { ...args, userData: "x".repeat(65_535) });
    await cloud.drain();
    expect(cloud.only(TYPES.instance)["userData"]).toHaveLength(65_535);
  });
});
