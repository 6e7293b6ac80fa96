import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type Document, isMap, isScalar, parseDocument } from "yaml";
import { authUrl, region } from "./apis.ts";
import { cloudName, cloudTitle } from "./cloudKind.ts";
import { writeConfig, writeWhole } from "./files.ts";
import { etc } from "./paths.ts";
import type { Secrets } from "./secrets.ts";

/** Where OpenStack clients look for the user's clouds. */
export const userCloudsYaml = join(homedir(), ".config/openstack/clouds.yaml");

/** The same entry alone, for commands run inside. */
export const ownCloudsYaml = join(etc, "clouds.yaml");

const ownComment = ` Written by \`up\` of the classroom's ${cloudTitle.slice("the ".length)}, taken out again by \`remove\`.`;

interface Entry {
  auth: Record<string, string>;
  region_name: string;
  identity_api_version: number;
}

function entry(secrets: Secrets): Entry {
  return {
    auth: {
      auth_url: authUrl,
      username: "admin",
      password: secrets.admin,
      project_name: "admin",
      user_domain_name: "Default",
      project_domain_name: "Default",
    },
    region_name: region,
    identity_api_version: 3,
  };
}

/** @returns why our entry cannot go into the user's file; undefined when it can. */
export function cloudsYamlProblem(text: string, path: string): string | undefined {
  const document = readDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return `${path} is not valid YAML: ${error.message.split("\n")[0] ?? ""}`;
  if (document.contents !== null && !isMap(document.contents)) return `${path} is not a list of clouds`;
  const clouds = document.get("clouds");
  if (clouds != null && !isMap(clouds)) return `"clouds" in ${path} is not a list of clouds`;
  if (!document.hasIn(["clouds", cloudName])) return undefined;
  const other = document.getIn(["clouds", cloudName, "auth", "auth_url"]);
  return other === authUrl
    ? undefined
    : `${path} has a cloud "${cloudName}" already, at ${String(other)}: give that one another name`;
}

/** The file's text with our entry; everything else, comments too, stays. */
export function withLocalCloud(text: string, secrets: Secrets): string {
  const document = readDocument(text);
  const node = document.createNode(entry(secrets));
  // Within the entry, so that it goes when the entry goes.
  node.commentBefore = ownComment;
  const clouds = document.get("clouds");
  if (isMap(clouds)) {
    if (clouds.items.length === 0) clouds.flow = false;
    clouds.set(cloudName, node);
  } else document.set("clouds", document.createNode({ [cloudName]: node }));
  return document.toString({ lineWidth: 0 });
}

/** The file's text without our entry; undefined when nothing is left worth keeping. */
export function withoutLocalCloud(text: string): string | undefined {
  const document = readDocument(text);
  if (document.getIn(["clouds", cloudName, "auth", "auth_url"]) !== authUrl) return text;
  document.deleteIn(["clouds", cloudName]);
  const clouds = document.get("clouds");
  if (!isMap(clouds) || clouds.items.length > 0) return document.toString({ lineWidth: 0 });
  const onlyClouds = isMap(document.contents) && document.contents.items.length === 1;
  const commented = /^\s*#/m.test(document.toString());
  return onlyClouds && !commented ? undefined : document.toString({ lineWidth: 0 });
}

function readDocument(text: string): Document.Parsed {
  const document = parseDocument(text);
  if (isScalar(document.contents) && document.contents.value === null) document.contents = null;
  return document;
}

export function addLocalCloud(secrets: Secrets): void {
  writeConfig({ path: ownCloudsYaml, text: withLocalCloud("", secrets) });
  const text = withLocalCloud(readUserCloudsYaml(), secrets);
  if (text !== readUserCloudsYaml() || (statSync(userCloudsYaml).mode & 0o777) !== 0o600) writeForUser(text);
}

export function removeLocalCloud(): void {
  if (!existsSync(userCloudsYaml)) return;
  const before = readUserCloudsYaml();
  if (cloudsYamlProblem(before, userCloudsYaml) !== undefined) return;
  const after = withoutLocalCloud(before);
  if (after === undefined) rmSync(realpathSync(userCloudsYaml));
  else if (after !== before) writeForUser(after);
}

export function readUserCloudsYaml(): string {
  return existsSync(userCloudsYaml) ? readFileSync(userCloudsYaml, "utf8") : "";
}

/** Keeps the file and the folders made for it the property of whoever the home folder belongs to, also under sudo. */
function writeForUser(text: string): void {
  const { uid, gid } = statSync(homedir());
  const path = existsSync(userCloudsYaml) ? realpathSync(userCloudsYaml) : userCloudsYaml;
  const first = mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeWhole({ path, text });
  chownSync(path, uid, gid);
  if (first !== undefined)
    for (let made = dirname(path); made.length >= first.length; made = dirname(made)) chownSync(made, uid, gid);
}
