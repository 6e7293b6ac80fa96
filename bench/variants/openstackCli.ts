import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellQuoted } from "../../terminal/shellQuoted.ts";
import { OUTSIDE, prefixOf, STUDENT, studentId } from "../student.ts";
import type { Variant } from "../variant.ts";

const SCRIPTS = join(import.meta.dirname, "openstackCli");

/** Each call is a Python that loads for most of a second: more at once than this only wait for each other. */
const AT_ONCE = 8;

/** With the settings' file, the operation, the student's script, and the students. */
const CLASS_SCRIPT = [
  '. "$1"; operation=$2; script=$3; shift 3',
  "export AUTH_URL=$(openstack configuration show -f value -c auth.auth_url)",
  'printf "%s\\n" "$@" | xargs -P "$AT_ONCE" -n 1 sh "$script" "$operation"',
].join("\n");

const keyFile = (folder: string) => join(folder, "key.pub");
const settingsFile = (folder: string) => join(folder, "settings");

/**
 * A shell script of `openstack` commands for each student, several students at once. Done again it would fail, and it can say nothing
 * beforehand, so there is no such row. The quota of a project that is gone stays in Neutron's and Nova's tables: this client deletes none.
 *
 * @param script below openstackCli/
 */
const openstackCli = (name: string, how: string, script: string): Variant => ({
  name,
  title: `${how}, ${AT_ONCE} students at once by xargs`,
  prepare(folder) {
    const { computeQuota, networkQuota } = STUDENT;
    const quotas = {
      ...{ instances: computeQuota.instances, cores: computeQuota.cores, ram: computeQuota.ramMiB },
      ...{ networks: networkQuota.networks, subnets: networkQuota.subnets, routers: networkQuota.routers },
      ...{ ports: networkQuota.ports, "floating-ips": networkQuota.floatingIps },
      ...{ secgroups: networkQuota.securityGroups, "secgroup-rules": networkQuota.securityGroupRules },
    };
    const settings = {
      ...{ SEED: randomBytes(16).toString("hex"), ROLE: STUDENT.role, IMAGE: STUDENT.image, FLAVOR: STUDENT.flavor },
      ...{ CIDR: STUDENT.cidr, DNS: STUDENT.dns.join(" "), FIXED_IP: STUDENT.fixedIp, OUTSIDE: OUTSIDE.name },
      PUBLIC_KEY_FILE: keyFile(folder),
      QUOTAS: Object.entries(quotas)
        .map(([name, value]) => `--${name} ${value}`)
        .join(" "),
    };
    writeFileSync(keyFile(folder), `${STUDENT.publicKey}\n`);
    writeFileSync(
      settingsFile(folder),
      Object.entries(settings)
        .map(([name, value]) => `export ${name}=${shellQuoted(value)}\n`)
        .join(""),
      { mode: 0o600 },
    );
    return Promise.resolve();
  },
  command(phase, size, folder) {
    if (phase === "no-op" || phase === "preview") return undefined;
    const first = phase === "add-one" ? size : 1;
    const names = Array.from(
      { length: size - first + 1 },
      (_, index) => `${prefixOf(name)}-${studentId(first + index)}`,
    );
    const operation = phase === "destroy" ? "destroy" : "create";
    return {
      file: "/bin/sh",
      args: ["-c", CLASS_SCRIPT, "sh", settingsFile(folder), operation, join(SCRIPTS, script), ...names],
      // The client of Debian's package, whatever else is on the PATH.
      env: { AT_ONCE: String(AT_ONCE), PATH: "/usr/sbin:/usr/bin:/sbin:/bin", PYTHONWARNINGS: "ignore" },
      cwd: folder,
    };
  },
});

/** As everybody writes it, and with one process for all commands of a login, which few know of. */
export const openstackCliVariants: readonly Variant[] = [
  openstackCli("openstack-cli", "a script of openstack commands, one after the other", "student.sh"),
  openstackCli(
    "openstack-cli-batch",
    "the same commands, read by one openstack process for each login",
    "studentBatch.sh",
  ),
];
