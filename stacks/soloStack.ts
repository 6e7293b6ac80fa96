import * as pulumi from "@pulumi/pulumi";
import type { DataVolume } from "../components/dataVolume.ts";
import type { Lab } from "../lab/labSchema.ts";
import { packstackFiles } from "../lab/operatorFiles.ts";
import { derivePassword } from "../lab/passwords.ts";
import { planStudent } from "../lab/studentPlan.ts";
import { classPart, type ClassSurroundings } from "./classPart.ts";
import { type CloudAddress, teachersClient } from "./cloudAddress.ts";
import type { LabChoices } from "./labChoices.ts";
import { mapValues } from "./mapValues.ts";
import { instanceOutputs, projectOutputs, serviceOutputs } from "./outputs.ts";
import type { StackConfig } from "./stackConfig.ts";
import { studentAccess } from "./studentAccess.ts";
import { studentInstances } from "./studentInstances.ts";
import { studentNetworks } from "./studentNetworks.ts";
import { type ServiceSurroundings, studentServices } from "./studentServices.ts";

/** What cannot be written in the configuration. */
export interface SoloSurroundings {
  lab: Lab;
  choices: LabChoices;
  cloud: CloudAddress;
  /** The one line of the public key file. */
  publicKey: string;
  /** Endpoint of the object store for the teacher's project; undefined where the lab needs none. */
  storageUrl: string | undefined;
  files: { images: ClassSurroundings["imageFiles"]; objects: ServiceSurroundings["objectFiles"] };
}

export type SoloOutputs = ReturnType<typeof soloStack>;

/** The class part and one student in one stack. */
export function soloStack(config: StackConfig, around: SoloSurroundings) {
  const { course, passwordSeed = "", reachCommand, readinessTimeoutSeconds } = config;
  const { lab, choices, cloud, publicKey, files } = around;
  const student = { id: config.student.id, name: config.student.name ?? config.student.id, seat: 0 };
  const password = (purpose: readonly string[]) => pulumi.secret(derivePassword(passwordSeed, [course, ...purpose]));

  const shared = classPart(lab, course, { cloud, choices, imageFiles: files.images, password });
  const plan = planStudent(lab, course, student, "solo");
  const access = studentAccess(lab, plan, cloud, choices.roleIds, password);
  const networks = studentNetworks(lab, plan, shared, access);
  const readiness = {
    timeoutSeconds: readinessTimeoutSeconds,
    reachCommand,
    consoleLogCommand: `${teachersClient(cloud)} console-log`,
  };
  const surroundings: ServiceSurroundings = {
    ...{ lab, plan, choices, shared, access, networks, publicKey },
    readiness: config.waitUntilReady ? readiness : undefined,
    storageUrl: storageOf(around.storageUrl, cloud.projectId, access.projectId),
    objectFiles: files.objects,
    presharedKey: (vpn) => password(["vpn", plan.prefix, vpn]),
  };
  const built = studentInstances(surroundings);
  const services = studentServices(surroundings, built);
  const { packstackHost, providerNetworks } = lab.class;
  const hostNetwork = providerNetworks[packstackHost?.providerNetwork ?? ""];
  return {
    instances: instanceOutputs(lab.student.instances, built.instances, { ...config, cloudName: cloud.cloudName }),
    networks: {
      ...mapValues(shared.providerNetworks, (name, { networkId }) => ({
        networkId,
        cidr: providerNetworks[name]?.cidr,
      })),
      ...mapValues(networks.own, (name, { networkId }) => ({ networkId, cidr: plan.networks[name]?.cidr })),
    },
    volumes: mapValues(built.volumes, (_name, { volumeId, device }: DataVolume) => ({
      volumeId,
      device: device ?? null,
    })),
    snapshots: mapValues(built.snapshots, (_name, { snapshotId }) => snapshotId),
    ...serviceOutputs(services),
    ...projectOutputs(access, cloud.authUrl),
    operatorFiles:
      packstackHost === undefined || hostNetwork === undefined ? {} : packstackFiles(packstackHost, hostNetwork, 1),
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
