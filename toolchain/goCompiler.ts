import { access, statfs } from "node:fs/promises";
import { mkdir } from "node:fs/promises";
import { execa } from "execa";
import { z } from "zod";
import { UserError, refuse } from "../terminal/userError.ts";
import type { Folders } from "./folders.ts";
import { isAtLeast } from "./semver.ts";

/** GiB that a build from nothing takes at its peak: modules, compiled packages and what is built. */
const GIB_FOR_BUILD = 8;
/** GiB that it takes when most of that is there from an interrupted build. */
const GIB_FOR_RESUME = 3;
const GIB = 2 ** 30;

/** What is to be built, and with what. */
export interface GoNeeds {
  oldestGo: string;
  /** For people: "the Pulumi toolchain". */
  what: string;
  /** What to do where there is no Go at all, as a sentence. */
  withoutGo: string;
}

/** Variables for every `go` that we run. */
export type GoEnvironment = Readonly<Record<string, string>>;

/**
 * Finds the Go compiler and checks that it can build what we need.
 *
 * @throws UserError naming everything that is missing
 */
export async function findGo(folders: Folders, needs: GoNeeds): Promise<GoEnvironment> {
  const go = await goSettings(needs);
  const proxy = go.GOPROXY.split(/[,|]/)[0] ?? "";
  await mkdir(folders.root, { recursive: true });
  const needed = (await exists(folders.goBuilds)) ? GIB_FOR_RESUME : GIB_FOR_BUILD;
  const { bavail, bsize } = await statfs(folders.root);
  const free = (bavail * bsize) / GIB;
  refuse(`${needs.what} cannot be built here`, [
    ...(isAtLeast(go.GOVERSION.replace(/^go/, ""), needs.oldestGo)
      ? []
      : [`Go ${go.GOVERSION.replace(/^go/, "")} is too old: install Go ${needs.oldestGo} or newer`]),
    ...(["", "off", "direct"].includes(proxy)
      ? [`GOPROXY is "${go.GOPROXY}": its first entry must be a module proxy (go env -w GOPROXY=…)`]
      : []),
    ...(free >= needed
      ? []
      : [
          `${folders.root} has ${free.toFixed(1)} GiB free, and building takes ${needed} GiB for a while: make room, ` +
            "or name another folder in CLASSROOM_CACHE",
        ]),
  ]);
  return {
    GOMODCACHE: folders.goModules,
    GOCACHE: folders.goBuilds,
    // Only the proxy: a build must not depend on whether some source repository still answers.
    GOPROXY: proxy,
    // The one we have just checked, instead of one that Go would download.
    GOTOOLCHAIN: "local",
    // -modcacherw: else the module cache can only be deleted by `go clean`.
    GOFLAGS: "-buildvcs=false -modcacherw -trimpath",
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

async function goSettings({ withoutGo }: GoNeeds) {
  const { stdout, failed } = await execa("go", ["env", "-json", "GOVERSION", "GOPROXY"], {
    env: { GOTOOLCHAIN: "local" },
    reject: false,
  });
  if (failed) throw new UserError(withoutGo);
  return z.object({ GOVERSION: z.string(), GOPROXY: z.string() }).parse(JSON.parse(stdout));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
