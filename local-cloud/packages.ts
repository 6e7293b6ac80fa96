import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { apiOnly, isRoot } from "./cloudKind.ts";
import { lastLines, writeWhole } from "./files.ts";
import { systemEnvironment } from "./namespace.ts";
import { home, logs } from "./paths.ts";

const forApis: readonly string[] = [
  ...["mariadb-server", "rabbitmq-server", "memcached", "uwsgi-core", "uwsgi-plugin-python3", "supervisor"],
  ...["keystone", "glance", "placement-api", "neutron-server", "nova-api", "nova-conductor", "nova-scheduler"],
  "python3-openstackclient",
];
const forGuests: readonly string[] = [
  ...["socat", "neutron-linuxbridge-agent", "neutron-l3-agent", "neutron-dhcp-agent", "neutron-metadata-agent"],
  ...["nova-compute", "nova-compute-qemu", "qemu-system-x86", "qemu-utils", "libvirt-daemon-system", "libvirt-clients"],
  ...["iproute2", "iptables", "ipset", "ebtables", "arptables", "bridge-utils", "conntrack", "dnsmasq-base", "haproxy"],
  ...["iputils-ping", "genisoimage"],
];

/** Debian's, without what they merely recommend. */
export const packages: readonly string[] = apiOnly ? forApis : [...forApis, ...forGuests];

const Record = z.object({ installed: z.array(z.string()), servicesDisabled: z.boolean() });
const recordFile = join(home, "packages.json");

/** What was not on the machine before us. */
export function packagesInstalledByUs(): string[] {
  return readRecord().installed;
}

export async function missingPackages(wanted: readonly string[]): Promise<string[]> {
  const versions = await packageVersions(wanted);
  return wanted.filter((name) => !versions.has(name));
}

/** Of those that are installed. */
export async function packageVersions(names: readonly string[]): Promise<Map<string, string>> {
  const { stdout } = await execa(
    "dpkg-query",
    ["--show", "--showformat=${db:Status-Status} ${Package} ${Version}\n", ...names],
    {
      ...host,
      reject: false,
    },
  );
  return new Map(
    stdout.split("\n").flatMap((line): [string, string][] => {
      const [status, name = "", version = ""] = line.split(" ");
      return status === "installed" ? [[name, version]] : [];
    }),
  );
}

/** Installs what is missing, and sees to it that none of it starts as a service of the host: neither now nor at the next boot. */
export async function installPackages(wanted: readonly string[], report: (line: string) => void): Promise<void> {
  removePolicy();
  const missing = await missingPackages(wanted);
  if (missing.length > 0) {
    report("apt-get update");
    await apt(["update"], report);
    // A killed installation may have left packages half configured.
    await apt(["install", "--fix-broken"], report);
    await recordNewPackages(missing);
    const owned = makePolicy();
    try {
      await apt(["install", "--no-install-recommends", ...missing], report);
    } finally {
      if (owned) removePolicy();
    }
  }
  await disableServices();
}

const host = { env: { ...systemEnvironment, ...proxies() }, extendEnv: false } as const;

function proxies(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(https?|ftp|no)_proxy$/i.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

async function apt(args: string[], report: (line: string) => void): Promise<void> {
  const log = join(logs, "apt.log");
  const running = execa(
    "apt-get",
    [
      ...["--yes", "-o", "DPkg::Lock::Timeout=600", "-o", "APT::Status-Fd=3"],
      ...["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold", ...args],
    ],
    {
      env: {
        ...host.env,
        DEBIAN_FRONTEND: "noninteractive",
        NEEDRESTART_SUSPEND: "1",
        APT_LISTCHANGES_FRONTEND: "none",
      },
      extendEnv: false,
      reject: false,
      stdio: ["ignore", { file: log, append: true }, { file: log, append: true }, ["pipe", progress(report)]],
    },
  );
  const { failed } = await running;
  if (failed)
    throw new UserError(
      `apt-get ${args[0] ?? ""} failed; its last words, from ${log}:\n${lastLines(log, 8)}\nMend that and run the same command again.`,
      1,
    );
}

/** apt's lines are <kind>:<package>:<per cent>:<description>. */
function progress(report: (line: string) => void) {
  return function* (line: unknown): Generator<string> {
    const [, , percent, description] = String(line).split(":");
    if (percent !== undefined && description !== undefined) report(`${Math.round(Number(percent))} %  ${description}`);
    yield "";
  };
}

function readRecord(): z.infer<typeof Record> {
  return existsSync(recordFile)
    ? Record.parse(JSON.parse(readFileSync(recordFile, "utf8")))
    : { installed: [], servicesDisabled: true };
}

/** Before they are installed, so that a killed installation is accounted for too. */
async function recordNewPackages(missing: readonly string[]): Promise<void> {
  const { stdout } = await execa("apt-get", ["install", "--simulate", "--no-install-recommends", ...missing], host);
  const coming = [...stdout.matchAll(/^Inst (\S+) \((?!.*=>)/gm)].map(([, name = ""]) => name);
  const installed = [...new Set([...readRecord().installed, ...coming])].sort();
  writeWhole({ path: recordFile, text: JSON.stringify({ installed, servicesDisabled: false }) });
}

const policy = "/usr/sbin/policy-rc.d";
const POLICY_TEXT =
  "#!/bin/sh\n# openstack-classroom: no service starts while its packages are being installed\nexit 101\n";

/** @returns false when the machine has one of its own, which we leave to decide. */
function makePolicy(): boolean {
  if (existsSync(policy)) return false;
  writeWhole({ path: policy, text: POLICY_TEXT, mode: 0o755 });
  return true;
}

/** Only if it is ours. */
export function removePolicy(): void {
  if (isRoot && existsSync(policy) && readFileSync(policy, "utf8") === POLICY_TEXT) rmSync(policy);
}

/** The daemons run under our supervisor; Debian's units of the same ones would start at the next boot, on the host's own network. */
async function disableServices(): Promise<void> {
  const { installed, servicesDisabled } = readRecord();
  if (servicesDisabled) return;
  if (existsSync("/usr/bin/systemctl")) {
    const { stdout } = await execa("dpkg-query", ["--listfiles", ...installed], { ...host, reject: false });
    const units = [
      ...stdout.matchAll(/^(?:\/usr)?\/lib\/systemd\/system\/([^/\n@]+\.(?:service|socket|timer|path))$/gm),
    ];
    const now = existsSync("/run/systemd/system") ? ["--now"] : [];
    // Units that cannot be enabled in the first place make it complain.
    for (const [, unit = ""] of units) await execa("systemctl", ["disable", ...now, unit], { ...host, reject: false });
  }
  writeWhole({ path: recordFile, text: JSON.stringify({ installed, servicesDisabled: true }) });
}
