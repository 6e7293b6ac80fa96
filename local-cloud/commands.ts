import { Command } from "commander";
import { UserError } from "../terminal/userError.ts";
import { apiOnlyFlag } from "./apiOnlyFlag.ts";
import { apiOnly, cloudTitle, isRoot, upCommand } from "./cloudKind.ts";
import { down } from "./down.ts";
import { inside, insideSupervisor } from "./namespace.ts";
import { adminEnvironment } from "./openstackClient.ts";
import { describeServices } from "./optionalServices.ts";
import { cache, home } from "./paths.ts";
import { remove } from "./remove.ts";
import { cloudStatus, renderStatus } from "./status.ts";
import { checkMachine, installAllPackages, up } from "./up.ts";

const optionalServicesHelp = `
Optional services (none at first):
${describeServices()}`;

const program = new Command("cloud")
  .description("A whole OpenStack on this machine, in one network namespace that leaves the host's network alone.")
  .enablePositionalOptions()
  .addHelpText(
    "after",
    `${optionalServicesHelp}

Debian 12, root, about 6 GiB of memory and 8 GiB of disk. Everything is kept in ${home}
(elsewhere: CLASSROOM_CLOUD_HOME), what is dear to build again in ${cache} (CLASSROOM_CACHE).

With --api-only every command means a second cloud, which may run beside it: the same APIs without guests behind them, in 2 GiB of
memory and without root once Debian's packages are there. See docs/local-cloud.md.

Examples:
  sudo npm run cloud up
  sudo npm run cloud up -- --with cinder,horizon
  sudo npm run cloud exec -- openstack server list
  sudo npm run cloud status -- --json
  npm run cloud up -- --api-only --with heat`,
  );

program
  .command("up")
  .description(
    "install it, start it, or bring it up to date: whatever is missing. May be interrupted and run again at any time",
  )
  .option(...services("--with", "optional services as well, separated by commas; remembered by every later up"))
  .option(...services("--without", "optional services no longer: stopped and forgotten; what they hold is kept"))
  .addHelpText("after", optionalServicesHelp)
  .action(async (options: { with: string[]; without: string[] }) => {
    await up(options);
  });

program
  .command("check")
  .description("say what stands in the way of it on this machine; changes nothing")
  .action(async () => {
    await checkMachine();
    console.log(`${cloudTitle} can run here`);
  });

program
  .command("packages")
  .description("install the Debian packages that it is made of, and nothing else")
  .option(...services("--with", "those of optional services too, separated by commas"))
  .action(async (options: { with: string[] }) => {
    requireRoot("packages", true);
    await installAllPackages(options.with);
  });

program
  .command("down")
  .description("stop it and its guests; the next up starts them again")
  .action(async () => {
    requireRoot("down");
    await down();
  });

program
  .command("status")
  .description(
    "what runs, on which port, since when and in how much memory; exit code 1 if something should run but does not",
  )
  .option("--json", "for programs", false)
  .action(async ({ json }: { json: boolean }) => {
    requireRoot("status");
    const status = await cloudStatus();
    console.log(json ? JSON.stringify(status, null, 2) : renderStatus(status));
    if (status.state === "degraded" || status.state === "fallen") process.exitCode = 1;
  });

program
  .command("exec")
  .description(
    "run a command inside: in the cloud's network, where guests' addresses lead somewhere, and as its administrator",
  )
  .argument("<command...>", "after --, for example: -- ssh debian@172.24.4.20")
  .passThroughOptions()
  .action(async ([file = "", ...args]: string[]) => {
    requireRoot("exec");
    if (insideSupervisor() === undefined) throw new UserError(`${cloudTitle} is down: start it with ${upCommand}`);
    // Ctrl-C is for the command.
    process.on("SIGINT", () => undefined);
    const environment = { ...adminEnvironment, TERM: process.env["TERM"] ?? "dumb" };
    const { exitCode } = await inside(file, args, { environment, stdio: "inherit", reject: false });
    process.exitCode = exitCode;
  });

program
  .command("remove")
  .description("delete it with all its guests, images and passwords; keeps the cache and Debian's packages")
  .option("--purge", "delete the cache too", false)
  .action(async (options: { purge: boolean }) => {
    requireRoot("remove");
    await remove(options);
  });

function services(
  name: string,
  description: string,
): [string, string, (text: string, before: string[]) => string[], []] {
  const names = (text: string) =>
    text
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  return [`${name} <services>`, description, (text, before) => [...before, ...names(text)], []];
}

/** @param always of the API-only cloud's commands too */
function requireRoot(command: string, always = !apiOnly): void {
  if (always && !isRoot) throw new UserError(`this needs root: sudo npm run cloud ${command}`);
}

for (const command of program.commands)
  command.option(apiOnlyFlag, "of the API-only cloud, which has no guests (docs/local-cloud.md)");

/** Of the one cloud that this process is about: see cloudKind.ts. */
export function commands(): Command {
  return program;
}
