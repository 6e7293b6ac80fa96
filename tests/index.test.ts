import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TYPES, valueOf } from "./support/mockCloud.ts";
import { programRun, type ProgramRun } from "./support/programRun.ts";

const web1 = { image: "debian-12", flavor: "ds512M", network: "private", floatingIp: "public", web: "apache" };
const web2 = { image: "cirros", flavor: "m1.nano", network: "private" };
const lab = {
  lab: "small",
  title: "A small lab",
  class: { providerNetworks: { public: { physicalNetwork: "public", cidr: "172.24.4.0/24" } } },
  student: {
    networks: {
      private: { cidr: "192.168.100.0/24", dns: ["8.8.8.8"] },
      closed: { cidr: "192.168.101.0/24", closed: true },
    },
    routers: { router: { gateway: "public", interfaces: ["private"] } },
    securityGroups: { web: ["http"] },
    instances: { web1, web2 },
  },
};
const NO_LOGIN = { AUTH_URL: undefined, USERNAME: undefined, PASSWORD: undefined, PROJECT_NAME: undefined };
const CLOUDS = join(import.meta.dirname, "support", "clouds.yaml");
const SEED = "0123456789abcdef0123456789abcdef";

let program: ProgramRun;
beforeEach(async () => {
  program = await programRun();
});
afterEach(() => program.close());

