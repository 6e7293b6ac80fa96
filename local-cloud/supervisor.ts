import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { account, apiOnly, isRoot } from "./cloudKind.ts";
import { ini, type Ini } from "./config/ini.ts";
import { writeConfig } from "./files.ts";
import { supervisorConfig, supervisorProcess, systemEnvironment } from "./namespace.ts";
import { logs, namespace, state } from "./paths.ts";
import { makePrivateFolders, privateFolders, privateMountFiles, privateMounts } from "./privateMounts.ts";
import type { Program } from "./program.ts";
import { waitUntil } from "./waitUntil.ts";

type Where = Program["where"];

/** Those there are: the API-only cloud has no network of its own that others would lead into. */
export const supervisors: readonly Where[] = apiOnly ? ["inside"] : ["inside", "host"];

const socket = (where: Where) => join(state, `supervisord-${where}.sock`);
const bin = join(import.meta.dirname, "bin");

/**
 * Brings a supervisor to the given programs: starts it, or tells the running one what changed. Starts no program; stops those that
 * are no longer wanted, and those whose settings or configuration files changed.
 */
export async function ensureSupervisor(where: Where, programs: readonly Program[]): Promise<void> {
  const files = [...programs.flatMap(({ configFiles = [] }) => configFiles), ...privateMountFiles];
  for (const file of files) writeConfig(file);
  writeConfig({ path: supervisorConfig(where), text: supervisorIni(where, programs) });
  if (supervisorProcess(where) === undefined) await start(where);
  else await reload(where);
}

/** Whether the running supervisor was started in another way than this version of the project would. */
export function supervisorIsOutdated(where: Where): boolean {
  const pid = supervisorProcess(where);
  return (
    pid !== undefined &&
    !readFileSync(`/proc/${pid}/environ`, "utf8")
      .split("\0")
      .includes(`${FINGERPRINT}=${fingerprint(where)}`)
  );
}

/** Starts the programs all at once and does not wait for them; those that run already are left alone. */
export async function startPrograms(where: Where, names: readonly string[]): Promise<void> {
  const answers = await call(
    where,
    names.map((name) => ["startProcess", [name, false]]),
  );
  for (const [index, answer] of answers.entries()) {
    const fault = Fault.safeParse(answer).data;
    if (fault !== undefined && fault.faultCode !== ALREADY_STARTED)
      throw new Error(`cannot start ${names[index] ?? ""}: ${fault.faultString}`);
  }
}

/** Stops the programs one after the other, each with the programs it started itself. Unknown or stopped ones are left alone. */
export async function stopPrograms(where: Where, names: readonly string[]): Promise<void> {
  await call(
    where,
    names.map((name) => ["stopProcess", [name, true]]),
  );
}

const ProgramState = z.object({
  name: z.string(),
  statename: z.enum(["STOPPED", "STARTING", "RUNNING", "BACKOFF", "STOPPING", "EXITED", "FATAL", "UNKNOWN"]),
  /** As counted inside; 0 when it does not run. */
  pid: z.number(),
  spawnerr: z.string(),
});
export type ProgramState = z.infer<typeof ProgramState>;

export async function programStates(where: Where): Promise<ProgramState[]> {
  const [states] = await call(where, [["getAllProcessInfo", []]]);
  return z.array(ProgramState).parse(states);
}

async function start(where: Where): Promise<void> {
  rmSync(socket(where), { force: true });
  makePrivateFolders();
  const [file = "", ...args] = startCommand(where);
  const log = openSync(join(logs, `supervisord-${where}.out`), "a", 0o600);
  // --kill-child: nothing of what it started outlives it, however it ends.
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: { ...systemEnvironment, [FINGERPRINT]: fingerprint(where) },
  });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  child.unref();
  closeSync(log);
  await Promise.race([failed, waitUntil(`supervisor (${where})`, () => existsSync(socket(where)), { seconds: 30 })]);
}

