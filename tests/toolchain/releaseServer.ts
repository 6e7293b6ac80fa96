import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { releaseArchive } from "../../toolchain/officialRelease.ts";

/** Does what the toolchain asks of Pulumi, and notes it: answers `version`, and `plugin install` makes the plugin's file. */
const FAKE_PULUMI = (version: string) => `#!/bin/sh
if [ "$1" = version ]; then echo v${version}; exit; fi
folder="$PULUMI_HOME/plugins/resource-$4-v$5"
mkdir -p "$folder"
echo "$@" > "$folder/pulumi-resource-$4"
`;

/** Puts a fake Pulumi of the version into the folder, with its language host unless that is to be missing. */
export async function fakePulumi(folder: string, version: string, { host = true } = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of [
    ["pulumi", FAKE_PULUMI(version)],
    ...(host ? [["pulumi-language-nodejs", "#!/bin/sh\n"]] : []),
  ]) {
    await writeFile(join(folder, name ?? ""), content ?? "");
    await chmod(join(folder, name ?? ""), 0o755);
  }
}

/** A server with one release, on 127.0.0.1. */
export interface ReleaseServer {
  url: string;
  /** Method and path of every request so far. */
  requests: string[];
  /** What to publish as the archive's checksum instead of the true one. */
  publishChecksum: (checksum: string) => void;
  /** Sends only half of the next archive and then calls back. */
  stallOnce: (callback: () => void) => void;
  close: () => void;
}

/** Serves a release under the paths of the official server. */
export async function startReleaseServer(version: string): Promise<ReleaseServer> {
  const folder = await mkdtemp(join(tmpdir(), "toolchain-release-"));
  await fakePulumi(join(folder, "pulumi"), version);
  const name = releaseArchive(version);
  await execa("tar", ["-czf", name, "pulumi"], { cwd: folder });
  const archive = await readFile(join(folder, name));
  let checksum = createHash("sha256").update(archive).digest("hex");
  let stalled: (() => void) | undefined;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    if (request.url === `/releases/sdk/${name}` && request.method === "GET" && stalled !== undefined) {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, archive.length / 2), stalled);
      stalled = undefined;
    } else if (request.url === `/releases/sdk/${name}`) response.end(request.method === "HEAD" ? undefined : archive);
    else if (request.url === `/releases/sdk/pulumi-${version}-checksums.txt`)
      response.end(`${"0".repeat(64)}  pulumi-v${version}-windows-x64.zip\n${checksum}  ${name}\n`);
    else response.writeHead(404).end();
  });
  return {
    url: await listen(server),
    requests,
    publishChecksum: (other) => (checksum = other),
    stallOnce: (callback) => (stalled = callback),
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a server on a free port of 127.0.0.1 and returns its URL. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}
