import { afterEach, expect, it, vi } from "vitest";
import { runMain } from "../../terminal/runMain.ts";
import { UserError } from "../../terminal/userError.ts";

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

it.each([
  ["the error's own", undefined, 2],
  ["that of the interruption it came of", 130, 130],
])("ends with %s exit code", async (_whose, before, after) => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  process.exitCode = before;
  await runMain(() => Promise.reject(new UserError("no such cloud")));
  expect([process.exitCode, said.mock.calls]).toEqual([after, [["error: no such cloud"]]]);
});
