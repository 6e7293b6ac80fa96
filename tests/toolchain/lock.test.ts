import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toolchainFolders } from "../../toolchain/folders.ts";
import { withLock } from "../../toolchain/lock.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "toolchain-lock-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(cache, { recursive: true, force: true });
});

describe("withLock", () => {
  it("lets one work at a time, says who waits, and frees the lock after an error", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const folders = toolchainFolders({ CLASSROOM_CACHE: cache });
    const order: string[] = [];
    const first = withLock(folders, async () => {
      order.push("first begins");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      order.push("first ends");
      throw new Error("first failed");
    });
    await vi.waitFor(() => {
      expect(order).toEqual(["first begins"]);
    });
    const second = withLock(folders, () => Promise.resolve(order.push("second")));
    await expect(first).rejects.toThrow("first failed");
    await second;
    expect(order).toEqual(["first begins", "first ends", "second"]);
    expect(told.mock.calls.flat()).toEqual(["Another process is changing the toolchain: waiting for it."]);
  });

  it("is free as soon as its owner has been killed", async () => {
    const script = join(cache, "holder.ts");
    const source = (name: string) => JSON.stringify(join(import.meta.dirname, "..", "..", "toolchain", name));
    await writeFile(
      script,
      [
        `import { withLock } from ${source("lock.ts")};`,
        `import { toolchainFolders } from ${source("folders.ts")};`,
        `await withLock(toolchainFolders({ CLASSROOM_CACHE: ${JSON.stringify(cache)} }), async () => {`,
        `  console.log("held");`,
        `  await new Promise((resolve) => setTimeout(resolve, 60_000));`,
        `});`,
      ].join("\n"),
    );
    const owner = execa(process.execPath, [script], { reject: false, buffer: false });
    await new Promise((resolve) => owner.stdout.once("data", resolve));
    owner.kill("SIGKILL");
    await owner;
    const began = performance.now();
    await withLock(toolchainFolders({ CLASSROOM_CACHE: cache }), () => Promise.resolve());
    expect(performance.now() - began).toBeLessThan(2000);
  }, 60_000);
});
