import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../terminal/userError.ts";
import { neutronConfig } from "../config/neutron.ts";
import { lastLines, writeConfig } from "../files.ts";
import { SYSTEM_PATH } from "../namespace.ts";
import type { NeutronAdditions, OptionalService } from "../optionalService.ts";
import { cache, etc, logs } from "../paths.ts";

/**
 * The oldest release for a Neutron without the removed FWaaS v1: Debian 12 has none of its own. It runs on Zed's Neutron, although
 * made for the next but one; see `adapt`. https://pypi.org/project/neutron-fwaas/
 */
const release = {
  version: "21.0.1",
  sha256: "42448d5d820f8d036a5ea7af2ef53a0580f0fafd33318d32521bd42aadecfe60",
};
const library = join(cache, `neutron-fwaas-${release.version}`);
/** Neutron finds what it can plug in by the metadata beside each package. */
const environment = { PYTHONPATH: library };

/** Neutron's firewall as a service, version 2: rules on the ports of routers. */
export const fwaas: OptionalService = {
  name: "fwaas",
  description: "firewall as a service: firewall groups on the ports of routers",
  note: "on router ports only",
  debianPackages: ["python3-pip", "python3-neutronclient", "python3-zmq", "python3-pyroute2"],
  prepare: async (_secrets, report) => {
    await fetchLibrary(report);
  },
  schemas: (secrets) => [
    {
      name: "neutron-fwaas",
      owner: "neutron",
      databases: [],
      from: { version: release.version },
      upgrade: [
        [
          "neutron-db-manage",
          ["--config-file", neutronConfig(secrets).path, "--subproject", "neutron-fwaas", "upgrade", "heads"],
          environment,
        ],
      ],
    },
  ],
  neutron: (): NeutronAdditions => ({
    servicePlugins: ["firewall_v2"],
    server: {
      service_providers: {
        service_provider: [
          "FIREWALL_V2:fwaas_db:neutron_fwaas.services.firewall.service_drivers.agents.agents.FirewallAgentDriver:default",
        ],
      },
    },
    l3Extensions: ["fwaas_v2"],
    l3: {
      fwaas: {
        enabled: true,
        agent_version: "v2",
        driver:
          "neutron_fwaas.services.firewall.service_drivers.agents.drivers.linux.iptables_fwaas_v2.IptablesFwaasDriver",
      },
    },
    environment,
  }),
};

/** By pip as it is set up on this machine, once; without what it says it needs, as that is a newer Neutron. */
async function fetchLibrary(report: (line: string) => void): Promise<void> {
  if (existsSync(library)) return;
  report(`neutron-fwaas ${release.version} by pip`);
  const unfinished = `${library}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const requirements = join(etc, "neutron-fwaas-requirements.txt");
  writeConfig({
    path: requirements,
    text: `neutron-fwaas==${release.version} --hash=sha256:${release.sha256}\n`,
  });
  const log = join(logs, "pip.log");
  const { failed } = await execa(
    "/usr/bin/python3",
    [
      // -I: nothing of a Python environment that we were called from.
      ...["-I", "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"],
      ...["--no-compile", "--disable-pip-version-check", "--target", unfinished, "--requirement", requirements],
    ],
    {
      env: { PATH: SYSTEM_PATH },
      stdio: ["ignore", { file: log, append: true }, { file: log, append: true }],
      reject: false,
    },
  );
  if (failed)
    throw new UserError(
      `pip cannot fetch neutron-fwaas ${release.version}; its last words, from ${log}:\n${lastLines(log, 8)}\n` +
        "Mend that and run the same command again, or do without: --without fwaas",
      1,
    );
  adapt(join(unfinished, "neutron_fwaas/db/migration/alembic_migrations/versions"));
  renameSync(unfinished, library);
}

/** Neutron looks for migrations in the folders of the releases it knows: the one of a later release moves to the last of those. */
function adapt(versions: string): void {
  const later = join(versions, "2023.2/expand");
  for (const file of readdirSync(later)) renameSync(join(later, file), join(versions, "queens/expand", file));
  rmSync(join(versions, "2023.2"), { recursive: true });
}
