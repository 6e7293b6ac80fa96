/**
 * Records what Pulumi's engine says of every kind of change, as `tests/course/fixtures/<change>.jsonl`. Needs the local cloud; makes a
 * stack there and destroys it again: `node tests/course/recordPlannedSteps.ts [change …]`
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { pulumiEnv, Stack, stateFolder } from "../../quickstart/pulumi.ts";
import { ensureSshKey } from "../../quickstart/sshKey.ts";
import { trimmedSteps } from "./trimmedSteps.ts";

const COURSE = "h4";
const WEB1 = "classroom:index:WebServerInstance$openstack:compute/instance:Instance::h4-kim-web1-instance";
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), `${COURSE}-`));
const fixtures = join(projectRoot, "tests/course/fixtures");

const lab = {
  lab: COURSE,
  title: "Everything that a preview has words for",
  class: {
    providerNetworks: {
      "h4-ext": {
        physicalNetwork: "external",
        cidr: "10.10.30.0/24",
        gateway: "10.10.30.1",
        pools: ["10.10.30.100-10.10.30.150"],
        dhcp: false,
      },
    },
    flavors: { "h4-tiny": { vcpus: 1, ramMiB: 512, diskGiB: 3 } },
  },
  student: {
    project: { quotas: { instances: 5 } },
    networks: {
      lan: { cidr: "192.168.60.0/24", pools: ["192.168.60.100-192.168.60.200"] },
      back: { cidr: "192.168.61.0/24" },
    },
    routers: { router: { gateway: "h4-ext", interfaces: ["lan"] } },
    securityGroups: { web: ["ping", { allow: "ssh", from: "anywhere" }] },
    instances: {
      web1: { image: "cirros", flavor: "h4-tiny", network: "lan", floatingIp: "h4-ext", fixedIp: "192.168.60.10" },
      web2: { image: "cirros", flavor: "m1.nano", network: "lan" },
      kept: { flavor: "m1.nano", network: "lan", bootFromVolume: "root" },
    },
    volumes: {
      data: { sizeGiB: 2, attachedTo: "web1" },
      root: { sizeGiB: 1, image: "cirros" },
    },
    containers: { files: { objects: { "a.txt": { text: "a" } } } },
  },
  steps: [
    {
      name: "no-web1",
      does: "The instance is gone, its volume is not.",
      student: { instances: { web1: null }, volumes: { data: { attachedTo: null } } },
    },
  ],
};

/** What is changed, by the name of the recording. */
const CHANGES: Record<string, object> = {
  "user-data": { student: { instances: { web1: { userData: "#!/bin/sh\necho changed\n" } } } },
  "user-data-on-volume": { student: { instances: { kept: { userData: "#!/bin/sh\necho changed\n" } } } },
  image: { student: { instances: { web1: { image: "debian-12" } } } },
  flavor: { student: { instances: { web1: { flavor: "ds512M" } } } },
  "flavor-replaced": { class: { flavors: { "h4-tiny": { ramMiB: 640 } } } },
  "fixed-ip": { student: { instances: { web1: { fixedIp: "192.168.60.11" } } } },
  "more-networks": { student: { instances: { web2: { moreNetworks: ["back"] } } } },
  "rule-added": { student: { securityGroups: { web: ["ping", { allow: "ssh", from: "anywhere" }, "http"] } } },
  "rule-removed": { student: { securityGroups: { web: [{ allow: "ssh", from: "anywhere" }] } } },
  cidr: {
    student: {
      networks: { lan: { cidr: "192.168.70.0/24", pools: ["192.168.70.100-192.168.70.200"] } },
      instances: { web1: { fixedIp: "192.168.70.10" } },
    },
  },
  "volume-grown": { student: { volumes: { data: { sizeGiB: 3 } } } },
  "volume-shrunk": { student: { volumes: { data: { sizeGiB: 1 } } } },
  "volume-replaced": { student: { volumes: { data: { image: "cirros" } } } },
  "volume-removed": { student: { volumes: { data: null } } },
  "volume-moved": { student: { volumes: { data: { attachedTo: "web2" } } } },
  "floating-ip-lent": { student: { instances: { web1: { floatingIpTo: "web2" } } } },
  "floating-ip-removed": { student: { instances: { web1: { floatingIp: null } } } },
  "instance-removed": { student: { instances: { web2: null } } },
  "instance-added": { student: { instances: { web3: { image: "cirros", flavor: "m1.nano", network: "lan" } } } },
  "security-group-added": { student: { securityGroups: { more: ["http"] } } },
  quota: { student: { project: { quotas: { instances: 6 } } } },
  "object-changed": { student: { containers: { files: { objects: { "a.txt": { text: "b" } } } } } },
  "container-removed": { student: { containers: null } },
  "project-renamed": { student: { project: { name: "other" } } },
  "provider-network-replaced": {
    class: {
      providerNetworks: {
        "h4-ext": { cidr: "10.10.10.0/24", gateway: "10.10.10.1", pools: ["10.10.10.100-10.10.10.150"] },
      },
    },
  },
};

