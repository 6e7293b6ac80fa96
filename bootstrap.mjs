// @ts-check
// Runs a command of this project with everything it needs below it: a current Node and the locked dependencies.
//
//   node bootstrap.mjs <command> [args…]
//
// Plain JavaScript without imports from node_modules, because it must run on the system's own Node (20 or newer), before
// anything is installed. When that Node cannot run TypeScript, a pinned one is installed from npm into the cache folder.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { constants, homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** First release that strips types without a flag: https://nodejs.org/docs/latest-v22.x/api/typescript.html */
const OLDEST_NODE = [22, 18];
const PINNED_NODE = "24.21.0";
const root = dirname(fileURLToPath(import.meta.url));
const cache =
  process.env["CLASSROOM_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "openstack-classroom");

const env = { ...process.env };
delete env["npm_config_nodedir"];
env["PATH"] = [join(root, "node_modules", ".bin"), env["PATH"]].join(delimiter);
// Half of what a command costs before it begins is Node compiling the same libraries again.
env["NODE_COMPILE_CACHE"] ??= join(cache, "compiled");
if (!canRunTypeScript()) env["PATH"] = [dirname(installNode()), env["PATH"]].join(delimiter);
installDependencies();

const [command, ...args] = process.argv.slice(2);
if (command === undefined) fail("usage: node bootstrap.mjs <command> [args…]", 2);
else runToEnd(command, args);

function canRunTypeScript() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** Installs the pinned Node once and returns the path of its binary. */
function installNode() {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch))
    return fail(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE.join(".")} or newer.`, 2);
  const name = `node-linux-${process.arch}`;
  const home = join(cache, `node-${PINNED_NODE}`);
  const binary = join(home, "node_modules", name, "bin", "node");
  if (!existsSync(binary)) {
    say(`Node ${process.versions.node} is too old to run TypeScript; installing Node ${PINNED_NODE} into ${home}`);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), "{}\n");
    const done = run("npm", [
      "install",
      "--prefix",
      home,
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      `${name}@${PINNED_NODE}`,
    ]);
    if (done.status !== 0 || !existsSync(binary))
      fail(
        `could not install ${name}@${PINNED_NODE} from npm: install Node ${OLDEST_NODE.join(".")} or newer yourself.`,
        1,
      );
  }
  return binary;
}

/** `npm ci`, unless node_modules was made from this very lockfile. */
function installDependencies() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".made-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  const began = Date.now();
  say("installing dependencies (npm ci)");
  const done = run("npm", ["ci", "--prefix", root, "--loglevel=error"]);
  if (done.status !== 0) fail("npm ci failed: see the lines above. Nothing else was changed.", 1);
  writeFileSync(stamp, lock);
  say(`dependencies installed in ${Math.round((Date.now() - began) / 1000)} s`);
}

/**
 * Ends when the command does, with its exit code; never before it, so that what is told to stop can still say what it has done.
 *
 * @param {string} file
 * @param {string[]} argv
 */
function runToEnd(file, argv) {
  const child = spawn(file, argv, { env, stdio: "inherit" });
  // Ctrl-C at a terminal reaches the command by itself: a second one from us would be Ctrl-C twice.
  const fromTerminal = hasTerminal();
  process.on("SIGINT", () => fromTerminal || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => fail(`cannot run ${file}: ${error.message}`, 1));
  child.on("close", (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}

/** Whether a terminal controls us. */
function hasTerminal() {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

/**
 * Standard output stays clean for the command that follows.
 *
 * @param {string} file
 * @param {string[]} argv
 */
function run(file, argv) {
  const done = spawnSync(file, argv, { env, stdio: ["inherit", 2, "inherit"] });
  if (done.error) fail(`cannot run ${file}: ${done.error.message}`, 1);
  return done;
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * @param {string} message
 * @param {number} code
 * @returns {never}
 */
function fail(message, code) {
  say(message);
  process.exit(code);
}
