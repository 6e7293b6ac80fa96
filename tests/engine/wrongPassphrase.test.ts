import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { refuseWrongPassphrase } from "../../engine/wrongPassphrase.ts";

/** As `pulumi stack init` with the passphrase "right" writes it: version 3.259.0. */
const SALT = "v1:+iSrYoiLMlU=:v1:RHwjiNgvdIw8laSi:0XEG+BboREClR7th5xNP+1fj1pJ+Rw==";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passphrase-"));
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function refuse(passphrase: string | undefined, provider: object): Promise<void> {
  const stacks = join(folder, "state/.pulumi/stacks/classroom");
  mkdirSync(stacks, { recursive: true });
  const latest = { secrets_providers: provider };
  writeFileSync(join(stacks, "net101.json"), JSON.stringify({ version: 3, checkpoint: { stack: "net101", latest } }));
  const file = join(folder, "passphrase");
  if (passphrase !== undefined) writeFileSync(file, passphrase);
  const env = { PULUMI_BACKEND_URL: `file://${join(folder, "state")}`, PULUMI_CONFIG_PASSPHRASE_FILE: file };
  return refuseWrongPassphrase({ env }, "net101");
}
const sealed = { type: "passphrase", state: { salt: SALT } };

describe("the passphrase of a course", () => {
  it.each(["right", "right\n"])("is the one that opens its state: %j", async (passphrase) => {
    await expect(refuse(passphrase, sealed)).resolves.toBeUndefined();
  });

  it("is refused when it opens nothing, with the file that it stands in", async () => {
    await expect(refuse("wrong", sealed)).rejects.toThrow(/another passphrase; nothing was changed.*passphrase\)/);
  });

  it("is asked for by nobody where there is none, no state, or another kind of secrets", async () => {
    await expect(refuse(undefined, sealed)).resolves.toBeUndefined();
    await expect(refuse("wrong", { type: "cloud", state: { url: "awskms://key" } })).resolves.toBeUndefined();
    await expect(refuse("wrong", { type: "passphrase", state: { salt: "v9:x:v9:y:z" } })).resolves.toBeUndefined();
    await expect(
      refuseWrongPassphrase({ env: { PULUMI_BACKEND_URL: "s3://classes" } }, "net101"),
    ).resolves.toBeUndefined();
  });
});
