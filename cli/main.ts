#!/usr/bin/env node
import { Command, type CommanderError } from "commander";
import { runMain } from "../terminal/runMain.ts";
import { asksForJson, printFailure } from "./command-line/printResult.ts";
import { COMMANDS } from "./commands/commands.ts";

const failed = asksForJson(process.argv) ? printFailure : undefined;
const program = new Command("classroom")
  .description("OpenStack classrooms: a lab and a roster become a class; every change is shown before it is made.")
  .exitOverride(({ exitCode, message }: CommanderError) => {
    if (exitCode === 0) process.exit();
    failed?.(message.replace(/^error: /, ""), 2);
    process.exit(2);
  })
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 some of the work failed, 2 bad input or refused, nothing was touched, 130 interrupted.",
  );

await runMain(async () => {
  const word = process.argv[2] ?? "";
  const wanted = Object.entries(COMMANDS).filter(([name]) => name === word || !Object.hasOwn(COMMANDS, word));
  for (const [, load] of wanted) (await load())(program);
  await program.parseAsync();
}, failed);
