import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { region } from "../../local-cloud/apis.ts";
import { installPackages } from "../../local-cloud/packages.ts";
import { bringUp, ProjectUser, until } from "../cloud/projectUser.ts";
import { given } from "../cloud/testStack.ts";

/** A place where Pulumi keeps state, made for one test. */
export interface Backend {
  /** As in course.yaml: without a password. */
  url: string;
  /** Names the files that credentials are in: none of them is in the environment itself, or in anybody's arguments. */
  env: Record<string, string>;
  /** What must be nowhere but in those files. */
  secrets: string[];
  /** Names of all that is kept, from `.pulumi/` on. */
  keys: () => Promise<string[]>;
  /** Everything that is kept, in one text. */
  contents: () => Promise<string>;
  /** With everything in it. */
  remove: () => Promise<void>;
}

const fromPulumi = (keys: readonly string[]) =>
  keys.map((key) => key.slice(Math.max(0, key.indexOf(".pulumi/")))).filter((key) => key !== "");

const Ec2 = z.object({ credential: z.object({ access: z.string(), secret: z.string() }) });

/** A bucket of the local cloud's Swift, and somebody who may use it: a member of a project of its own. */
export async function s3Backend(): Promise<Backend> {
  await bringUp("swift");
  const user = await ProjectUser.make(`statetest-${process.pid}`);
  const bucket = "state";
  const store = (method: string, path: string) => user.ask("object-store", method, path);
  await store("PUT", `/${bucket}`);
  const made = await user.call("identity", "POST", `/users/${user.userId}/credentials/OS-EC2`, {
    tenant_id: user.projectId,
  });
  const { access, secret } = Ec2.parse(made).credential;
  const folder = mkdtempSync(join(tmpdir(), "state-s3-"));
  const file = join(folder, "credentials");
  writeFileSync(file, `[default]\naws_access_key_id = ${access}\naws_secret_access_key = ${secret}\n`, { mode: 0o600 });
  const endpoint = new URL(user.url("object-store")).host;
  const keys = async () => (await store("GET", `/${bucket}`)).text.split("\n").filter((key) => key !== "");
  return {
    url: `s3://${bucket}?endpoint=${endpoint}&disableSSL=true&s3ForcePathStyle=true&region=${region}`,
    env: { AWS_SHARED_CREDENTIALS_FILE: file },
    secrets: [secret],
    keys: async () => fromPulumi(await keys()),
    contents: async () => {
      const texts = (await keys()).map(async (key) => (await store("GET", `/${bucket}/${key}`)).text);
      return (await Promise.all(texts)).join("\n");
    },
    remove: async () => {
      for (const key of await keys()) await store("DELETE", `/${bucket}/${key}`);
      await store("DELETE", `/${bucket}`);
      await user.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Of Debian 12. */
const POSTGRES = "/usr/lib/postgresql/15/bin";
const USER = "classroom";

/**
 * A PostgreSQL server of its own, on a free port of 127.0.0.1.
 *
 * @param connections how many it accepts
 */
export async function postgresBackend(connections: number): Promise<Backend> {
  await installPackages(["postgresql-15"], () => undefined);
  const folder = mkdtempSync(join(tmpdir(), "state-postgres-"));
  const password = randomBytes(20).toString("hex");
  const port = await freePort();
  // It refuses to run as root. The account comes with the package.
  const { uid, gid } = await account("postgres");
  const own = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const initial = own("initial-password", password);
  const passwordFile = own("pgpass", `127.0.0.1:${port}:*:${USER}:${password}\n`);
  for (const path of [folder, initial]) chownSync(path, uid, gid);
  const data = join(folder, "data");
  const as = { uid, gid, cwd: folder, env: { PATH: "/usr/bin:/bin" }, extendEnv: false };
  await execa(
    join(POSTGRES, "initdb"),
    ["-D", data, "-U", USER, `--pwfile=${initial}`, "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8"],
    as,
  );
  const server = spawn(
    join(POSTGRES, "postgres"),
    [
      "-D",
      data,
      "-p",
      String(port),
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `unix_socket_directories=${folder}`,
    ].concat(["-c", `max_connections=${connections}`, "-c", "fsync=off"]),
    { uid, gid, cwd: folder, env: as.env, stdio: ["ignore", "ignore", "ignore"] },
  );
  const env = { PGPASSFILE: passwordFile };
  const url = `postgres://${USER}@127.0.0.1:${port}/postgres?sslmode=disable`;
  const sql = async (query: string) => (await execa("psql", [url, "-Atc", query], { env })).stdout;
  await until("PostgreSQL answers", 60, async () => {
    const { failed } = await execa("psql", [url, "-c", "select 1"], { env, reject: false });
    return !failed;
  });
  return {
    ...{ url, env, secrets: [password] },
    keys: async () => fromPulumi((await sql("select key from pulumi_state order by key")).split("\n")),
    contents: () => sql("select convert_from(decode(data->>'data', 'base64'), 'UTF8') from pulumi_state"),
    remove: async () => {
      await stopped(server);
      rmSync(folder, { recursive: true });
    },
  };
}

/** SIGINT breaks the connections that there are: https://www.postgresql.org/docs/15/server-shutdown.html */
async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  await ended;
}

async function account(name: string): Promise<{ uid: number; gid: number }> {
  const { stdout } = await execa("getent", ["passwd", name]);
  const [, , uid, gid] = stdout.split(":");
  return { uid: Number(given(uid, `uid of ${name}`)), gid: Number(given(gid, `gid of ${name}`)) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = z.object({ port: z.number() }).parse(server.address());
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
