import { z } from "zod";
import { projectShape } from "./projectShape.ts";
import { addressSchema, fixedCidr, nameSchema, networkTypeShape, subnetShape } from "./schemaTypes.ts";

const providerNetworkSchema = z.strictObject({
  existing: z
    .string()
    .optional()
    .describe("Use the cloud's network of this name or id. Everything else is then left out"),
  physicalNetwork: networkTypeShape.physicalNetwork,
  type: z.enum(["flat", "vlan"]).optional().describe("How it lies on the physical network. Default: flat"),
  segmentationId: networkTypeShape.segmentationId.describe(
    "With vlan: its id, 1 to 4094. Default: the cloud chooses a free one",
  ),
  cidr: fixedCidr.optional(),
  ...subnetShape,
  dhcp: z.boolean().default(false).describe("Whether instances right on it get addresses by DHCP. Default: false"),
  shared: z
    .boolean()
    .default(false)
    .describe("Whether instances of every project may be put right on it. Default: false"),
});

const { gateway: _none, ...closedSubnetShape } = subnetShape;

const sharedNetworkSchema = z.strictObject({
  cidr: fixedCidr,
  ...closedSubnetShape,
  dhcp: z.boolean().default(true).describe("Whether instances get their address by DHCP. Default: true"),
});

const flavorSchema = z.strictObject({
  existing: z
    .string()
    .optional()
    .describe("Use the cloud's flavor of this name or id. Everything else is then left out"),
  vcpus: z.int().min(1).optional().describe("Virtual CPUs"),
  ramMiB: z.int().min(1).optional().describe("Memory in MiB"),
  diskGiB: z.int().min(0).optional().describe("Root disk in GiB; 0 is as large as the image"),
  id: z.string().optional().describe('Id, where the notes name one, e.g. "6". Default: the cloud makes one'),
});

const imageSchema = z.strictObject({
  existing: z
    .string()
    .optional()
    .describe("Use the cloud's image of this name or id. Everything else is then left out"),
  file: z.string().optional().describe("Image file to upload, relative to this document"),
  format: z
    .enum(["qcow2", "raw", "vmdk", "vdi", "vhd", "iso"])
    .optional()
    .describe("Format of the file. Default: qcow2"),
  minDiskGiB: z.int().min(0).optional().describe("Smallest root disk it runs with, in GiB. Default: 0, no limit"),
  minRamMiB: z.int().min(0).optional().describe("Smallest memory it runs with, in MiB. Default: 0, no limit"),
  visibility: z
    .enum(["public", "private", "shared", "community"])
    .optional()
    .describe("Who may use it. Default: public"),
  properties: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      "For the hypervisor, e.g. { hw_disk_bus: virtio }, or the kernel_id of an image without a boot loader. Default: none",
    ),
  loginUser: z.string().optional().describe("User that logs in with the key pair. Default: by the image's name"),
});

const aggregateSchema = z.strictObject({
  hosts: z
    .union([z.literal("all"), z.array(z.string()).min(1)])
    .default("all")
    .describe("Compute hosts in it. Default: all of the cloud"),
  availabilityZone: nameSchema.optional().describe("Name under which users see it. Default: none, users do not see it"),
  metadata: z.record(z.string(), z.string()).default({}).describe("For the scheduler. Default: none"),
});

const groupSchema = z.strictObject({
  description: z.string().default("").describe("Default: none"),
  users: z.array(nameSchema).default([]).describe("Users that are made as its members. Default: none"),
});

const classProjectSchema = z.strictObject({
  ...projectShape,
  users: projectShape.users.default({}).describe("Users that are made, with generated passwords. Default: none"),
});

const packstackHostSchema = z.strictObject({
  providerNetwork: nameSchema.describe("The provider network whose bridge the host carries"),
  address: z.string().describe('The host\'s own address on the bridge, e.g. "10.5.117.100/8"'),
  interface: z.string().default("eth0").describe("The host's network interface. Default: eth0"),
  bridge: z.string().default("br-ex").describe("The bridge. Default: br-ex"),
  publicAddress: addressSchema
    .optional()
    .describe("Address under which students reach the consoles. Default: the host's own"),
});

/** What all share. */
export const classSchema = z.strictObject({
  providerNetworks: z
    .record(nameSchema, providerNetworkSchema)
    .default({})
    .describe("The ways out, and the pools of floating IPs, by name. Default: none"),
  sharedNetworks: z
    .record(nameSchema, sharedNetworkSchema)
    .default({})
    .describe("Closed networks that all projects share: no router, no way out. Default: none"),
  flavors: z.record(nameSchema, flavorSchema).default({}).describe("Flavors by name. Default: the cloud's own"),
  images: z.record(nameSchema, imageSchema).default({}).describe("Images by name. Default: the cloud's own"),
  hostAggregates: z
    .record(nameSchema, aggregateSchema)
    .default({})
    .describe("Groups of compute hosts, hidden from users; an availability zone is what users see. Default: none"),
  projects: z
    .record(nameSchema, classProjectSchema)
    .default({})
    .describe("Projects beside the students' own, by name. Default: none"),
  groups: z.record(nameSchema, groupSchema).default({}).describe("Groups of users. Default: none"),
  packstackHost: packstackHostSchema
    .optional()
    .describe("Prints the network files of a Packstack host for its operator. Default: none"),
});

export type ClassPart = z.output<typeof classSchema>;
export type ProviderNetwork = ClassPart["providerNetworks"][string];
export type FlavorEntry = ClassPart["flavors"][string];
export type ImageEntry = ClassPart["images"][string];
