import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { derivePassword } from "../../lab/passwords.ts";
import type { ClassStackInput } from "../../stacks/classStack.ts";
import type { LabChoices } from "../../stacks/labChoices.ts";
import stackProgram from "../../stacks/stackProgram.ts";
import type { StudentStackInput } from "../../stacks/studentStack.ts";
import { mockCloud, type MockCloud, TYPES, valueOf } from "../support/mockCloud.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import { labWith } from "./labFixture.ts";

const SEED = "0123456789abcdef0123456789abcdef";
const CLASS_STACK = "organization/classroom/net101";
const flavor = { vcpus: 1, ramMiB: 128, diskGiB: 1 };
const lab = labWith({
  class: {
    providerNetworks: { public: { physicalNetwork: "public", cidr: "172.24.4.0/24" } },
    flavors: { tiny: flavor },
  },
  student: {
    project: {},
    networks: { private: { cidr: { of: "10.20.0.0/16", each: 24 } } },
    routers: { router: { gateway: "public", interfaces: ["private"] } },
    instances: { web1: { image: "cirros", flavor: "tiny", network: "private", floatingIp: "public" } },
  },
});
const choices: LabChoices = {
  networkIds: {},
  images: { cirros: { id: "image-cirros", name: "cirros", loginUser: undefined, minDiskGiB: 0, minRamMiB: 0 } },
  flavors: { tiny: { id: undefined, name: "tiny", ...flavor } },
  roleIds: { member: "role-member" },
  computeHosts: [],
};
const cloudAddress = {
  ...{ authUrl: "http://127.0.0.1:5000/v3", region: undefined, cacert: undefined, domainId: "default" },
  ...{ userId: "teacher", projectId: "teachers-project", cloudName: "campus" },
};
const common = { lab, course: "net101", choices, cloud: cloudAddress, passwordSeed: SEED };
const classInput: ClassStackInput = { ...common, kind: "class", imageFiles: {}, students: 2 };
const lee: StudentStackInput = {
  ...{ ...common, kind: "student", student: { id: "lee", name: "Lee", seat: 3 }, publicKey: PUBLIC_KEY },
  reach: { sshKeyFile: "", reachCommand: "", waitUntilReady: false, readinessTimeoutSeconds: 600 },
  ...{ storageUrl: undefined, objectFiles: {}, classStack: CLASS_STACK },
};
const made = {
  providerNetworks: { public: { networkId: "net-public", networkName: "public", subnetId: null } },
  ...{ sharedNetworks: {}, imageIds: {}, flavorIds: { tiny: "flavor-tiny" }, availabilityZones: {} },
};

let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud({ stackOutputs: { [CLASS_STACK]: { class: made } } });
});
afterEach(() => cloud.drain());

const typesOf = () => cloud.registrations.map(({ type }) => type);

describe("the class stack", () => {
  it("makes what all share, and tells student stacks of it", async () => {
    const outputs = await stackProgram(classInput);
    expect(await valueOf(pulumi.output(outputs["class"]))).toEqual({
      ...made,
      providerNetworks: {
        public: { networkId: "net101-public-network-id", networkName: "public", subnetId: "net101-public-subnet-id" },
      },
      flavorIds: { tiny: "net101-flavors-tiny-flavor-id" },
    });
    await cloud.drain();
    expect(typesOf()).not.toContain(TYPES.instance);
    expect(typesOf()).not.toContain("openstack:identity/project:Project");
  });

  it("says in its state which cloud it is of", async () => {
    await stackProgram(classInput);
    await cloud.drain();
    expect(cloud.only("pulumi:providers:openstack")).toMatchObject({ cloud: "campus" });
  });
});

describe("a student's stack", () => {
  it("builds on the class stack and makes nothing that is everybody's", async () => {
    await stackProgram(lee);
    await cloud.drain();
    expect(cloud.only("openstack:networking/router:Router")["externalNetworkId"]).toBe("net-public");
    expect(cloud.only(TYPES.instance)).toMatchObject({
      flavorId: "flavor-tiny",
      imageId: "image-cirros",
      name: "web1",
    });
    expect(typesOf()).not.toContain("openstack:compute/flavor:Flavor");
    expect(typesOf()).not.toContain("classroom:index:ProviderNetwork");
  });

  it("has the addresses of the seat, and names with course and student", async () => {
    const { student } = await stackProgram(lee);
    await cloud.drain();
    expect(cloud.only(TYPES.subnet)["cidr"]).toBe("10.20.3.0/24");
    expect(cloud.only("openstack:identity/project:Project")["name"]).toBe("net101-lee");
    expect(student).toEqual({ id: "lee", name: "Lee", seat: 3 });
  });

  it("is made by two logins: the teacher's of the named cloud, and the student's own, of which nothing is the teacher's", async () => {
    const { password } = await stackProgram(lee);
    await cloud.drain();
    expect(cloud.named("pulumi:providers:openstack", "net101-teacher")).toEqual({ cloud: "campus" });
    const own = derivePassword(SEED, ["net101", "user", "net101-lee", "net101-lee"]);
    const login = cloud.named("pulumi:providers:openstack", "net101-lee-user");
    expect(login).toMatchObject({ cloud: "", userName: "net101-lee", tenantId: "net101-lee-project-project-id" });
    expect(await pulumi.isSecret(pulumi.output(password))).toBe(true);
    expect(await valueOf(pulumi.output(password))).toBe(own);
  });

  it("makes the project as the teacher, and what is in it as the student, who can log in only after that", async () => {
    await stackProgram(lee);
    await cloud.drain();
    for (const { type, name, options } of cloud.registrations.filter(({ type }) => type.startsWith("openstack:")))
      expect([name, options.provider]).toEqual([
        name,
        type.startsWith("openstack:identity/") ? "net101-teacher" : "net101-lee-user",
      ]);
    const login = cloud.registrations.find(({ name }) => name === "net101-lee-user");
    expect(login?.options.dependsOn).toEqual([
      "net101-lee-project-leftovers",
      "net101-lee-project-net101-lee-member-role",
      "net101-lee-project-project",
    ]);
  });

  it("names no private key in the ssh command when only the student has it", async () => {
    const { instances } = await stackProgram(lee);
    expect(await valueOf(pulumi.output(instances))).toMatchObject({ web1: { sshCommand: "ssh cirros@172.24.4.99" } });
  });

  it("is refused before anything is registered when the class stack lacks what it builds on", async () => {
    cloud = await mockCloud({
      stackOutputs: { [CLASS_STACK]: { class: { ...made, providerNetworks: {} } } },
    });
    await expect(stackProgram(lee)).rejects.toThrow(
      "the class stack organization/classroom/net101 does not have public yet; bring it up first",
    );
    expect(typesOf()).toEqual(["pulumi:pulumi:StackReference"]);
  });
});
