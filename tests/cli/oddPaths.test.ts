import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backendUrl } from "../../cli/course-access/courseEngine.ts";
import { stacksFolder } from "../../engine/stackStates.ts";
import { loaded } from "./checkedCourse.ts";

/** Everything that means something else in a URL. */
const ODD = "Büro 1 #2?%20";
let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "odd-"));
  vi.stubEnv("PULUMI_BACKEND_URL", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(parent, { recursive: true });
});

describe("a path with a space, an umlaut, or what a URL gives a meaning", () => {
  it("may lead to the checkout", async () => {
    const checkout = join(parent, ODD);
    symlinkSync(join(import.meta.dirname, "../.."), checkout);
    const module = (file: string) => JSON.stringify(pathToFileURL(join(checkout, file)).href);
    const program = `
      import { projectFolder } from ${module("cli/course-access/courseEngine.ts")};
      import { projectRoot } from ${module("quickstart/commands.ts")};
      process.stdout.write([projectFolder, projectRoot].join("\\n"));`;
    // Otherwise the modules are where the link leads.
    const { stdout } = await execa("node", ["--preserve-symlinks", "--input-type=module", "-e", program]);
    expect(stdout).toBe(`${checkout}/\n${checkout}/`);
  });

  it("may lead to the course", () => {
    const hidden = join(parent, ODD);
    const env = { PULUMI_BACKEND_URL: backendUrl({ hidden, course: loaded(1).course }) };
    expect(stacksFolder({ env })).toBe(join(hidden, "state/.pulumi/stacks/classroom"));
  });
});
