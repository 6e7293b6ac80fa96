import type * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../components/dataVolume.ts";
import { KeyPair } from "../components/keyPair.ts";
import { VolumeSnapshot } from "../components/volumeSnapshot.ts";
import { WebServerInstance, type WebServerInstanceArgs } from "../components/webServerInstance.ts";
import { bootImageOf } from "../lab/bootImage.ts";
import type { Lab } from "../lab/labSchema.ts";
import { objectName, type StudentPlan } from "../lab/studentPlan.ts";
import type { InstanceEntry } from "../lab/studentSchema.ts";
import type { ClassResources } from "./classPart.ts";
import { bootVolumeSizeGiB, loginUserOf } from "./instanceFit.ts";
import type { LabChoices } from "./labChoices.ts";
import { mapValues } from "./mapValues.ts";
import { once } from "./once.ts";
import { type Readiness, readinessOf } from "./readinessOf.ts";
import type { StudentAccess } from "./studentAccess.ts";
import type { StudentNetworks } from "./studentNetworks.ts";

export interface StudentSurroundings {
  lab: Lab;
  plan: StudentPlan;
  choices: LabChoices;
  shared: ClassResources;
  access: StudentAccess;
  networks: StudentNetworks;
  /** The one line of the public key file. */
  publicKey: string;
  readiness: Readiness;
}

export interface StudentInstances {
  instances: Record<string, WebServerInstance>;
  volumes: Record<string, DataVolume>;
  snapshots: Record<string, VolumeSnapshot>;
  keyPairName: pulumi.Output<string> | undefined;
}

/** Key pair, instances, volumes and snapshots of one student. */
export function studentInstances(around: StudentSurroundings): StudentInstances {
  const { lab, plan, choices, shared, access, publicKey } = around;
  const { instances, volumes, snapshots, loadBalancers } = lab.student;
  const { prefix, tags } = plan;
  const needsKey = Object.keys(instances).length > 0 || Object.keys(loadBalancers).length > 0;
  const keyPairName = needsKey
    ? new KeyPair(`${prefix}-key`, { publicKey, keyPairName: plan.keyPairName }, access.opts).keyPairName
    : undefined;

  const instance = once((name): WebServerInstance => {
    const entry = instances[name];
    const { floatingIpTo, bootFromVolume } = entry ?? {};
    if (entry === undefined || keyPairName === undefined)
      throw new Error(`instance ${name} was not checked before it is built`);
    return new WebServerInstance(
      `${prefix}-${name}`,
      {
        ...instanceArgs(name, entry, around),
        keyPairName,
        ...(bootFromVolume === undefined ? {} : { bootFromVolumeId: volume(bootFromVolume).volumeId }),
        ...(floatingIpTo === undefined ? {} : { floatingIpPortId: instance(floatingIpTo).portId }),
      },
      access.opts,
    );
  });
  const volume = once((name): DataVolume => {
    const { sizeGiB = 1, description = "", image, fromSnapshot, attachedTo } = volumes[name] ?? {};
    const imageId = image === undefined ? undefined : (shared.imageIds[image] ?? choices.images[image]?.id);
    if (image !== undefined && imageId === undefined)
      throw new Error(`volume ${name} was not checked before it is built`);
    return new DataVolume(
      `${prefix}-${name}`,
      {
        sizeGiB,
        description,
        volumeName: objectName(plan, name),
        ...(imageId === undefined ? {} : { imageId }),
        ...(fromSnapshot === undefined ? {} : { snapshotId: snapshot(fromSnapshot).snapshotId }),
        ...(attachedTo === undefined ? {} : { attachTo: instance(attachedTo).instanceId }),
        tags,
      },
      access.opts,
    );
  });
  const snapshot = once((name): VolumeSnapshot => {
    const { of = "", description = "" } = snapshots[name] ?? {};
    const { command: openstackCommand, environment } = access.client;
    return new VolumeSnapshot(
      `${prefix}-${name}`,
      { volumeId: volume(of).volumeId, description, openstackCommand, environment, tags },
      access.opts,
    );
  });
  return {
    instances: mapValues(instances, instance),
    volumes: mapValues(volumes, volume),
    snapshots: mapValues(snapshots, snapshot),
    keyPairName,
  };
}

