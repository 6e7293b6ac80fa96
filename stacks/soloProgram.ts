import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { InvalidArgsError } from "../components/invalidArgsError.ts";
import { publicKeyProblems } from "../components/keyPair.ts";
import { readCatalog } from "../openstack/catalog.ts";
import { cloudSettings } from "../openstack/cloudSettings.ts";
import { Session } from "../openstack/session.ts";
import { expandHome } from "../terminal/expandHome.ts";
import { UserError } from "../terminal/userError.ts";
import { chooseFrom } from "./soloChoices.ts";
import { parseSoloConfig, SOLO_CONFIG_KEYS } from "./soloConfig.ts";
import { soloStack, type SoloOutputs } from "./soloStack.ts";

/**
 * Configuration → checks against the cloud → the solo stack. Everything that can be wrong is found before the first resource is
 * registered.
 *
 * @throws {pulumi.RunError} whose message is for the user.
 */
export async function soloProgram(): Promise<SoloOutputs> {
  const settings = new pulumi.Config();
  const config = parseSoloConfig(
    Object.fromEntries(SOLO_CONFIG_KEYS.map((key): [string, unknown] => [key, configValue(settings, key)])),
  );
  const publicKey = readPublicKey(config.sshKeyFile);
  const cloudName = new pulumi.Config("openstack").get("cloud") ?? process.env["OS_CLOUD"];
  const session = await forUser(() => Session.open(cloudSettings(cloudName)));
  await pulumi.log.info(session.description);
  const choices = chooseFrom(await forUser(() => readCatalog(session)), config);
  return soloStack(config, { choices, publicKey, cloudName });
}

/** Pulumi keeps every value as text; structured ones, numbers and booleans are JSON. */
function configValue(settings: pulumi.Config, key: string): unknown {
  const text = settings.get(key);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readPublicKey(privateKeyFile: string): string {
  const path = `${expandHome(privateKeyFile)}.pub`;
  if (!existsSync(path))
    throw new InvalidArgsError("The stack's configuration", [
      {
        path: "sshKeyFile",
        reason: `${path} does not exist; make the pair with: ssh-keygen -t ed25519 -N '' -f ${privateKeyFile}`,
      },
    ]);
  const text = readFileSync(path, "utf8");
  const problems = publicKeyProblems(`sshKeyFile (${path})`, text);
  if (problems.length > 0) throw new InvalidArgsError("The stack's configuration", problems);
  return text;
}

/** The engine prints a RunError as its message; anything else with a stack trace. */
async function forUser<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
