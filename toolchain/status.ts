import { existsSync } from "node:fs";
import { dirname } from "node:path";
import Table from "cli-table3";
import { DELAY_FIX_SUFFIX } from "./delayFix.ts";
import type { Folders } from "./folders.ts";
import { type Piece, readRecord } from "./record.ts";
import { requestOf } from "./request.ts";
import type { Versions } from "./versions.ts";

/** What `toolchain status --json` prints. */
export interface ToolchainStatus {
  installed: boolean;
  /** Whether it is what the project's versions and sources ask for now; if not, `install` makes it so. */
  upToDate: boolean;
  /** ISO 8601, UTC. */
  installedAt?: string;
  /** Whether the OpenStack plugin looks at once whether a resource is there, instead of sleeping first. */
  delayFix?: boolean;
  pieces: Piece[];
  /** What the project asks for. */
  pinned: Pick<Versions, "pulumi" | "openstack" | "command">;
  /** Everything the toolchain keeps lies below it. */
  folder: string;
  /** Whether the Go caches (gigabytes) are there: kept on request, or left by an interrupted installation. */
  goCaches: boolean;
}

/** Says what is installed. Looks at files only. */
export async function toolchainStatus(folders: Folders, versions: Versions): Promise<ToolchainStatus> {
  const record = readRecord(folders);
  const { pulumi, openstack, command } = versions;
  const common = {
    pinned: { pulumi, openstack, command },
    folder: folders.root,
    goCaches: existsSync(dirname(folders.goModules)),
  };
  if (record === undefined) return { installed: false, upToDate: false, pieces: [], ...common };
  const { pieces, installedAt } = record;
  const delayFix = pieces.some(({ version }) => version.endsWith(DELAY_FIX_SUFFIX));
  const wanted = await Promise.all([true, false].map((stock) => requestOf(folders, versions, { stock })));
  const upToDate = wanted.includes(record.request);
  return { installed: true, upToDate, installedAt, delayFix, pieces, ...common };
}

const ORIGIN = { path: "PATH", download: "official download", build: "built here" } as const;

/** The status for people. */
export function statusText(status: ToolchainStatus): string {
  const { installed, upToDate, delayFix, pieces, folder, goCaches } = status;
  const kept = goCaches ? [`Go caches are kept in ${folder}/go; \`install\` or \`remove\` deletes them.`] : [];
  if (!installed) return ["Not installed: run `npm run toolchain -- install`.", ...kept].join("\n");
  const table = new Table({ head: ["program", "version", "from", "MB"], style: { head: [], border: [] } });
  for (const { name, version, from, bytes } of pieces)
    table.push([name, version, ORIGIN[from], { content: (bytes / 1e6).toFixed(0), hAlign: "right" }]);
  const reasons = [...new Set(pieces.map(({ why }) => why))].map((why) => {
    const names = pieces.filter((piece) => piece.why === why).map(({ name }) => name);
    return `${names.join(", ")}: ${why}`;
  });
  return [
    table.toString(),
    ...reasons,
    `delay fix in the OpenStack plugin: ${delayFix === true ? "yes" : "no"}`,
    `in ${folder}`,
    ...(upToDate ? [] : ["The project has changed since: run `npm run toolchain -- install`."]),
    ...kept,
  ].join("\n");
}
