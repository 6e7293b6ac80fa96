import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../terminal/userError.ts";
import type { Folders } from "./folders.ts";
import { runLogged } from "./loggedCommand.ts";

const OFFICIAL_DOWNLOADS = "https://get.pulumi.com";
/** A machine without access has to notice it in seconds; one with access answers in a fraction of one. */
const CONNECT_TIMEOUT_MS = 4000;
/** The slowest download we wait for: 200 MB at 1 MB/s is about 3 min. */
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/** The server of official releases; `CLASSROOM_PULUMI_DOWNLOADS` names a mirror with the same paths. */
export interface DownloadServer {
  base: string;
  /** Whether it is a mirror: then the plugins come from it, too, and not from where Pulumi itself looks. */
  mirror: boolean;
}

/** The server to download from. */
export function downloadServer(environment: NodeJS.ProcessEnv = process.env): DownloadServer {
  const base = environment["CLASSROOM_PULUMI_DOWNLOADS"];
  return base === undefined
    ? { base: OFFICIAL_DOWNLOADS, mirror: false }
    : { base: base.replace(/\/+$/, ""), mirror: true };
}

/** The release's file name on the server, for this machine. */
export function releaseArchive(version: string): string {
  return `pulumi-v${version}-linux-${process.arch === "arm64" ? "arm64" : "x64"}.tar.gz`;
}

/** Why the release cannot be downloaded, or undefined when it can. Takes at most a few seconds. */
export async function whyUnreachable(server: DownloadServer, version: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${server.base}/releases/sdk/${releaseArchive(version)}`, {
      method: "HEAD",
      signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
    });
    return answer.ok ? undefined : `${server.base} answers ${answer.status}`;
  } catch (error) {
    return `${server.base} cannot be reached (${reasonOf(error)})`;
  }
}

/** The folder of an official release's programs, whether it is there or not. */
export function officialFolder(folders: Folders, version: string): string {
  return join(folders.official, `pulumi-${version}`);
}

/**
 * Downloads the release unless it is there, checks it against the checksums published beside it, and unpacks it. The
 * folder appears only when it is complete.
 *
 * @throws UserError when the download fails or the checksum is wrong
 */
export async function downloadRelease(
  folders: Folders,
  server: DownloadServer,
  version: string,
  report: (line: string) => void,
): Promise<void> {
  const target = officialFolder(folders, version);
  if (existsSync(target)) return;
  await mkdir(folders.unfinished, { recursive: true });
  const work = await mkdtemp(join(folders.unfinished, "release-"));
  try {
    const name = releaseArchive(version);
    const archive = join(work, name);
    const expected = checksumOf(
      name,
      await downloadText(`${server.base}/releases/sdk/pulumi-${version}-checksums.txt`),
    );
    await downloadFile(`${server.base}/releases/sdk/${name}`, archive, report);
    const actual = await sha256Of(archive);
    if (actual !== expected)
      throw new UserError(
        `${name} from ${server.base} has the checksum ${actual}, and should have ${expected}: it was damaged or changed on ` +
          "its way. Nothing was installed; try again.",
        1,
      );
    await runLogged(folders, { name: "unpack-release", file: "tar", args: ["-xzf", archive, "-C", work, "pulumi"] });
    await mkdir(folders.official, { recursive: true });
    await rename(join(work, "pulumi"), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function checksumOf(name: string, list: string): string {
  const line = list.split("\n").find((each) => each.trim().endsWith(` ${name}`));
  const checksum = line?.trim().split(/\s+/)[0];
  if (checksum === undefined) throw new UserError(`the published checksums do not name ${name}.`, 1);
  return checksum;
}

async function downloadText(url: string): Promise<string> {
  return (await get(url, CONNECT_TIMEOUT_MS)).text();
}

async function downloadFile(url: string, file: string, report: (line: string) => void): Promise<void> {
  const answer = await get(url, DOWNLOAD_TIMEOUT_MS);
  if (answer.body === null) throw new UserError(`${url} is empty.`, 1);
  const total = Number(answer.headers.get("content-length") ?? 0);
  let received = 0;
  const counted = Readable.fromWeb(answer.body).on("data", (chunk: Buffer) => {
    received += chunk.length;
    report(`${megabytes(received)}${total > 0 ? ` of ${megabytes(total)}` : ""} MB`);
  });
  try {
    await pipeline(counted, createWriteStream(file));
  } catch (error) {
    throw new UserError(`${url}: ${reasonOf(error)}`, 1);
  }
}

async function get(url: string, timeoutMs: number): Promise<Response> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) throw new UserError(`${url} answers ${answer.status}.`, 1);
    return answer;
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${url}: ${reasonOf(error)}`, 1);
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** `fetch` hides what went wrong in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  return error.name === "TimeoutError" ? "no answer in time" : error.message;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
