import { Command } from "commander";
import { runMain } from "../terminal/runMain.ts";
import { cloudSettings } from "./cloudSettings.ts";
import { consoleLog } from "./consoleLog.ts";
import { Session } from "./session.ts";

const program = new Command("openstack-call")
  .description("The few OpenStack calls that Pulumi has no resource for.")
  .option("--cloud <name>", "entry of clouds.yaml; default OS_CLOUD, else the OS_* variables");

program
  .command("console-log <instanceId>")
  .description("print what an instance wrote to its console")
  .action(async (instanceId: string) => {
    const { cloud } = program.opts<{ cloud?: string }>();
    const session = await Session.open(cloudSettings(cloud ?? process.env["OS_CLOUD"]));
    process.stdout.write(await consoleLog(session, instanceId));
  });

await runMain(async () => {
  await program.parseAsync();
});
