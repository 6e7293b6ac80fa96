import * as pulumi from "@pulumi/pulumi";
import type { DataVolume } from "../components/dataVolume.ts";
import type { Lab } from "../lab/labSchema.ts";
import type { StudentPlan } from "../lab/studentPlan.ts";
import type { ClassResources } from "./classPart.ts";
import { type CloudAddress, teachersClient } from "./cloudAddress.ts";
import type { LabChoices } from "./labChoices.ts";
import type { LabFile } from "./labFiles.ts";
import { secretPassword } from "./logins.ts";
import { mapValues } from "./mapValues.ts";
import { instanceOutputs, projectOutputs, serviceOutputs } from "./outputs.ts";
import { studentAccess } from "./studentAccess.ts";
import { studentInstances } from "./studentInstances.ts";
import { studentNetworks } from "./studentNetworks.ts";
import { type ServiceSurroundings, studentServices } from "./studentServices.ts";

/** How instances are reached and waited for. */
export interface ReachSettings {
  sshKeyFile: string;
  reachCommand: string;
  waitUntilReady: boolean;
  readinessTimeoutSeconds: number;
}

/** What one student's part of a stack is made of. */
export interface StudentPart {
  lab: Lab;
  course: string;
  plan: StudentPlan;
  choices: LabChoices;
  cloud: CloudAddress;
  /** The one line of the public key file. */
  publicKey: string;
  passwordSeed: string;
  reach: ReachSettings;
  /** Endpoint of the object store for the teacher's project; undefined where the lab needs none. */
  storageUrl: string | undefined;
  objectFiles: Record<string, LabFile>;
}

/** Everything of one student, from the project to the load balancer. @param opts login of the teacher */
export function studentPart(part: StudentPart, shared: ClassResources, opts: pulumi.ComponentResourceOptions = {}) {
  const { lab, course, plan, choices, cloud, publicKey, passwordSeed, reach, objectFiles } = part;
  const password = secretPassword(passwordSeed, course);
  const access = studentAccess(lab, plan, cloud, choices.roleIds, password, opts);
  const networks = studentNetworks(lab, plan, shared, access);
  const readiness = {
    timeoutSeconds: reach.readinessTimeoutSeconds,
    reachCommand: reach.reachCommand,
    consoleLogCommand: `${teachersClient(cloud)} console-log`,
  };
  const surroundings: ServiceSurroundings = {
    ...{ lab, plan, choices, shared, access, networks, publicKey, objectFiles },
    readiness: reach.waitUntilReady ? readiness : undefined,
    storageUrl: storageOf(part.storageUrl, cloud.projectId, access.projectId),
    presharedKey: (vpn) => password(["vpn", plan.prefix, vpn]),
  };
  const built = studentInstances(surroundings);
  const services = studentServices(surroundings, built);
  return {
    instances: instanceOutputs(lab.student.instances, built.instances, { ...reach, cloudName: cloud.cloudName }),
    networks: mapValues(networks.own, (name, { networkId }) => ({ networkId, cidr: plan.networks[name]?.cidr })),
    volumes: mapValues(built.volumes, (_name, { volumeId, device }: DataVolume) => ({
      volumeId,
      device: device ?? null,
    })),
    snapshots: mapValues(built.snapshots, (_name, { snapshotId }) => snapshotId),
    ...serviceOutputs(services),
    ...projectOutputs(access, cloud.authUrl),
  };
}

/** The endpoint names the project it is for; the student has their own. */
function storageOf(
  url: string | undefined,
  teachersProject: string,
  project: pulumi.Input<string>,
): pulumi.Input<string> | undefined {
  return url === undefined ? undefined : pulumi.output(project).apply((id) => url.replaceAll(teachersProject, id));
}
