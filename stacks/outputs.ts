import * as pulumi from "@pulumi/pulumi";
import type { WebServerInstance } from "../components/webServerInstance.ts";
import type { Lab } from "../lab/labSchema.ts";
import { teachersClient } from "./cloudAddress.ts";
import type { StudentServices } from "./studentServices.ts";
import type { StudentAccess } from "./studentAccess.ts";

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
  /** Prints the address of its screen, for a browser. */
  consoleUrlCommand: pulumi.Output<string>;
}

/** How the outputs' commands reach the cloud and its instances. */
export interface CommandSettings {
  /** Private key file; empty where only the student knows it. */
  sshKeyFile: string;
  /** Put before ssh and curl where floating IPs cannot be reached directly. */
  reachCommand: string;
  cloudName: string | undefined;
}

/** The outputs of every instance. A lent floating IP is shown with the instance it leads to. */
export function instanceOutputs(
  instances: Lab["student"]["instances"],
  built: Record<string, WebServerInstance>,
  { sshKeyFile, reachCommand, cloudName }: CommandSettings,
): Record<string, InstanceOutputs> {
  const reach = reachCommand === "" ? "" : `${reachCommand} `;
  const client = cloudName === undefined ? "openstack" : `openstack --os-cloud ${cloudName}`;
  const own = teachersClient({ cloudName });
  const identity = sshKeyFile === "" ? "" : `-i ${sshKeyFile} `;
  return Object.fromEntries(
    Object.entries(instances).flatMap(([name, { web }]) => {
      const instance = built[name];
      if (instance === undefined) return [];
      const address = addressThatLeadsTo(name, instances, built);
      const outputs: InstanceOutputs = {
        instanceId: instance.instanceId,
        fixedIp: instance.fixedIp,
        floatingIp: address ?? null,
        sshCommand:
          address === undefined ? null : pulumi.interpolate`${reach}ssh ${identity}${instance.loginUser}@${address}`,
        url: address === undefined || web === undefined ? null : pulumi.interpolate`http://${address}/`,
        consoleCommand: pulumi.interpolate`${client} console log show ${instance.instanceId}`,
        consoleUrlCommand: pulumi.interpolate`${own} console-url ${instance.instanceId}`,
      };
      return [[name, outputs]];
    }),
  );
}

function addressThatLeadsTo(
  name: string,
  instances: Lab["student"]["instances"],
  built: Record<string, WebServerInstance>,
): pulumi.Output<string> | undefined {
  const lender = Object.entries(instances).find(([, { floatingIpTo }]) => floatingIpTo === name)?.[0];
  const owner = instances[name]?.floatingIpTo === undefined ? name : undefined;
  const source = lender ?? owner;
  return source === undefined ? undefined : built[source]?.floatingIp;
}

/** What the student logs in to the cloud with, for Horizon and the openstack client; null in the teacher's project. */
export interface ProjectOutputs {
  authUrl: string;
  projectName: string;
  projectId: pulumi.Input<string>;
  userName: string;
}

/** The password stands apart, because everything in one output with a secret is kept secret. */
export function projectOutputs(
  { login, projectId }: StudentAccess,
  authUrl: string,
): { project: ProjectOutputs | null; password: pulumi.Output<string> | null } {
  if (login === undefined) return { project: null, password: null };
  const { projectName, userName, password } = login;
  return { project: { authUrl, projectId, projectName, userName }, password };
}

/** Links to objects by container and name, and the addresses of load balancers. */
export function serviceOutputs({ containers, loadBalancers }: StudentServices) {
  return {
    objects: Object.fromEntries(Object.entries(containers).map(([name, { objectUrls }]) => [name, objectUrls ?? {}])),
    loadBalancers: Object.fromEntries(
      Object.entries(loadBalancers).map(([name, { vipAddress, floatingIp }]) => [
        name,
        { address: vipAddress, floatingIp: floatingIp ?? null },
      ]),
    ),
  };
}