function startCommand(where: Where): string[] {
  const config = supervisorConfig(where);
  const own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  // Who is not root may have such namespaces within one of users, and stays who they are there.
  const user = isRoot ? [] : ["--user", "--map-current-user"];
  return where === "host" || apiOnly
    ? [...own, ...user, "/usr/bin/python3", "/usr/bin/supervisord", "--nodaemon", "--configuration", config]
    : [
        ...["ip", "netns", "exec", namespace, ...own, "--uts", join(bin, "supervise-inside"), config, namespace],
        ...[...privateFolders, "--", ...privateMounts.flatMap(({ source, target }) => [source, target])],
      ];
}

async function reload(where: Where): Promise<void> {
  const [answer] = await call(where, [["reloadConfig", []]]);
  const names = z.array(z.string());
  const [[added, changed, removed]] = z.tuple([z.tuple([names, names, names])]).parse(answer);
  const leaving = [...changed, ...removed];
  // All at once: some take their whole time to stop.
  await call(
    where,
    leaving.map((name) => ["stopProcessGroup", [name, false]]),
  );
  const running = async () =>
    (await programStates(where))
      .filter(
        ({ name, statename }) =>
          leaving.includes(name) && ["RUNNING", "STARTING", "STOPPING", "BACKOFF"].includes(statename),
      )
      .map(({ name }) => name);
  if (leaving.length > 0)
    await waitUntil("programs to stop", async () => (await running()).length === 0, {
      seconds: 60,
      explain: async () => (await running()).join(", "),
    });
  const calls = [
    ...leaving.map((name) => ["removeProcessGroup", [name]] as const),
    ...[...added, ...changed].map((name) => ["addProcessGroup", [name]] as const),
  ];
  for (const [index, answer] of (await call(where, calls)).entries()) {
    const fault = Fault.safeParse(answer).data;
    if (fault !== undefined) throw new Error(`${calls[index]?.join(" ") ?? ""}: ${fault.faultString}`);
  }
}

const Fault = z.object({ faultCode: z.number(), faultString: z.string() });
const ALREADY_STARTED = 60;

async function call(where: Where, calls: readonly (readonly [string, readonly unknown[]])[]): Promise<unknown[]> {
  if (calls.length === 0) return [];
  const { stdout } = await execa("/usr/bin/python3", [join(bin, "supervisor-calls"), socket(where)], {
    input: JSON.stringify(calls),
    env: systemEnvironment,
    extendEnv: false,
  });
  return z.array(z.unknown()).parse(JSON.parse(stdout));
}

const FINGERPRINT = "CLASSROOM_SUPERVISOR";

function fingerprint(where: Where): string {
  return digest([...startCommand(where), readFileSync(join(bin, "supervise-inside"), "utf8"), ini(ownSections(where))]);
}

export function supervisorIni(where: Where, programs: readonly Program[]): string {
  return ini({
    ...ownSections(where),
    ...Object.fromEntries(programs.map((program) => [`program:${program.name}`, programSection(program)])),
  });
}

function ownSections(where: Where): Ini {
  return {
    unix_http_server: { file: socket(where), chmod: "0700" },
    supervisord: {
      user: account,
      pidfile: join(state, `supervisord-${where}.pid`),
      logfile: join(logs, `supervisord-${where}.log`),
      logfile_maxbytes: "5MB",
      logfile_backups: 1,
      // Not a second time to where --nodaemon would send it.
      silent: true,
      childlogdir: logs,
      // Below the usual hard limit of 65536, beyond which supervisor refuses to start.
      minfds: 8192,
    },
    "rpcinterface:supervisor": { "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface" },
  };
}

function programSection({ name, command, environment = {}, configFiles = [], supervisor }: Program): Ini[string] {
  const variables = Object.entries({ ...environment, CLASSROOM_CONFIG: digest(configFiles.map(({ text }) => text)) });
  return {
    // In these two a per cent sign would begin a variable of supervisor's own.
    command: command.replaceAll("%", "%%"),
    environment: variables.map(([key, value]) => `${key}="${value.replaceAll("%", "%%")}"`).join(","),
    autostart: false,
    autorestart: true,
    startsecs: 2,
    startretries: 20,
    stopwaitsecs: 8,
    stopasgroup: true,
    killasgroup: true,
    redirect_stderr: true,
    stdout_logfile: join(logs, `${name}.log`),
    stdout_logfile_maxbytes: "20MB",
    stdout_logfile_backups: 1,
    ...supervisor,
  };
}

function digest(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}
