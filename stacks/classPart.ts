import type * as pulumi from "@pulumi/pulumi";
import { ClosedNetwork } from "../components/closedNetwork.ts";
import { FlavorCatalog } from "../components/flavorCatalog.ts";
import { HostAggregate } from "../components/hostAggregate.ts";
import { ImageCatalog } from "../components/imageCatalog.ts";
import { ProviderNetwork } from "../components/providerNetwork.ts";
import { UserGroup } from "../components/userGroup.ts";
import { courseTags } from "../lab/identity.ts";
import { parsePools } from "../lab/ipv4.ts";
import type { Lab } from "../lab/labSchema.ts";
import type { CloudAddress } from "./cloudAddress.ts";
import type { LabChoices } from "./labChoices.ts";
import { makeProject } from "./makeProject.ts";
import { mapValues } from "./mapValues.ts";

/** What students' parts build on: made by the class part, or there before. */
export interface ClassResources {
  providerNetworks: Record<string, ProviderNetworkRef>;
  sharedNetworks: Record<string, NetworkRef>;
  imageIds: Record<string, pulumi.Input<string>>;
  flavorIds: Record<string, pulumi.Input<string>>;
  availabilityZones: Record<string, pulumi.Input<string>>;
}

export interface NetworkRef {
  networkId: pulumi.Input<string>;
  subnetId: pulumi.Input<string>;
}

export interface ProviderNetworkRef {
  networkId: pulumi.Input<string>;
  /** The pool that floating IPs come from. */
  networkName: pulumi.Input<string>;
  subnetId: pulumi.Input<string> | undefined;
}

export interface ClassSurroundings {
  cloud: CloudAddress;
  choices: LabChoices;
  /** Absolute path and SHA-256 of each image file, by image. */
  imageFiles: Record<string, { path: string; sha256: string }>;
  password: (purpose: readonly string[]) => pulumi.Input<string>;
  /** Login of the teacher. */
  opts: pulumi.ComponentResourceOptions;
}

/** What only an administrator can make and all share. Names in OpenStack are the lab's own. */
export function classPart({ class: part }: Lab, course: string, surroundings: ClassSurroundings): ClassResources {
  const { cloud, choices, imageFiles, password, opts } = surroundings;
  const tags = courseTags(course);
  const providerNetworks = mapValues(
    part.providerNetworks,
    (name, { existing, cidr, gateway, pools, dns, dhcp, type, ...rest }) => {
      const existingNetworkId = choices.networkIds[name];
      return new ProviderNetwork(
        `${course}-${name}`,
        existing !== undefined && existingNetworkId !== undefined
          ? { existingNetworkId }
          : {
              ...rest,
              networkName: name,
              subnetName: rest.subnetName ?? `${name}-subnet`,
              ...(type === undefined ? {} : { networkType: type }),
              ...(cidr === undefined ? {} : { cidr }),
              ...(gateway === undefined ? {} : { gatewayIp: gateway }),
              ...(pools === undefined ? {} : { allocationPools: parsePools(pools) }),
              dnsNameservers: dns,
              enableDhcp: dhcp,
              tags,
            },
        opts,
      );
    },
  );
  const sharedNetworks = mapValues(
    part.sharedNetworks,
    (name, { cidr, pools, dns, dhcp, subnetName }) =>
      new ClosedNetwork(
        `${course}-${name}`,
        {
          networkName: name,
          ...(subnetName === undefined ? {} : { subnetName }),
          cidr,
          ...(pools === undefined ? {} : { allocationPools: parsePools(pools) }),
          dnsNameservers: dns,
          enableDhcp: dhcp,
          shared: true,
          tags,
        },
        opts,
      ),
  );
  const zones = Object.entries(part.hostAggregates).flatMap(([name, { hosts, availabilityZone, metadata }]) => {
    const aggregate = new HostAggregate(
      `${course}-${name}`,
      {
        hosts: hosts === "all" ? [...choices.computeHosts] : hosts,
        metadata,
        ...(availabilityZone === undefined ? {} : { availabilityZone }),
      },
      opts,
    );
    return availabilityZone === undefined || aggregate.availabilityZone === undefined
      ? []
      : [[availabilityZone, aggregate.availabilityZone] as const];
  });
  for (const [name, { description, users }] of Object.entries(part.groups))
    new UserGroup(
      `${course}-${name}`,
      {
        groupName: name,
        description,
        members: Object.fromEntries(users.map((user) => [user, { password: password(["group user", name, user]) }])),
      },
      opts,
    );
  for (const [name, project] of Object.entries(part.projects))
    makeProject(
      `${course}-${name}`,
      { name, ...project },
      { cloud, roleIds: choices.roleIds, tags, password: (user) => password(["project user", name, user]), opts },
    );
  return {
    providerNetworks,
    sharedNetworks,
    imageIds: imageIds(part.images, course, imageFiles, tags, opts),
    flavorIds: flavorIds(part.flavors, course, opts),
    availabilityZones: Object.fromEntries(zones),
  };
}

function imageIds(
  images: Lab["class"]["images"],
  course: string,
  files: ClassSurroundings["imageFiles"],
  tags: string[],
  opts: pulumi.ComponentResourceOptions,
): ClassResources["imageIds"] {
  const made = Object.entries(images).flatMap(
    ([name, { format = "qcow2", visibility = "public", minDiskGiB, minRamMiB, properties }]) => {
      const file = files[name];
      if (file === undefined) return [];
      const more = {
        ...(minDiskGiB === undefined ? {} : { minDiskGiB }),
        ...(minRamMiB === undefined ? {} : { minRamMiB }),
        ...(properties === undefined ? {} : { properties }),
      };
      return [[name, { file: file.path, contentHash: file.sha256, diskFormat: format, visibility, ...more }] as const];
    },
  );
  return made.length === 0
    ? {}
    : new ImageCatalog(`${course}-images`, { images: Object.fromEntries(made), tags }, opts).imageIds;
}

function flavorIds(
  flavors: Lab["class"]["flavors"],
  course: string,
  opts: pulumi.ComponentResourceOptions,
): ClassResources["flavorIds"] {
  const made = Object.entries(flavors).flatMap(([name, { vcpus, ramMiB, diskGiB, id }]) =>
    vcpus === undefined || ramMiB === undefined || diskGiB === undefined
      ? []
      : [[name, { vcpus, ramMiB, diskGiB, ...(id === undefined ? {} : { flavorId: id }) }] as const],
  );
  return made.length === 0
    ? {}
    : new FlavorCatalog(`${course}-flavors`, { flavors: Object.fromEntries(made) }, opts).flavorIds;
}
