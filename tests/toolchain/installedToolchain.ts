import type { TestContext } from "vitest";
import { environmentObject } from "../../toolchain/environment.ts";
import { type Folders, toolchainFolders } from "../../toolchain/folders.ts";
import { type InstallationRecord, readRecord } from "../../toolchain/record.ts";

/** The real toolchain of this machine, for tests that ask it; they are skipped, with the reason, where it is not installed. */
export function requireToolchain(context: TestContext): {
  folders: Folders;
  record: InstallationRecord;
  env: Record<string, string>;
} {
  const folders = toolchainFolders();
  const record = readRecord(folders);
  if (record === undefined) context.skip("the toolchain is not installed: run `npm run toolchain -- install`");
  return { folders, record, env: environmentObject(folders, record) };
}