function instanceArgs(
  name: string,
  entry: InstanceEntry,
  { lab, plan, choices, shared, networks, readiness }: StudentSurroundings,
): Omit<WebServerInstanceArgs, "keyPairName"> {
  const {
    network,
    moreNetworks,
    fixedIp,
    floatingIp,
    floatingIpTo,
    web,
    docker,
    packageMirror,
    userData,
    availabilityZone,
  } = entry;
  const imageName = bootImageOf(lab, entry) ?? "";
  const image = choices.images[imageName];
  const place = networks.places[network];
  const imageId = shared.imageIds[imageName] ?? image?.id;
  const flavorId = shared.flavorIds[entry.flavor] ?? choices.flavors[entry.flavor]?.id;
  if (image === undefined || place === undefined || imageId === undefined || flavorId === undefined)
    throw new Error(`instance ${name} was not checked before it is built`);
  const groups = entry.securityGroups ?? Object.keys(networks.securityGroupIds);
  const securityGroupIds = groups.flatMap((group) => networks.securityGroupIds[group] ?? []);
  const bootVolumeSize = bootVolumeSizeGiB(entry, image);
  const target = lab.student.instances[floatingIpTo ?? name] ?? entry;
  return {
    ...place,
    ...(fixedIp === undefined ? {} : { fixedIp }),
    securityGroupIds,
    additionalNetworks: Object.fromEntries(
      moreNetworks.flatMap((each) => {
        const other = networks.places[each];
        return other === undefined ? [] : [[each, { ...other, securityGroupIds }]];
      }),
    ),
    instanceName: objectName(plan, name),
    imageId,
    imageName: image.name,
    flavorId,
    ...loginUserOf(entry, image),
    ...(bootVolumeSize === undefined ? {} : { bootVolumeSizeGiB: bootVolumeSize }),
    ...(availabilityZone === undefined
      ? {}
      : { availabilityZone: shared.availabilityZones[availabilityZone] ?? availabilityZone }),
    ...(web === undefined ? {} : { web }),
    ...(docker === undefined ? {} : { docker: withoutUndefined(docker) }),
    ...(packageMirror === undefined ? {} : { packageMirror }),
    ...(userData === undefined ? {} : { userData }),
    studentName: plan.student.name,
    ...(floatingIp === undefined ? {} : floatingIpArgs(floatingIp, target.network, lab, { shared, networks })),
    ...(floatingIp === undefined
      ? {}
      : readinessOf({ ...target, port: web === undefined ? 22 : 80 }, lab, plan, readiness)),
    tags: plan.tags,
  };
}

/** The pool of a floating IP and the router interface by which it reaches a network. */
export function floatingIpArgs(
  provider: string,
  network: string,
  lab: Lab,
  { shared, networks }: Pick<StudentSurroundings, "shared" | "networks">,
): { floatingIpPool: pulumi.Input<string>; routerInterfaceId: pulumi.Input<string> } {
  const router = Object.entries(lab.student.routers).find(
    ([, { gateway, interfaces }]) => gateway === provider && interfaces.includes(network),
  )?.[0];
  const routerInterfaceId = networks.routers[router ?? ""]?.routerInterfaceIds[network];
  const pool = shared.providerNetworks[provider]?.networkName;
  if (routerInterfaceId === undefined || pool === undefined)
    throw new Error(`a floating IP on ${network} was not checked before it is built`);
  return { floatingIpPool: pool, routerInterfaceId };
}

function withoutUndefined<T extends object>({ registryMirror, ...rest }: T & { registryMirror?: string | undefined }) {
  return registryMirror === undefined ? rest : { ...rest, registryMirror };
}
