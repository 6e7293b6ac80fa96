import { cloudName } from "./cloudKind.ts";
import { ownCloudsYaml } from "./cloudsYaml.ts";
import { inside } from "./namespace.ts";

/** Makes OpenStack clients act as the cloud's administrator. */
export const adminEnvironment = { OS_CLIENT_CONFIG_FILE: ownCloudsYaml, OS_CLOUD: cloudName };

/** Runs the `openstack` command line as the cloud's administrator. @returns what it printed. */
export async function openstack(args: string[]): Promise<string> {
  return (await inside("openstack", args, { environment: adminEnvironment })).stdout;
}
