import { UserError } from "../terminal/userError.ts";
import { runCommand } from "./commands.ts";
import { stateFolder } from "./pulumi.ts";
import { readDevConfig } from "./devConfig.ts";
import { stacksElsewhere } from "./stackState.ts";

/** Everything away: processes, namespace, mounts, the cloud's data and with it the state of the stacks on it. */
export async function remove({ purge }: { purge?: boolean }): Promise<void> {
  const elsewhere = stacksElsewhere(stateFolder, "local");
  if (elsewhere.length > 0)
    throw new UserError(
      `${stateFolder} also keeps stacks with resources on other clouds, which would be lost:\n${elsewhere.map((file) => `  ${file}`).join("\n")}\n` +
        "destroy them first (pulumi destroy), or move them to another backend (pulumi stack export and import)",
    );
  await runCommand("removing the local cloud", "node", [
    "local-cloud/main.ts",
    "remove",
    ...(purge === true ? ["--purge"] : []),
  ]);
  console.log(
    `kept: the key pair ${readDevConfig().sshKeyFile}${purge === true ? "" : ", the toolchain and the caches (npm run remove -- --purge takes these too)"}`,
  );
}
