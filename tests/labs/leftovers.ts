import { execa } from "execa";
import { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { pulumiEnv } from "../../quickstart/pulumi.ts";
import { administrator } from "../cloud/projectUser.ts";
import { openstackList } from "../cloud/testStack.ts";

/** Every kind of object that a lab makes and all of a kind can be listed; a floating IP has no name, but an id and tags. */
const LISTINGS = [
  "server list --all-projects --long",
  "volume list --all-projects --long",
  "volume snapshot list --all-projects",
  "port list --long",
  "floating ip list --long",
  "router list --long",
  "subnet list --long",
  "network list --long",
  "network rbac list --long",
  "security group list",
  "security group rule list --long",
  "image list --long",
  "flavor list --all --long",
  "aggregate list --long",
  "project list --long",
  "user list --long",
  "group list --long",
  "role assignment list",
];

const Exported = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ type: z.string(), id: z.string().default(""), external: z.boolean().default(false) }))
      .default([]),
  }),
});

/** By what the objects of a stack are known in the cloud once the stack has forgotten them. */
export interface Traces {
  course: string;
  ids: string[];
  userIds: string[];
}

/** The state of a stack as it is kept, with its secrets encrypted. */
export async function stateOf(course: string): Promise<string> {
  const options = { cwd: projectRoot, env: await pulumiEnv() };
  return (await execa("pulumi", ["stack", "export", "--stack", course], options)).stdout;
}

/** The ids of everything that a stack has made. */
export async function tracesOf(course: string): Promise<Traces> {
  const made = Exported.parse(JSON.parse(await stateOf(course))).deployment.resources.filter(
    ({ external }) => !external,
  );
  return {
    course,
    // The others are put together of ids that are here, too.
    ids: made.map(({ id }) => id).filter((id) => /^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(id)),
    userIds: made.filter(({ type }) => type === "openstack:identity/user:User").map(({ id }) => id),
  };
}

/** What is still there of a destroyed stack, in any service: the listing and the object as it shows it. */
export async function leftoversOf({ course, ids, userIds }: Traces): Promise<string[]> {
  const found: string[] = [];
  for (const listing of LISTINGS)
    for (const object of await openstackList(...listing.split(" "))) {
      const text = JSON.stringify(object);
      if ([course, ...ids].some((trace) => text.includes(trace))) found.push(`${listing}: ${text}`);
    }
  // Of a user who is gone the client does not even ask.
  const api = await administrator();
  const KeyPairs = z.object({ keypairs: z.array(z.unknown()) });
  for (const userId of userIds) {
    const { keypairs } = KeyPairs.parse(await api.call("compute", "GET", `/os-keypairs?user_id=${userId}`));
    found.push(...keypairs.map((keyPair) => `key pair of user ${userId}: ${JSON.stringify(keyPair)}`));
  }
  return found;
}
