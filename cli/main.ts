#!/usr/bin/env node
import { Command, type CommanderError } from "commander";
import { runMain } from "../terminal/runMain.ts";

type Register = (program: Command) => void;

/** In the order of the help. Only the command that is called is loaded: what the cloud's and Pulumi's libraries cost, `lab check` need not pay. */
const COMMANDS: Record<string, () => Promise<Register>> = {
  init: async () => (await import("./init.ts")).registerInit,
  check: async () => (await import("./check.ts")).registerCheck,
  preview: async () => (await import("./preview.ts")).registerPreview,
  up: async () => (await import("./up.ts")).registerUp,
  status: async () => (await import("./status.ts")).registerStatus,
  doctor: async () => (await import("./doctor.ts")).registerDoctor,
  reset: async () => (await import("./reset.ts")).registerReset,
  suspend: async () => (await import("./suspend.ts")).registerSuspend,
  resume: async () => (await import("./resume.ts")).registerResume,
  reboot: async () => (await import("./reboot.ts")).registerReboot,
  console: async () => (await import("./console.ts")).registerConsole,
  ssh: async () => (await import("./ssh.ts")).registerSsh,
  "ssh-config": async () => (await import("./sshConfig.ts")).registerSshConfig,
  env: async () => (await import("./env.ts")).registerEnv,
  destroy: async () => (await import("./destroy.ts")).registerDestroy,
  course: async () => (await import("./courseReference.ts")).registerCourseReference,
  lab: async () => (await import("./lab.ts")).registerLab,
};

const program = new Command("classroom")
  .description("OpenStack classrooms: a lab and a roster become a class; every change is shown before it is made.")
  .exitOverride((error: CommanderError) => process.exit(error.exitCode === 0 ? 0 : 2))
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 some of the work failed, 2 bad input or refused, nothing was touched, 130 interrupted.",
  );

await runMain(async () => {
  const word = process.argv[2] ?? "";
  const wanted = Object.entries(COMMANDS).filter(([name]) => name === word || !Object.hasOwn(COMMANDS, word));
  for (const [, load] of wanted) (await load())(program);
  await program.parseAsync();
});
