import http from "node:http";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { runMain } from "../terminal/runMain.ts";
import { environmentObject, environmentScript } from "./environment.ts";
import { toolchainFolders } from "./folders.ts";
import { type InstallOptions, install } from "./install.ts";
import { withLock } from "./lock.ts";
import { requireRecord } from "./record.ts";
import { statusText, toolchainStatus } from "./status.ts";
import { readVersions } from "./versions.ts";

const folders = toolchainFolders();
const program = new Command("toolchain")
  .description("Finds, downloads or builds the Pulumi CLI and the plugins that this project needs.")
  .addHelpText(
    "after",
    `
Environment:
  CLASSROOM_CACHE              where to keep everything (default: ~/.cache/openstack-classroom)
  CLASSROOM_PULUMI_DOWNLOADS   a mirror of https://get.pulumi.com to download from

In a shell: eval "$(node toolchain/main.ts env)"`,
  );

program
  .command("install")
  .description(
    "Install what is missing: a fitting pulumi from the PATH, else the official release, else built from Go modules " +
      "(about 10 minutes on 2 cores, then offline for ever).",
  )
  .option("--stock", "when building: leave the OpenStack plugin as it is, with its fixed waits", false)
  .option("--keep-go-caches", "when building: keep the Go caches, several GB, for building again", false)
  .addOption(new Option("--from <source>", "insist on one source").choices(["path", "download", "build"]))
  .action(async (options: InstallOptions) => {
    const versions = readVersions();
    if ("setGlobalProxyFromEnv" in http) http.setGlobalProxyFromEnv();
    const { already } = await install(folders, versions, options);
    if (already) console.log("The toolchain is installed.");
    else console.log(statusText(await toolchainStatus(folders, versions)));
  });

program
  .command("status")
  .description("Say for each program which one is used, from where, its version, size and why.")
  .option("--json", "for programs")
  .action(async ({ json }: { json?: true }) => {
    const status = await toolchainStatus(folders, readVersions());
    console.log(json === true ? JSON.stringify(status, undefined, 2) : statusText(status));
  });

program
  .command("env")
  .description("Print the environment that makes a shell use the toolchain: export lines, or an object with --json.")
  .option("--json", "for programs; PATH is complete there")
  .action(({ json }: { json?: true }) => {
    const record = requireRecord(folders);
    if (json === true) console.log(JSON.stringify(environmentObject(folders, record), undefined, 2));
    else process.stdout.write(environmentScript(folders, record));
  });

program
  .command("remove")
  .description("Delete everything that was installed, with all caches and logs. A pulumi on the PATH stays.")
  .action(async () => {
    await withLock(folders, async () => {
      // First, so that nobody takes what is left of a killed removal for an installation.
      await rm(folders.record, { force: true });
      for (const entry of await readdir(folders.root))
        if (entry !== "lock") await rm(join(folders.root, entry), { recursive: true, force: true });
    });
    await rm(folders.root, { recursive: true, force: true });
    console.log(`Removed ${folders.root}.`);
  });

await runMain(async () => {
  await program.parseAsync();
});
