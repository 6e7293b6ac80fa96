import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { runMain } from "../terminal/runMain.ts";
import { cloudSettings, namedCloud } from "./cloudSettings.ts";
import { consoleLog } from "./consoleLog.ts";
import { consoleUrl } from "./consoleUrl.ts";
import { snapshotInstance } from "./instanceSnapshot.ts";
import { deleteProjectLeftovers } from "./projectLeftovers.ts";
import { reboot } from "./reboot.ts";
import { Session } from "./session.ts";
import { createVolumeSnapshot, deleteVolumeSnapshot } from "./volumeSnapshot.ts";

const program = new Command("openstack-call")
  .description(
    "The few OpenStack calls that Pulumi has no resource for.\n" +
      "Logs in to an entry of clouds.yaml, or as the user of the OS_* variables of an openrc file.\n" +
      "Prints only what was asked for: an id, an address, a log.",
  )
  .option("--cloud <name>", "entry of clouds.yaml; default OS_CLOUD, else the OS_* variables");

program
  .command("console-log <instanceId>")
  .description("print what an instance wrote to its console")
  .action(async (instanceId: string) => {
    process.stdout.write(await consoleLog(await login(), instanceId));
  });

program
  .command("console-url <instanceId>")
  .description(
    "print a fresh address of an instance's console for the browser; it holds a token and ends after minutes",
  )
  .option("--host <host[:port]>", "host at which the browser reaches the console's proxy; default the cloud's own")
  .action(async (instanceId: string, { host }: { host?: string }) => {
    console.log(await consoleUrl(await login(), instanceId, host));
  });

program
  .command("reboot <instanceId>")
  .description("reboot an instance and wait until it is active; its system then still boots")
  .option("--hard", "like the power switch, for a system that does not listen")
  .action(async (instanceId: string, { hard = false }: { hard?: boolean }) => {
    await reboot(await login(), instanceId, hard ? "hard" : "soft");
  });

program
  .command("instance-snapshot <instanceId>")
  .description("make an image of an instance, wait until it can be used and print its id")
  .requiredOption("--name <name>", "name of the image")
  .option("--metadata <json>", 'properties of the image, e.g. \'{"course":"net101"}\'', entries, {})
  .action(async (instanceId: string, { name, metadata }: { name: string; metadata: Record<string, string> }) => {
    console.log(await snapshotInstance(await login(), instanceId, { imageName: name, metadata }));
  });

const volumeSnapshot = program
  .command("volume-snapshot")
  .description("snapshots of volumes; volume and name together say which one is meant");

volumeSnapshot
  .command("create <volumeId>")
  .description("make a snapshot, or take over the one of this name, wait until it is available and print its id")
  .requiredOption("--name <name>", "name of the snapshot")
  .option("--description <text>", "for people", "")
  .option("--metadata <json>", 'e.g. \'{"course":"net101"}\'', entries, {})
  .option("--force", "also while the volume is attached to an instance (default)")
  .option("--no-force", "only while it is not")
  .action(async (volumeId: string, options: SnapshotOptions) => {
    console.log(await createVolumeSnapshot(await login(), { volumeId, ...options }));
  });

volumeSnapshot
  .command("delete <volumeId>")
  .description("delete the snapshot of this name and wait until it is gone; fine when there is none")
  .requiredOption("--name <name>", "name of the snapshot")
  .action(async (volumeId: string, { name }: { name: string }) => {
    await deleteVolumeSnapshot(await login(), { volumeId, name });
  });

program
  .command("delete-project-leftovers <projectId>")
  .description("delete what the cloud itself made for a project: its security group `default` and its quotas")
  .action(async (projectId: string) => {
    await deleteProjectLeftovers(await login(), projectId);
  });

interface SnapshotOptions {
  name: string;
  description: string;
  metadata: Record<string, string>;
  force?: boolean;
}

function login(): Promise<Session> {
  const { cloud } = program.opts<{ cloud?: string }>();
  return Session.open(cloudSettings(namedCloud(cloud)));
}

function entries(text: string): Record<string, string> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  } catch {
    throw new InvalidArgumentError('write a JSON object of texts, e.g. {"course":"net101"}');
  }
}

await runMain(async () => {
  await program.parseAsync();
});
