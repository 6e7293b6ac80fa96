import { z } from "zod";
import { widened } from "./ipv4.ts";

/** Part of names and of host names: `idProblems` in identity.ts has the rule. */
export const idSchema = z.string();

/** A name as OpenStack shows it. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/,
    "must begin with a letter or digit and have at most 40 letters, digits, dots, dashes and underscores",
  )
  // A key of every object in JavaScript: `networks.constructor` would be there without having been written.
  .refine((name) => !(name in Object.prototype), "means something else already; use another name");

/** Addresses are checked together with the network they belong to: subnetRules.ts. */
export const addressSchema = z.string().describe('One IPv4 address, e.g. "192.168.100.7"');

/** 10.5.117.0/8 is taken for the network it lies in, 10.0.0.0/8; parseLab.ts says so. */
const cidrSchema = z.string().transform(widened).describe('The network, e.g. "192.168.100.0/24"');

/** What every subnet can say. */
export const subnetShape = {
  gateway: addressSchema.optional().describe("Address of the gateway. Default: the first one of the network"),
  pools: z
    .array(z.string())
    .optional()
    .describe('Ranges that addresses are given out from, e.g. ["10.0.0.210-10.0.0.220"]. Default: all but the gateway'),
  dns: z.array(addressSchema).default([]).describe("Name servers that DHCP offers. Default: none, the cloud chooses"),
  subnetName: nameSchema.optional().describe("Name of the subnet. Default: `<network>-subnet`"),
};

export const fixedCidr = cidrSchema;

/** One block for everyone, or one of their own for each student out of a larger one. */
export const studentCidr = z
  .union([
    cidrSchema,
    z.strictObject({
      of: z.string().describe('The large network, e.g. "10.20.0.0/16"'),
      each: z.int().min(8).max(28).describe("Prefix length of each student's part, e.g. 24"),
    }),
  ])
  .describe(
    'The network, e.g. "192.168.100.0/24" for every student, or { of: 10.20.0.0/16, each: 24 } for one of their own',
  );

export const networkTypeShape = {
  type: z
    .enum(["flat", "vlan", "vxlan", "gre"])
    .optional()
    .describe("How it is carried. For an administrator. Default: the cloud chooses (vxlan on most)"),
  physicalNetwork: z
    .string()
    .regex(/^[^\s:,]+$/, "must be a name without spaces, colons and commas")
    .optional()
    .describe("With flat or vlan: the name of the physical network in Neutron"),
  segmentationId: z
    .int()
    .min(1)
    .optional()
    .describe("VLAN id, VXLAN identifier or GRE key; not with flat. Default: the cloud chooses a free one"),
};

const count = (what: string) =>
  z.int().min(-1).optional().describe(`${what}; -1 is unlimited. Default: the cloud's own quota`);

export const quotasSchema = z.strictObject({
  instances: count("Instances"),
  cores: count("Virtual CPUs of all instances"),
  ramMiB: count("Memory of all instances in MiB"),
  keyPairs: count("Key pairs of each user"),
  networks: count("Networks"),
  subnets: count("Subnets"),
  routers: count("Routers"),
  ports: count("Ports, of instances, routers and DHCP"),
  floatingIps: count("Floating IPs"),
  securityGroups: count("Security groups, the `default` one included"),
  securityGroupRules: count("Rules of all security groups"),
  volumes: count("Volumes"),
  volumeGiB: count("Size of all volumes and snapshots in GiB"),
  snapshots: count("Snapshots of volumes"),
});
export type Quotas = z.output<typeof quotasSchema>;
