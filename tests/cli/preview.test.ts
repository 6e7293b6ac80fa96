import { rmSync } from "node:fs";
import { Command } from "commander";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type * as openClass from "../../cli/open-class/openClass.ts";
import { registerPreview } from "../../cli/commands/preview.ts";
import { INTERRUPTED } from "../../cli/command-line/stopOnInterrupt.ts";
import { ClassFolder } from "./classFolder.ts";

const { preview } = vi.hoisted(() => ({ preview: vi.fn() }));
vi.mock("../../cli/open-class/openClass.ts", async (original) => ({
  ...(await original<typeof openClass>()),
  openClass: () => Promise.resolve(preview()),
}));

let folder: ClassFolder;
beforeEach(() => {
  folder = new ClassFolder();
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  rmSync(folder.path, { recursive: true });
});

it.each([
  ["1 when a student cannot be previewed", undefined, 1],
  ["130 when it was interrupted, which is why", INTERRUPTED, INTERRUPTED],
])("preview ends with %s", async (_when, before, after) => {
  preview.mockImplementation(() => {
    process.exitCode = before;
    const classStack = { kind: "unchanged", effects: [], losesData: false };
    const failed = [{ student: "kim", errors: ["interrupted"] }];
    return { course: "net101", classStack, students: [], failed, left: [], losses: [] };
  });
  const program = new Command();
  registerPreview(program);
  await program.parseAsync(["preview", "--course", folder.path, "--json"], { from: "user" });
  expect(process.exitCode).toBe(after);
});
