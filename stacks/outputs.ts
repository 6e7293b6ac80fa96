import * as pulumi from "@pulumi/pulumi";
import type { WebServerInstance } from "../components/webServerInstance.ts";
import type { SoloConfig } from "./soloConfig.ts";

/** What a student needs to know of one instance. Stable: handouts and scripts read it. */
export interface InstanceOutputs {
  instanceId: pulumi.Output<string>;
  fixedIp: pulumi.Output<string>;
  /** Floating IP that leads to this instance; null when none does. */
  floatingIp: pulumi.Output<string> | null;
  sshCommand: pulumi.Output<string> | null;
  /** Address of the page; null without a floating IP or a web profile. */
  url: pulumi.Output<string> | null;
  /** Prints what the instance wrote to its console. */
  consoleCommand: pulumi.Output<string>;
}

/** The outputs of every instance. A lent floating IP is shown with the instance it leads to. */
export function instanceOutputs(
  config: SoloConfig,
  built: Record<string, WebServerInstance>,
  cloudName: string | undefined,
): Record<string, InstanceOutputs> {
  const reach = config.reachCommand === "" ? "" : `${config.reachCommand} `;
  const client = cloudName === undefined ? "openstack" : `openstack --os-cloud ${cloudName}`;
  return Object.fromEntries(
    Object.entries(config.instances).flatMap(([name, { web }]) => {
      const instance = built[name];
      if (instance === undefined) return [];
      const address = addressThatLeadsTo(name, config, built);
      const outputs: InstanceOutputs = {
        instanceId: instance.instanceId,
        fixedIp: instance.fixedIp,
        floatingIp: address ?? null,
        sshCommand:
          address === undefined
            ? null
            : pulumi.interpolate`${reach}ssh -i ${config.sshKeyFile} ${instance.loginUser}@${address}`,
        url: address === undefined || web === undefined ? null : pulumi.interpolate`http://${address}/`,
        consoleCommand: pulumi.interpolate`${client} console log show ${instance.instanceId}`,
      };
      return [[name, outputs]];
    }),
  );
}

function addressThatLeadsTo(
  name: string,
  { instances }: SoloConfig,
  built: Record<string, WebServerInstance>,
): pulumi.Output<string> | undefined {
  const lender = Object.entries(instances).find(([, { floatingIpTo }]) => floatingIpTo === name)?.[0];
  const owner = instances[name]?.floatingIpTo === undefined ? name : undefined;
  const source = lender ?? owner;
  return source === undefined ? undefined : built[source]?.floatingIp;
}