function configure(changes: object, more: Record<string, unknown> = {}): void {
  const labFile = join(folder, "lab.yaml");
  writeFileSync(labFile, stringify(lab));
  const values: Record<string, unknown> = {
    lab: labFile,
    changes,
    course: COURSE,
    student: { id: "kim", name: "Kim Minji" },
    sshKeyFile: join(folder, "key"),
    reachCommand: "ip netns exec classroom",
    ...more,
  };
  const entries = Object.entries(values).map(([key, value]): [string, unknown] => [`classroom:${key}`, value]);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    stringify({ config: { "openstack:cloud": "local", ...Object.fromEntries(entries) } }),
  );
}

const env = await pulumiEnv();
const stack = new Stack(COURSE, env, join(folder, "Pulumi.yaml"));

/** @param options of `pulumi preview` */
async function record(name: string, ...options: string[]): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  // Takes the configuration over and makes sure that the stack is there.
  await stack.select();
  const log = join(folder, `${name}.log`);
  const config = join(stateFolder, "settings", `Pulumi.${COURSE}.yaml`);
  const { exitCode, stdout, stderr } = await execa(
    "pulumi",
    ["preview", "--event-log", log, ...options, "--stack", COURSE, "--config-file", config],
    // The option is for Pulumi's own SDK, which sets this too.
    { cwd: projectRoot, env: { ...env, PULUMI_DEBUG_COMMANDS: "true" }, reject: false },
  );
  if (exitCode !== 0) {
    console.error(`${name}: preview failed\n${stderr}${stdout}`);
    process.exitCode = 1;
    return;
  }
  const steps = trimmedSteps(readFileSync(log, "utf8"));
  writeFileSync(join(fixtures, `${name}.jsonl`), steps.map((step) => `${JSON.stringify(step)}\n`).join(""));
  console.log(`${name}: ${steps.length} steps`);
}

async function asAdministrator(...command: string[]): Promise<void> {
  await execa("node", ["local-cloud/main.ts", "exec", "--", "openstack", ...command], { cwd: projectRoot });
}

await ensureSshKey(join(folder, "key"));
await ensureSshKey(join(folder, "other-key"));
configure({});
try {
  await record("new-student");
  await stack.select();
  await stack.up();
  for (const [name, changes] of Object.entries(CHANGES)) {
    configure(changes);
    await record(name);
  }
  configure({}, { step: "no-web1" });
  await record("step");
  configure({}, { sshKeyFile: join(folder, "other-key") });
  await record("key");
  configure({});
  await record("asked-for", "--replace", `urn:pulumi:${COURSE}::classroom::${WEB1}`);
  await record("no-change", "--refresh");
  const { instances, volumes } = await stack.outputs(
    z.object({
      instances: z.record(z.string(), z.object({ instanceId: z.string() })),
      volumes: z.record(z.string(), z.object({ volumeId: z.string() })),
    }),
  );
  const web1 = instances["web1"]?.instanceId ?? "";
  await asAdministrator("server", "set", "--name", "renamed-by-hand", instances["web2"]?.instanceId ?? "");
  await asAdministrator("server", "remove", "volume", web1, volumes["data"]?.volumeId ?? "");
  await record("changed-by-hand", "--refresh");
  await asAdministrator("server", "delete", "--wait", web1);
  await record("instance-deleted-by-hand", "--refresh");
} finally {
  configure({});
  await stack.destroy();
  rmSync(folder, { recursive: true });
}
