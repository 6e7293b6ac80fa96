import type { Command } from "commander";

type Register = (program: Command) => void;

/** In the order of the help. Only the command that is called is loaded: what the cloud's and Pulumi's libraries cost, `lab check` need not pay. */
export const COMMANDS: Record<string, () => Promise<Register>> = {
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
