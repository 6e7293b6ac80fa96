import { expect, it, vi } from "vitest";
import { ensureSecretFile } from "../../engine/wholeFiles.ts";
import { pulumiEnv, stateFolder } from "../../quickstart/pulumi.ts";
import { UserError } from "../../terminal/userError.ts";

// No folder refuses root, who may run these tests.
vi.mock("../../engine/wholeFiles.ts", () => ({ ensureSecretFile: vi.fn() }));

const failing = (code: string) => {
  vi.mocked(ensureSecretFile).mockImplementationOnce(() => {
    throw Object.assign(new Error(`${code}: mkdir`), { code });
  });
};

it("tells an account that may not see the state whose it is, and what to do", async () => {
  failing("EACCES");
  const error: unknown = await pulumiEnv().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toBe(
    `UserError: ${stateFolder} is not yours to read or write: the local cloud and the state of the stacks on it are root's. ` +
      'Open a root shell with "sudo -s" and run the command there',
  );
});

it("passes on what is wrong otherwise", async () => {
  failing("ENOSPC");
  await expect(pulumiEnv()).rejects.toThrow("ENOSPC: mkdir");
});