describe("one student with the class part", () => {
  it("builds the whole room of one student, named and tagged for them", async () => {
    await program.run(lab);
    await program.cloud.drain();
    expect(program.registered()).toEqual(
      [
        "classroom:index:ProviderNetwork dev-public",
        "Network dev-public-network",
        "Subnet dev-public-subnet",
        "classroom:index:SelfServiceNetwork dev-kim-private",
        "classroom:index:ClosedNetwork dev-kim-closed",
        ...["private", "closed"].flatMap((name) => [
          `Network dev-kim-${name}-network`,
          `Subnet dev-kim-${name}-subnet`,
        ]),
        "classroom:index:RouterWithGateway dev-kim-router",
        "Router dev-kim-router-router",
        "RouterInterface dev-kim-router-private-interface",
        "classroom:index:InstanceSecurityGroup dev-kim-web",
        "SecGroup dev-kim-web-group",
        "SecGroupRule dev-kim-web-http-from-anywhere-rule",
        "classroom:index:KeyPair dev-kim-key",
        "Keypair dev-kim-key-keypair",
        ...["web1", "web2"].flatMap((name) => [
          `classroom:index:WebServerInstance dev-kim-${name}`,
          `Port dev-kim-${name}-port`,
          `Instance dev-kim-${name}-instance`,
        ]),
        "FloatingIp dev-kim-web1-floating-ip",
        "command:local:Command dev-kim-web1-ready",
      ].sort(),
    );
    const tagged = program.cloud.registrations.filter(({ inputs }) => "tags" in inputs);
    expect(tagged).toHaveLength(11);
    for (const { name, inputs } of tagged)
      expect(inputs["tags"]).toEqual([
        "course:dev",
        ...(name.startsWith("dev-kim") ? ["student:kim"] : []),
        "managed-by:classroom",
      ]);
    expect(program.cloud.named(TYPES.instance, "dev-kim-web1-instance")).toMatchObject({
      imageId: "image-debian",
      flavorId: "flavor-512",
      // In a project that students share, names tell them apart.
      name: "dev-kim-web1",
    });
    expect(program.cloud.named(TYPES.instance, "dev-kim-web1-instance")["userData"]).toContain("Kim Minji");
    expect(program.cloud.named(TYPES.instance, "dev-kim-web2-instance")).not.toHaveProperty("userData");
  });

  it("makes each thing only after what it needs, and so deletes it before", async () => {
    await program.run(lab);
    await program.cloud.drain();
    const own = program.cloud.registrations.filter(({ name }) => /^dev-(public|kim-(private|router|web1))-/.test(name));
    expect(Object.fromEntries(own.map(({ name, options }) => [name, options.dependsOn]))).toEqual({
      "dev-public-network": undefined,
      "dev-public-subnet": ["dev-public-network"],
      "dev-kim-private-network": undefined,
      "dev-kim-private-subnet": ["dev-kim-private-network"],
      "dev-kim-router-router": ["dev-public-network", "dev-public-subnet"],
      "dev-kim-router-private-interface": ["dev-kim-private-subnet", "dev-kim-router-router"],
      "dev-kim-web1-port": ["dev-kim-private-network", "dev-kim-private-subnet", "dev-kim-web-group"],
      "dev-kim-web1-instance": ["dev-kim-key-keypair", "dev-kim-web1-port"],
      "dev-kim-web1-floating-ip": [
        ...["dev-kim-router-private-interface", "dev-kim-web1-port"],
        ...["dev-public-network", "dev-public-subnet"],
      ],
      "dev-kim-web1-ready": ["dev-kim-web1-floating-ip", "dev-kim-web1-instance"],
    });
  });

  it("tells a student every address and command", async () => {
    const { instances, networks, project } = await program.run(lab, { reachCommand: "ip netns exec classroom" });
    expect(await valueOf(pulumi.output(instances))).toEqual({
      web1: {
        instanceId: "dev-kim-web1-instance-id",
        fixedIp: "fixed IP of dev-kim-web1-port",
        floatingIp: "172.24.4.99",
        sshCommand: `ip netns exec classroom ssh -i ${join(program.folder, "key")} debian@172.24.4.99`,
        url: "http://172.24.4.99/",
        consoleCommand: "openstack console log show dev-kim-web1-instance-id",
        consoleUrlCommand: "node openstack/main.ts console-url dev-kim-web1-instance-id",
      },
      web2: {
        instanceId: "dev-kim-web2-instance-id",
        fixedIp: "fixed IP of dev-kim-web2-port",
        floatingIp: null,
        sshCommand: null,
        url: null,
        consoleCommand: "openstack console log show dev-kim-web2-instance-id",
        consoleUrlCommand: "node openstack/main.ts console-url dev-kim-web2-instance-id",
      },
    });
    expect(await valueOf(pulumi.output(networks))).toMatchObject({
      public: { networkId: "dev-public-network-id", cidr: "172.24.4.0/24" },
      private: { networkId: "dev-kim-private-network-id" },
    });
    expect(project).toBeNull();
  });

  it("says at which cloud, in which project and as whom it works", async () => {
    const info = vi.spyOn(pulumi.log, "info");
    await program.run(lab);
    const where = `the OS_* variables: ${program.openstack.authUrl}, project "class", user "teacher"`;
    expect(info.mock.calls).toEqual([[where]]);
    info.mockRestore();
  });

  it("shows a lent floating IP with the instance it leads to", async () => {
    const instances = { web1: { ...web1, floatingIpTo: "web2" }, web2 };
    const stack = await program.run({ ...lab, student: { ...lab.student, instances } });
    const outputs = await valueOf(pulumi.output(stack.instances));
    expect(outputs["web1"]).toMatchObject({ floatingIp: null, url: null, sshCommand: null });
    expect(outputs["web2"]).toMatchObject({ floatingIp: "172.24.4.99", url: null });
    expect(program.cloud.only(TYPES.floatingIp)["portId"]).toBe("dev-kim-web2-port-id");
  });

  it("adopts an existing provider network, as the configuration changes the lab for this cloud", async () => {
    await program.mock({
      calls: { "openstack:networking/getNetwork:getNetwork": { id: "net-campus", name: "campus" } },
    });
    const own = { existing: "campus", physicalNetwork: null, cidr: null };
    await program.run(lab, { changes: { class: { providerNetworks: { public: own } } } });
    await program.cloud.drain();
    expect(program.cloud.only(TYPES.router)["externalNetworkId"]).toBe("net-campus");
    expect(program.cloud.only(TYPES.floatingIp)["pool"]).toBe("campus");
    expect(program.cloud.registrations.map(({ name }) => name)).not.toContain("dev-public-network");
  });

  it.each<[change: object, login: Record<string, string | undefined>, reason: string, requests: number]>([
    [{ course: "No" }, {}, 'course: "No" cannot be part of a host name', 0],
    [{ sshKeyFile: "/nowhere/key" }, {}, "/nowhere/key.pub does not exist; make the pair with: ssh-keygen", 0],
    [{ lab: "packstak", passwordSeed: SEED }, {}, 'there is no ready lab "packstak"; did you mean "packstack"?', 0],
    [{ lab: "packstack" }, {}, "passwordSeed: is missing; the passwords of the lab are derived from it", 0],
    [{ step: "next" }, {}, 'there is no step "next"', 0],
    [{}, { CLOUD: "campus" }, 'both the cloud "campus" of clouds.yaml and OS_AUTH_URL, OS_USERNAME, OS_PASSWORD', 0],
    [{}, NO_LOGIN, "no cloud is named; set one with `pulumi config set openstack:cloud", 0],
    [{}, { ...NO_LOGIN, CLOUD: "lab", CLIENT_CONFIG_FILE: CLOUDS }, 'has no cloud "lab"; it has campus', 0],
    [{}, { PASSWORD: undefined }, "the OS_* variables: username or password is missing", 0],
    [{}, { PASSWORD: "wrong" }, "refuses these credentials (401)", 1],
    [
      {
        changes: { class: { providerNetworks: { public: { existing: "campsu", physicalNetwork: null, cidr: null } } } },
      },
      {},
      'did you mean "campus"?',
      4,
    ],
  ])("refuses %j with the login %j before anything is registered", async (change, login, reason, requests) => {
    const error: unknown = await program.run(lab, change, login).catch((thrown: unknown) => thrown);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(String(error)).toContain(reason);
    expect(program.cloud.registrations).toEqual([]);
    expect(program.openstack.requests).toHaveLength(requests);
  });

  it("names what is wrong with configuration, lab, key and login at once, before the cloud is asked", async () => {
    const private1 = { ...lab.student.networks.private, cidr: "192.168.100.7/24" };
    const wrong = { ...lab, student: { ...lab.student, networks: { ...lab.student.networks, private: private1 } } };
    const run = program.run(wrong, { course: "No", sshKeyFile: "/nowhere/key" }, { PASSWORD: undefined });
    const error: unknown = await run.catch((thrown: unknown) => thrown);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    for (const reason of [
      'course: "No" cannot be part of a host name',
      "student.networks.private.cidr: ",
      "sshKeyFile: /nowhere/key.pub does not exist",
      "username or password is missing",
    ])
      expect(String(error)).toContain(reason);
    expect(program.openstack.requests).toEqual([]);
  });
});
