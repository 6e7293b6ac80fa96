import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeOpenStack, type FakeOpenStack } from "./support/fakeOpenStack.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "./support/mockCloud.ts";
import { PUBLIC_KEY } from "./support/publicKey.ts";

const config = {
  course: "dev",
  student: { id: "kim", name: "Kim Minji" },
  providerNetwork: { name: "public", physicalNetwork: "public", cidr: "172.24.4.0/24" },
  selfServiceNetworks: { private: { cidr: "192.168.100.0/24" }, closed: { cidr: "192.168.101.0/24" } },
  ingress: { web: { protocol: "tcp", port: 80, remoteIpPrefix: "0.0.0.0/0" } },
  instances: {
    web1: { image: "debian-12", flavor: "ds512M", network: "private", floatingIp: true, web: "apache" },
    web2: { image: "cirros", flavor: "m1.nano", network: "private" },
  },
};

let folder: string;
let openstack: FakeOpenStack;
let cloud: MockCloud;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "index-"));
  writeFileSync(join(folder, "key.pub"), PUBLIC_KEY);
  openstack = await fakeOpenStack();
  cloud = await mockCloud();
});
afterEach(async () => {
  await cloud.drain();
  await openstack.close();
  vi.unstubAllEnvs();
  vi.resetModules();
  rmSync(folder, { recursive: true });
});

/** Runs index.ts as the engine would, with this configuration and this password. */
async function run(change: object = {}, password = "right") {
  const values = { sshKeyFile: join(folder, "key"), ...config, ...change };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        `classroom:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  const login = { AUTH_URL: openstack.authUrl, USERNAME: "teacher", PASSWORD: password, PROJECT_NAME: "class" };
  vi.stubEnv("OS_CLOUD", undefined);
  for (const [key, value] of Object.entries(login)) vi.stubEnv(`OS_${key}`, value);
  return import("../index.ts");
}

describe("index.ts", () => {
  it("builds the whole room of one student, named and tagged for them", async () => {
    await run();
    await cloud.drain();
    expect(
      cloud.registrations.map(({ type, name }) => `${type.replace(/^openstack:\w+\/\w+:/, "")} ${name}`).sort(),
    ).toEqual(
      [
        "classroom:index:ProviderNetwork public",
        "Network public-network",
        "Subnet public-subnet",
        ...["private", "closed"].flatMap((name) => [
          `classroom:index:SelfServiceNetwork dev-kim-${name}`,
          `Network dev-kim-${name}-network`,
          `Subnet dev-kim-${name}-subnet`,
          `RouterInterface dev-kim-router-${name}-interface`,
        ]),
        "classroom:index:RouterWithGateway dev-kim-router",
        "Router dev-kim-router-router",
        "classroom:index:InstanceSecurityGroup dev-kim-web",
        "SecGroup dev-kim-web-group",
        "SecGroupRule dev-kim-web-web-rule",
        "classroom:index:KeyPair dev-kim-key",
        "Keypair dev-kim-key-keypair",
        ...["web1", "web2"].flatMap((name) => [
          `classroom:index:WebServerInstance dev-kim-${name}`,
          `Port dev-kim-${name}-port`,
          `Instance dev-kim-${name}-instance`,
        ]),
        "FloatingIp dev-kim-web1-floating-ip",
        "FloatingIpAssociate dev-kim-web1-floating-ip-association",
        "command:local:Command dev-kim-web1-ready",
      ].sort(),
    );
    const tagged = cloud.registrations.filter(({ inputs }) => "tags" in inputs);
    expect(tagged).toHaveLength(11);
    for (const { inputs } of tagged)
      expect(inputs["tags"]).toEqual(["course:dev", "student:kim", "managed-by:classroom"]);
    expect(cloud.named(TYPES.instance, "dev-kim-web1-instance")).toMatchObject({
      imageId: "image-debian",
      flavorId: "flavor-512",
    });
    expect(cloud.named(TYPES.instance, "dev-kim-web1-instance")["userData"]).toContain("Kim Minji");
    expect(cloud.named(TYPES.instance, "dev-kim-web2-instance")).not.toHaveProperty("userData");
  });

  it("tells a student every address and command", async () => {
    const { instances, networks } = await run({
      reachCommand: "ip netns exec classroom",
      sshKeyFile: join(folder, "key"),
    });
    expect(await valueOf(pulumi.output(instances))).toEqual({
      web1: {
        instanceId: "dev-kim-web1-instance-id",
        fixedIp: "fixed IP of dev-kim-web1-port",
        floatingIp: "172.24.4.99",
        sshCommand: `ip netns exec classroom ssh -i ${join(folder, "key")} debian@172.24.4.99`,
        url: "http://172.24.4.99/",
        consoleCommand: "openstack console log show dev-kim-web1-instance-id",
      },
      web2: {
        instanceId: "dev-kim-web2-instance-id",
        fixedIp: "fixed IP of dev-kim-web2-port",
        floatingIp: null,
        sshCommand: null,
        url: null,
        consoleCommand: "openstack console log show dev-kim-web2-instance-id",
      },
    });
    expect(await valueOf(pulumi.output(networks))).toMatchObject({
      public: { networkId: "public-network-id", cidr: "172.24.4.0/24" },
      private: { networkId: "dev-kim-private-network-id" },
    });
  });

  it("shows a lent floating IP with the instance it leads to", async () => {
    const { web1, web2 } = config.instances;
    const { instances } = await run({ instances: { web1: { ...web1, floatingIpTo: "web2" }, web2 } });
    const outputs = await valueOf(pulumi.output(instances));
    expect(outputs["web1"]).toMatchObject({ floatingIp: null, url: null, sshCommand: null });
    expect(outputs["web2"]).toMatchObject({ floatingIp: "172.24.4.99", url: null });
    expect(cloud.only(TYPES.association)["portId"]).toBe("dev-kim-web2-port-id");
  });

  it("adopts an existing provider network", async () => {
    await cloud.drain();
    cloud = await mockCloud({
      calls: { "openstack:networking/getNetwork:getNetwork": { id: "net-campus", name: "campus" } },
    });
    await run({ providerNetwork: { existing: "campus" } });
    await cloud.drain();
    expect(cloud.only(TYPES.router)["externalNetworkId"]).toBe("net-campus");
    expect(cloud.only(TYPES.floatingIp)["pool"]).toBe("campus");
    expect(cloud.registrations.map(({ name }) => name)).not.toContain("public-network");
  });

  it.each([
    [{ course: "No" }, "right", 'course: "No" cannot be part of a host name', 0],
    [{ sshKeyFile: "/nowhere/key" }, "right", "/nowhere/key.pub does not exist; make the pair with: ssh-keygen", 0],
    [{}, "wrong", "refuses these credentials (401)", 1],
    [{ providerNetwork: { existing: "campsu" } }, "right", 'did you mean "campus"?', 4],
  ])("refuses %j with a %s password before anything is registered", async (change, password, reason, requests) => {
    const error: unknown = await run(change, password).catch((thrown: unknown) => thrown);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(String(error)).toContain(reason);
    expect(cloud.registrations).toEqual([]);
    expect(openstack.requests).toHaveLength(requests);
  });
});
