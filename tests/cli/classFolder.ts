import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { KnownStack } from "../../course/cloudView.ts";
import { kimsStack, known, TYPES } from "../course/kimsThings.ts";
import { capacityAnswers } from "../support/fakeCapacity.ts";
import { courseAnswers, KIM_PROJECT, networkAnswers } from "../support/fakeCourse.ts";
import type { FakeAnswer, FakeRequest } from "../support/fakeOpenStack.ts";
import { COURSE, TEXT } from "./checkedCourse.ts";

/** The folder of the course net101, whose student kim has a stack: what a class is before something goes wrong. */
export class ClassFolder {
  readonly path = mkdtempSync(join(tmpdir(), "classroom-"));
  readonly hidden = join(this.path, ".classroom");
  readonly stacks = join(this.hidden, "state", ".pulumi", "stacks", "classroom");
  readonly locks = join(this.hidden, "state", ".pulumi", "locks", "organization", "classroom");

  constructor({ course = "" } = {}) {
    this.write("course.yaml", `${COURSE}${course}`);
    this.write("lab.yaml", TEXT);
    this.roster("kim");
  }

  write(file: string, text: string, mode = 0o600): string {
    const path = join(this.path, file);
    writeFileSync(path, text, { mode });
    return path;
  }

  roster(...ids: string[]): void {
    this.write("roster.csv", `id,name\n${ids.map((id) => `${id},${id.toUpperCase()}\n`).join("")}`);
  }

  /** What `classroom up` leaves, without the cloud. */
  makeKim(url = "http://127.0.0.1:9/"): void {
    mkdirSync(join(this.hidden, "keys"), { recursive: true, mode: 0o700 });
    mkdirSync(this.stacks, { recursive: true, mode: 0o700 });
    for (const file of ["passphrase", "password-seed", "keys/kim"]) this.write(`.classroom/${file}`, "x".repeat(40));
    this.write(".classroom/keys/kim.pub", "ssh-ed25519 AAAA", 0o644);
    this.keep(kims({ outputs: { student: {}, instances: { web1: { url } } } }));
    this.keep({ stack: "net101", resources: [], pending: [], outputs: { class: {} } });
  }

  /** Writes a state as Pulumi does. */
  keep(stack: KnownStack): string {
    const file = join(this.stacks, `${stack.stack}.json`);
    writeFileSync(file, stateText(stack));
    return file;
  }

  lock(stack: string, lock: object): string {
    const folder = join(this.locks, stack);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "0c34bd3b.json");
    writeFileSync(file, JSON.stringify(lock));
    return file;
  }
}

/** The text of a state's file. */
export function stateText({ stack, resources, pending, outputs }: KnownStack): string {
  const root = { urn: `urn:pulumi:${stack}::classroom::pulumi:pulumi:Stack::x`, type: "pulumi:pulumi:Stack", outputs };
  const pending_operations = pending.map(({ resource, type }) => ({ resource, type }));
  return JSON.stringify({
    version: 3,
    checkpoint: { stack, latest: { resources: [root, ...resources], pending_operations } },
  });
}

/** Kim's stack in the project of the fake cloud, at an address of this machine. */
export function kims(change: Partial<KnownStack> = {}): KnownStack {
  const stack = kimsStack(change);
  const resources = stack.resources.map((each) => {
    if (each.type === TYPES.project) return { ...each, id: KIM_PROJECT };
    return each.type === TYPES.floatingIp ? { ...each, outputs: { address: "127.0.0.1" } } : each;
  });
  const user = { ...known("project", "user", "user-kim"), type: "openstack:identity/user:User" };
  return { ...stack, resources: [...resources, user] };
}

type Answers = Record<string, (request: FakeRequest) => FakeAnswer>;

const tags = ["course:net101", "student:kim", "managed-by:classroom"];
const of = (id: string, more: object = {}) => ({
  id,
  name: id.replace("kim-", ""),
  tags,
  project_id: KIM_PROJECT,
  ...more,
});

export const KIMS_SERVER = {
  ...{ id: "kim-vm", name: "web1", status: "ACTIVE", tenant_id: KIM_PROJECT, user_id: "user-kim" },
  metadata: { course: "net101", student: "kim", "managed-by": "classroom" },
  ...{ image: { id: "debian" }, flavor: { id: "small" }, key_name: "kim-key" },
};

/** A cloud that has what Kim's state says; `lists` are Neutron's listings that differ. */
export function kimsCloud({
  servers = [KIMS_SERVER],
  lists = {},
}: { servers?: object[]; lists?: Record<string, object[]> } = {}): Answers {
  return {
    ...capacityAnswers(),
    ...courseAnswers(),
    ...networkAnswers({
      networks: [of("kim-net")],
      subnets: [of("kim-subnet", { network_id: "kim-net" })],
      routers: [of("kim-router")],
      "security-groups": [of("kim-group")],
      "security-group-rules": [
        of("kim-rule", { security_group_id: "kim-group", direction: "ingress", protocol: "tcp" }),
      ],
      ports: [
        of("kim-port", {
          ...{
            network_id: "kim-net",
            device_owner: "compute:nova",
            device_id: "kim-vm",
            security_groups: ["kim-group"],
          },
          fixed_ips: [{ subnet_id: "kim-subnet", ip_address: "192.168.10.5" }],
        }),
        of("kim-interface", {
          ...{
            network_id: "kim-net",
            device_owner: "network:router_interface",
            device_id: "kim-router",
            fixed_ips: [],
          },
        }),
      ],
      floatingips: [of("kim-fip", { floating_ip_address: "127.0.0.1", port_id: "kim-port" })],
      ...lists,
    }),
    "GET /identity/v3/groups?domain_id=default": () => ({ body: { groups: [] } }),
    "GET /compute/os-keypairs?user_id=user-kim": () => ({ body: { keypairs: [{ keypair: { name: "kim-key" } }] } }),
    [`GET /compute/servers/detail?all_tenants=1&project_id=${KIM_PROJECT}`]: () => ({ body: { servers } }),
  };
}

/** The number of a process that has ended. */
export async function deadPid(): Promise<number> {
  const child = execa("true");
  await child;
  if (child.pid === undefined) throw new Error("the process did not start");
  return child.pid;
}

/** How a command logs in at the fake cloud. */
export const loginEnv = (authUrl: string) => ({
  ...{ OS_AUTH_URL: authUrl, OS_USERNAME: "teacher", OS_PASSWORD: "right", OS_PROJECT_NAME: "class" },
  PATH: process.env["PATH"],
});
