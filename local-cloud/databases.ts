import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { authUrl, region } from "./apis.ts";
import { glanceConfig } from "./config/glance.ts";
import { mariadbConfig, mariadbData, mariadbSocket } from "./config/infrastructure.ts";
import { keystoneConfig } from "./config/keystone.ts";
import { neutronConfig } from "./config/neutron.ts";
import { novaConfig, novaDatabaseConfig } from "./config/nova.ts";
import { placementConfig } from "./config/placement.ts";
import { lastLines, writeConfig, writeWhole } from "./files.ts";
import { inside, systemEnvironment } from "./namespace.ts";
import { packageVersions } from "./packages.ts";
import { logs, state } from "./paths.ts";
import type { Secrets } from "./secrets.ts";

type Owner = keyof Secrets["databases"];

/** The empty data folder of MariaDB. */
export async function makeDatabaseServer(): Promise<void> {
  if (existsSync(mariadbData)) return;
  // A killed attempt may still be writing for a moment, so each has a folder of its own.
  const unfinished = mkdtempSync(`${mariadbData}.unfinished-`);
  writeConfig(mariadbConfig);
  await inside("mariadb-install-db", [
    ...[`--defaults-file=${mariadbConfig.path}`, `--datadir=${unfinished}`, "--user=root"],
    ...["--auth-root-authentication-method=socket", "--skip-test-db"],
  ]);
  renameSync(unfinished, mariadbData);
  for (const entry of readdirSync(state))
    if (entry.startsWith("mariadb.unfinished-")) rmSync(join(state, entry), { recursive: true, maxRetries: 10 });
}

/** A set of databases with the commands that fill them. */
interface Schema {
  owner: Owner;
  databases: readonly string[];
  /** Brings the tables up to the installed packages; harmless when they are. */
  upgrade: readonly Command[];
  /** Once, after the first upgrade. */
  begin: readonly Command[];
}
type Command = readonly [file: string, args: readonly string[], environment?: Record<string, string>];

function schemas(secrets: Secrets): Record<Owner, Schema> {
  const keystoneOptions = ["--config-file", keystoneConfig(secrets).path];
  const asRoot = ["--keystone-user", "root", "--keystone-group", "root"];
  const novaOptions = [novaConfig(secrets), novaDatabaseConfig(secrets)].flatMap(({ path }) => ["--config-file", path]);
  const placementOptions = ["--config-file", placementConfig(secrets).path];
  const neutronOptions = ["--config-file", neutronConfig(secrets).path];
  const nova = (...args: string[]): Command => ["nova-manage", [...novaOptions, ...args]];
  const keystone = (args: string[], environment?: Record<string, string>): Command => [
    "keystone-manage",
    [...keystoneOptions, ...args],
    environment,
  ];
  return {
    neutron: {
      owner: "neutron",
      databases: ["neutron"],
      upgrade: [["neutron-db-manage", [...neutronOptions, "upgrade", "heads"]]],
      begin: [],
    },
    glance: {
      owner: "glance",
      databases: ["glance"],
      upgrade: [["glance-manage", ["--config-file", glanceConfig(secrets).path, "db_sync"]]],
      begin: [],
    },
    keystone: {
      owner: "keystone",
      databases: ["keystone"],
      upgrade: [keystone(["db_sync"])],
      begin: [
        keystone(["fernet_setup", ...asRoot]),
        keystone(["credential_setup", ...asRoot]),
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
      owner: "placement",
      databases: ["placement"],
      upgrade: [["placement-manage", [...placementOptions, "db", "sync"]]],
      begin: [],
    },
    nova: {
      owner: "nova",
      databases: ["nova_api", "nova", "nova_cell0"],
      upgrade: [nova("api_db", "sync"), nova("cell_v2", "map_cell0"), nova("db", "sync")],
      begin: [nova("cell_v2", "create_cell", "--name", "cell1")],
    },
  };
}

/** Two at a time, of about the same length together. */
const lanes: readonly (readonly Owner[])[] = [
  ["neutron", "glance"],
  ["keystone", "placement", "nova"],
];

/** Which version of its package each schema was brought to. One that is not named here was never finished and holds nothing yet. */
const Finished = z.partialRecord(z.enum(["keystone", "glance", "placement", "neutron", "nova"]), z.string());
const finishedFile = join(state, "databases.json");

export async function makeDatabases(secrets: Secrets, report: (line: string) => void): Promise<void> {
  const wanted = schemas(secrets);
  const versions = await packageVersions(Object.keys(wanted).map((name) => `python3-${name}`));
  const done = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const name of lane) {
        const version = versions.get(`python3-${name}`) ?? "";
        const finished = readFinished()[name];
        if (finished === version) continue;
        report(finished === undefined ? `making ${name}` : `upgrading ${name}`);
        await makeSchema(wanted[name], secrets, finished === undefined);
        writeWhole({ path: finishedFile, text: JSON.stringify({ ...readFinished(), [name]: version }) });
      }
    }),
  );
  for (const result of done) if (result.status === "rejected") throw result.reason;
}

async function makeSchema(
  { owner, databases, upgrade, begin }: Schema,
  secrets: Secrets,
  isNew: boolean,
): Promise<void> {
  if (isNew)
    await sql(
      databases.flatMap((name) => [
        // What a killed attempt left: migrations cannot be resumed in the middle.
        `DROP DATABASE IF EXISTS ${name};`,
        `CREATE DATABASE ${name} CHARACTER SET utf8mb3;`,
        `GRANT ALL ON ${name}.* TO '${owner}'@'127.0.0.1' IDENTIFIED BY '${secrets.databases[owner]}';`,
      ]),
    );
  for (const [file, args, environment = {}] of [...upgrade, ...(isNew ? begin : [])]) {
    const log = join(logs, `database-${owner}.log`);
    const { exitCode } = await inside(file, args, { environment, log, reject: false });
    if (exitCode !== 0) throw new UserError(`${file} failed; its last words, from ${log}:\n${lastLines(log, 8)}`, 1);
  }
}

async function sql(statements: readonly string[]): Promise<void> {
  await execa("mariadb", ["--no-defaults", `--socket=${mariadbSocket}`], {
    input: statements.join("\n"),
    env: systemEnvironment,
    extendEnv: false,
  });
}

function readFinished(): z.infer<typeof Finished> {
  return existsSync(finishedFile) ? Finished.parse(JSON.parse(readFileSync(finishedFile, "utf8"))) : {};
}
