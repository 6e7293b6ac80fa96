import { createDecipheriv, pbkdf2 } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { parseJson, stacksFolder } from "./stackStates.ts";

const checkpointSchema = z.object({
  checkpoint: z.object({
    latest: z.object({
      secrets_providers: z.object({ type: z.literal("passphrase"), state: z.object({ salt: z.string() }) }),
    }),
  }),
});

/** How Pulumi makes the key. https://github.com/pulumi/pulumi/blob/sdk/v3.259.0/sdk/go/common/resource/config/crypt.go */
const KEY = { rounds: 1_000_000, bytes: 32, digest: "sha256" } as const;
const TAG_BYTES = 16;

/**
 * Whether the passphrase opens a stack's state, asked before anything is done with it: otherwise each stack would fail with it by itself.
 * Asks only where the state is kept in a folder; elsewhere the lock is taken with the passphrase.
 *
 * @throws {UserError} when it does not
 */
export async function refuseWrongPassphrase({ env }: Pick<EngineSettings, "env">, stack: string): Promise<void> {
  const folder = stacksFolder({ env });
  const file = join(folder ?? "", `${stack}.json`);
  const passphrase = passphraseOf(env);
  if (folder === undefined || passphrase === undefined || !existsSync(file)) return;
  const state = checkpointSchema.safeParse(parseJson(readFileSync(file, "utf8"))).data;
  if (state === undefined || (await opens(passphrase, state.checkpoint.latest.secrets_providers.state.salt))) return;
  throw new UserError(
    `the state of ${stack} was encrypted with another passphrase; nothing was changed. Put the right one back ` +
      `(${env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "PULUMI_CONFIG_PASSPHRASE"})`,
  );
}

function passphraseOf(env: Readonly<Record<string, string>>): string | undefined {
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  const text = env["PULUMI_CONFIG_PASSPHRASE"] ?? process.env["PULUMI_CONFIG_PASSPHRASE"];
  return text ?? (file !== undefined && existsSync(file) ? readFileSync(file, "utf8").trim() : undefined);
}

/** Beside the salt stands a word that was encrypted with the key: `v1:<salt>:v1:<nonce>:<word>`. */
async function opens(passphrase: string, sealed: string): Promise<boolean> {
  const [version, salt = "", , nonce = "", word = ""] = sealed.split(":");
  // A way that we do not know is Pulumi's to judge.
  if (version !== "v1") return true;
  const key = await promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), KEY.rounds, KEY.bytes, KEY.digest);
  const text = Buffer.from(word, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(text.subarray(-TAG_BYTES));
    decipher.update(text.subarray(0, -TAG_BYTES));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
