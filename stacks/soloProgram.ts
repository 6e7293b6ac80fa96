import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { InvalidArgsError } from "../components/invalidArgsError.ts";
import type { Lab } from "../lab/labSchema.ts";
import { placedText } from "../lab/parseLab.ts";
import { publicKeyProblems } from "../lab/publicKey.ts";
import { readLab } from "../labs/readLab.ts";
import { cloudSettings, namedCloud } from "../openstack/cloudSettings.ts";
import { Session } from "../openstack/session.ts";
import { expandHome } from "../terminal/expandHome.ts";
import { UserError } from "../terminal/userError.ts";
import { cloudOffer } from "./cloudOffer.ts";
import { chooseFrom } from "./labChoices.ts";
import { labFiles } from "./labFiles.ts";
import { refuseMixedLogin } from "./mixedLogin.ts";
import { soloStack, type SoloOutputs } from "./soloStack.ts";
import { parseStackConfig, SEED_COMMAND, soundConfig, STACK_CONFIG_KEYS } from "./stackConfig.ts";

/**
 * Configuration and lab → checks against the cloud → the solo stack. Everything that can be wrong is found before the first resource
 * is registered, and what can be found without the cloud, before the cloud is asked.
 *
 * @throws {pulumi.RunError} whose message is for the user.
 */
export async function soloProgram(): Promise<SoloOutputs> {
  const { config, lab, publicKey, files, cloudName, access } = await readAll();
  const session = await forUser(() => Session.open(access));
  await pulumi.log.info(session.description);
  const choices = await forUser(async () => chooseFrom(await cloudOffer(session, lab), lab, config.course));
  return soloStack(config, {
    ...{ lab, choices, publicKey, files },
    storageUrl: session.endpoint("object-store"),
    cloud: {
      ...{ authUrl: access.authUrl, region: access.region, cacert: access.cacert, cloudName },
      ...session.scope,
    },
  });
}

/** @throws {pulumi.RunError} naming everything that is wrong in configuration, lab, files and credentials. */
async function readAll() {
  const settings = new pulumi.Config();
  const raw = Object.fromEntries(STACK_CONFIG_KEYS.map((key): [string, unknown] => [key, configValue(settings, key)]));
  const { lab: labName, step, changes, sshKeyFile, ...sound } = soundConfig(raw);
  const problems: string[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UserError || error instanceof InvalidArgsError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const config = attempt(() => parseStackConfig(raw));
  const read = labName === undefined ? undefined : attempt(() => readLab(labName, step, changes));
  const passwordSeed = sound.passwordSeed ?? readSeedFile(process.env["CLASSROOM_PASSWORD_SEED_FILE"]);
  const publicKey = sshKeyFile === undefined ? undefined : attempt(() => readPublicKey(sshKeyFile));
  const cloudName = namedCloud(new pulumi.Config("openstack").get("cloud"));
  const access = attempt(() => cloudSettings(cloudName));
  const files = read && attempt(() => labFiles(read.lab, read.file));
  if (read !== undefined) {
    const { file, lab, warnings } = read;
    if (warnings.length > 0) await pulumi.log.warn(placedText(file, warnings));
    attempt(() => {
      refuseMissingSeed(passwordSeed, lab);
    });
    attempt(() => {
      refuseMixedLogin(lab, process.env);
    });
  }
  if (!config || !read || publicKey === undefined || !files || !access || problems.length > 0)
    throw new pulumi.RunError(problems.join("\n"));
  return { config: { ...config, passwordSeed }, lab: read.lab, publicKey, files, cloudName, access };
}

/** Pulumi keeps every value as text; structured ones, numbers and booleans are JSON. */
function configValue(settings: pulumi.Config, key: string): unknown {
  const text = settings.get(key);
  if (text === undefined || key === "passwordSeed") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Where commands of ours keep the seed, so that it need not stand in every stack's configuration. */
function readSeedFile(file: string | undefined): string | undefined {
  return file === undefined || !existsSync(file) ? undefined : readFileSync(file, "utf8").trim();
}

function refuseMissingSeed(passwordSeed: string | undefined, { class: { groups, projects }, student }: Lab): void {
  const users = [
    student.project,
    ...[student.vpns, groups, projects].flatMap((each): unknown[] => Object.values(each)),
  ];
  if (passwordSeed !== undefined || users.every((each) => each === undefined)) return;
  throw new InvalidArgsError("The stack's configuration", [
    {
      path: "passwordSeed",
      reason: `is missing; the passwords of the lab are derived from it. Make one with: ${SEED_COMMAND}`,
    },
  ]);
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
async function forUser<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
