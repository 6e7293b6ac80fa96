import { PassThrough } from "node:stream";
import { confirm } from "@inquirer/prompts";
import { expect, it } from "vitest";
import { answered } from "../../cli/command-line/answered.ts";
import { askForMissing } from "../../cli/commands/initQuestions.ts";

/** A terminal at which these keys are pressed. */
function typed(keys: string) {
  const input = new PassThrough();
  setImmediate(() => input.write(keys));
  return { input, output: new PassThrough().resume() };
}

it("passes on what is answered", async () => {
  expect(await answered(confirm({ message: "Do this?" }, typed("y\n")), "anything was done")).toBe(true);
});

it.each([
  ["agreement", () => confirm({ message: "Do this?" }, typed("\u0003"))],
  ["course's id", () => askForMissing({}, typed("\u0003"))],
])("takes Ctrl-C at the question for the %s as an interruption, not as our mistake", async (_what, ask) => {
  await expect(answered<unknown>(ask(), "anything was done")).rejects.toMatchObject({
    ...{ name: "Interrupted", exitCode: 130 },
    message: "interrupted before anything was done; run the same command again to go on",
  });
});

it("passes on every other error", async () => {
  await expect(answered(Promise.reject(new Error("bug")), "anything was done")).rejects.toThrow("bug");
});
