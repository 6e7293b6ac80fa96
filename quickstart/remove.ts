import { existsSync } from "node:fs";
import { authUrl } from "../local-cloud/apis.ts";
import { cloudName } from "../local-cloud/cloudKind.ts";
import { apiOnlyHome } from "../local-cloud/paths.ts";
import { UserError } from "../terminal/userError.ts";
import { runCommand } from "./commands.ts";
import { stateFolder } from "./pulumi.ts";
import { readDevConfig } from "./devConfig.ts";
import { stacksElsewhere } from "./stackState.ts";

/** Everything away, of both clouds: processes, namespace, mounts, their data, and with the local one's the state of the stacks on it. */
export async function remove({ purge }: { purge?: boolean }): Promise<void> {
  const elsewhere = stacksElsewhere(stateFolder, { name: cloudName, authUrl });
  if (elsewhere.length > 0)
    throw new UserError(
      `${stateFolder} also keeps stacks with resources on other clouds, which would be lost:\n${elsewhere.map((file) => `  ${file}`).join("\n")}\n` +
        "destroy them first (pulumi destroy), or move them to another backend (pulumi stack export and import)",
    );
  if (existsSync(apiOnlyHome))
    await runCommand("removing the API-only cloud", "node", ["local-cloud/main.ts", "remove", "--api-only"]);
  await runCommand("removing the local cloud", "node", [
    "local-cloud/main.ts",
    "remove",
    ...(purge === true ? ["--purge"] : []),
  ]);
  console.log(
    `kept: the key pair ${readDevConfig().sshKeyFile}${purge === true ? "" : ", the toolchain and the caches (npm run remove -- --purge takes these too)"}`,
  );
}
