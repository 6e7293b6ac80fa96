import { randomBytes } from "node:crypto";
import { cpSync, linkSync, mkdirSync, copyFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { buildPeers, type ProviderKind } from "../peerPrograms.ts";
import { OUTSIDE, prefixOf, STUDENT } from "../student.ts";
import type { Phase, Variant } from "../variant.ts";

const CONFIGURATION = join(import.meta.dirname, "openTofu");

/** Whose project everything is in: see the words of own-login/main.tf and one-login/main.tf. */
type Login = "own-login" | "one-login";

/**
 * The cloud by the name in OS_CLOUD when the command runs. OpenTofu's variables carry it, because the provider would mix the
 * administrator's cloud into a student's login; and the provider looks for the file in a home of its own choice.
 */
const WITH_CLOUD = [
  "TF_VAR_cloud=${OS_CLOUD:-api-only}",
  "TF_VAR_clouds_yaml=${OS_CLIENT_CONFIG_FILE:-$HOME/.config/openstack/clouds.yaml}",
  "export TF_VAR_cloud TF_VAR_clouds_yaml OS_CLOUD= OS_CLIENT_CONFIG_FILE=$TF_VAR_clouds_yaml",
  'exec "$0" "$@"',
].join("\n");

const ACTIONS: Record<Phase, readonly string[]> = {
  create: ["apply", "-auto-approve"],
  "no-op": ["apply", "-auto-approve"],
  preview: ["plan"],
  "add-one": ["apply", "-auto-approve"],
  destroy: ["destroy", "-auto-approve"],
};

/**
 * OpenTofu with terraform-provider-openstack: one configuration and one state for the whole class, a module for each student. It
 * looks at everything before it changes anything, which is its default.
 *
 * It leaves Neutron's security group `default` of each project, which belongs to no resource.
 *
 * @param parallelism how many resources are worked on at once; 10 is OpenTofu's default
 * @param name of the variant, and so of what it makes. @default what it is made of
 */
export function openTofu(
  kind: ProviderKind,
  parallelism: number,
  login: Login = "own-login",
  name = `tofu-${kind}-p${parallelism}${login === "one-login" ? "-one-login" : ""}`,
): Variant {
  return {
    name,
    title:
      `OpenTofu, provider ${kind === "fast" ? "with the delay fix" : "as released"}, -parallelism=${parallelism}` +
      (login === "one-login" ? ", one login: networks and instances all in the administrator's project" : ""),
    inOneProject: login === "one-login",
    async prepare(folder) {
      const { tofu, providers, providerVersion } = await buildPeers();
      const place = `registry.opentofu.org/terraform-provider-openstack/openstack/${providerVersion}/linux_${goArchitecture()}`;
      putProgram(tofu, join(folder, "bin/tofu"));
      putProgram(providers[kind], join(folder, "mirror", place, `terraform-provider-openstack_v${providerVersion}`));
      for (const part of [login, "student", "projects.tf"])
        cpSync(join(CONFIGURATION, part), part === login ? folder : join(folder, part), { recursive: true });
      const variables = {
        ...{ prefix: prefixOf(name), outside: OUTSIDE.name, student: STUDENT },
        seed: randomBytes(16).toString("hex"),
      };
      writeFileSync(join(folder, "class.auto.tfvars.json"), JSON.stringify(variables), { mode: 0o600 });
      writeFileSync(
        join(folder, "tofurc"),
        `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(join(folder, "mirror"))}\n  }\n}\n`,
      );
      await execa(join(folder, "bin/tofu"), ["init", "-input=false", "-no-color"], {
        cwd: folder,
        env: settings(folder),
      });
    },
    command: (phase, size, folder) => ({
      file: "/bin/sh",
      args: [
        ...["-c", WITH_CLOUD, join(folder, "bin/tofu"), ...ACTIONS[phase]],
        ...["-input=false", "-no-color", `-parallelism=${parallelism}`, `-var=students=${size}`],
      ],
      env: settings(folder),
      cwd: folder,
    }),
  };
}

const settings = (folder: string) => ({ TF_CLI_CONFIG_FILE: join(folder, "tofurc"), TF_IN_AUTOMATION: "1" });

/** A second name, or a copy where the folder is on another file system. */
function putProgram(file: string, place: string): void {
  mkdirSync(dirname(place), { recursive: true });
  try {
    linkSync(file, place);
  } catch {
    copyFileSync(file, place);
  }
}

function goArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

/** At its best, at more at once, without the fix, and with one login: a provider process for all students, not one for each. */
export const openTofuVariants: readonly Variant[] = [
  openTofu("fast", 10),
  openTofu("fast", 64),
  openTofu("stock", 10),
  openTofu("fast", 10, "one-login"),
];
