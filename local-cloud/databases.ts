import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { authUrl, region } from "./apis.ts";
import { account } from "./cloudKind.ts";
import { glanceConfig } from "./config/glance.ts";
import { mariadbConfig, mariadbData, mariadbSocket } from "./config/infrastructure.ts";
import { keystoneConfig } from "./config/keystone.ts";
import { neutronConfig } from "./config/neutron.ts";
import { novaOptions } from "./config/nova.ts";
import { placementConfig } from "./config/placement.ts";
import { lastLines, writeConfig, writeWhole } from "./files.ts";
import { inside, systemEnvironment } from "./namespace.ts";
import type { OptionalService } from "./optionalService.ts";
import { packageVersions } from "./packages.ts";
import { logs, state } from "./paths.ts";
import type { Schema, SchemaCommand } from "./schema.ts";
import type { Secrets } from "./secrets.ts";

/** The empty data folder of MariaDB. */
export async function makeDatabaseServer(): Promise<void> {
  if (existsSync(mariadbData)) return;
  // A killed attempt may still be writing for a moment, so each has a folder of its own.
  const unfinished = mkdtempSync(`${mariadbData}.unfinished-`);
  writeConfig(mariadbConfig);
  await inside("mariadb-install-db", [
    ...[`--defaults-file=${mariadbConfig.path}`, `--datadir=${unfinished}`, `--user=${account}`],
    ...["--auth-root-authentication-method=socket", "--skip-test-db"],
  ]);
  renameSync(unfinished, mariadbData);
  for (const entry of readdirSync(state))
    if (entry.startsWith("mariadb.unfinished-")) rmSync(join(state, entry), { recursive: true, maxRetries: 10 });
}

/** Each by the name of its owner. */
function coreSchemas(secrets: Secrets, group: string) {
  const keystoneOptions = ["--config-file", keystoneConfig(secrets).path];
  const asUs = ["--keystone-user", account, "--keystone-group", group];
  const placementOptions = ["--config-file", placementConfig(secrets).path];
  const neutronOptions = ["--config-file", neutronConfig(secrets).path];
  const nova = (...args: string[]): SchemaCommand => ["nova-manage", [...novaOptions, ...args]];
  const keystone = (args: string[], environment?: Record<string, string>): SchemaCommand => [
    "keystone-manage",
    [...keystoneOptions, ...args],
    environment,
  ];
  return {
    neutron: {
      ...core("neutron"),
      databases: ["neutron"],
      upgrade: [["neutron-db-manage", [...neutronOptions, "upgrade", "heads"]]],
    },
    glance: {
      ...core("glance"),
      databases: ["glance"],
      upgrade: [["glance-manage", ["--config-file", glanceConfig(secrets).path, "db_sync"]]],
    },
    keystone: {
      ...core("keystone"),
      databases: ["keystone"],
      upgrade: [keystone(["db_sync"])],
      begin: [
        keystone(["fernet_setup", ...asUs]),
        keystone(["credential_setup", ...asUs]),
        keystone(
          [
            ...["bootstrap", "--bootstrap-region-id", region],
            ...["public", "internal", "admin"].flatMap((name) => [`--bootstrap-${name}-url`, authUrl]),
          ],
          // Not as an argument, which any user of the machine could read.
          { OS_BOOTSTRAP_PASSWORD: secrets.admin },
        ),
      ],
    },
    placement: {
      ...core("placement"),
      databases: ["placement"],
      upgrade: [["placement-manage", [...placementOptions, "db", "sync"]]],
    },
    nova: {
      ...core("nova"),
      databases: ["nova_api", "nova", "nova_cell0"],
      upgrade: [nova("api_db", "sync"), nova("cell_v2", "map_cell0"), nova("db", "sync")],
      begin: [nova("cell_v2", "create_cell", "--name", "cell1")],
    },
  } satisfies Record<string, Schema>;
}

function core<T extends string>(name: T) {
  return { name, owner: name, from: { debianPackage: `python3-${name}` } };
}

/** Which version each schema was brought to. One that is not named here was never finished and holds nothing yet. */
const Finished = z.record(z.string(), z.string());
const finishedFile = join(state, "databases.json");

export async function makeDatabases(
  secrets: Secrets,
  services: readonly OptionalService[],
  report: (line: string) => void,
): Promise<void> {
  const { stdout: group } = await execa("id", ["--group", "--name"], { env: systemEnvironment, extendEnv: false });
  const { keystone, glance, placement, neutron, nova } = coreSchemas(secrets, group);
  // Two at a time, of about the same length together.
  const done = await Promise.allSettled([
    makeSchemas([neutron, glance], secrets, report),
    makeSchemas([keystone, placement, nova], secrets, report),
  ]);
  for (const result of done) if (result.status === "rejected") throw result.reason;
  await makeSchemas(
    services.flatMap(({ schemas }) => schemas?.(secrets) ?? []),
    secrets,
    report,
  );
}

async function makeSchemas(
  schemas: readonly Schema[],
  secrets: Secrets,
  report: (line: string) => void,
): Promise<void> {
  const versions = await packageVersions(
    schemas.flatMap(({ from }) => ("debianPackage" in from ? from.debianPackage : [])),
  );
  for (const schema of schemas) {
    const { name, from } = schema;
    const version = "version" in from ? from.version : (versions.get(from.debianPackage) ?? "");
    const finished = readFinished()[name];
    if (finished === version) continue;
    report(finished === undefined ? `making ${name}` : `upgrading ${name}`);
    await makeSchema(schema, secrets, finished === undefined);
    writeWhole({ path: finishedFile, text: JSON.stringify({ ...readFinished(), [name]: version }) });
  }
}

async function makeSchema(
  { name, owner, databases, upgrade, begin = [] }: Schema,
  secrets: Secrets,
  isNew: boolean,
): Promise<void> {
  if (isNew)
    await sql(
      databases.flatMap((database) => [
        // What a killed attempt left: migrations cannot be resumed in the middle.
        `DROP DATABASE IF EXISTS ${database};`,
        `CREATE DATABASE ${database} CHARACTER SET utf8mb3;`,
        `GRANT ALL ON ${database}.* TO '${owner}'@'127.0.0.1' IDENTIFIED BY '${secrets.databases[owner]}';`,
      ]),
    );
  for (const [file, args, environment = {}] of [...upgrade, ...(isNew ? begin : [])]) {
    const log = join(logs, `database-${name}.log`);
    const { exitCode } = await inside(file, args, { environment, log, reject: false });
    if (exitCode !== 0) throw new UserError(`${file} failed; its last words, from ${log}:\n${lastLines(log, 8)}`, 1);
  }
}

async function sql(statements: readonly string[]): Promise<void> {
  await execa("mariadb", ["--no-defaults", `--socket=${mariadbSocket}`, `--user=${account}`], {
    input: statements.join("\n"),
    env: systemEnvironment,
    extendEnv: false,
  });
}

function readFinished(): z.infer<typeof Finished> {
  return existsSync(finishedFile) ? Finished.parse(JSON.parse(readFileSync(finishedFile, "utf8"))) : {};
}
