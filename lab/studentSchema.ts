import { z } from "zod";
import { projectShape } from "./projectShape.ts";
import { addressSchema, nameSchema, networkTypeShape, studentCidr, subnetShape } from "./schemaTypes.ts";
import {
  containerSchema,
  firewallSchema,
  loadBalancerSchema,
  snapshotSchema,
  volumeSchema,
  vpnSchema,
} from "./serviceSchemas.ts";
import { securityGroupSchema } from "./securityRules.ts";

const projectSchema = z.strictObject({
  name: nameSchema
    .optional()
    .describe("Name of the project. Default: `<course>-<student>`. In a class the student's id is added"),
  ...projectShape,
  users: projectShape.users
    .optional()
    .describe(
      "Users that are made, with generated passwords; what is the student's own is made by the first one. Default: one named like the project",
    ),
});

const networkSchema = z.strictObject({
  cidr: studentCidr,
  ...subnetShape,
  dhcp: z.boolean().default(true).describe("Whether instances get their address by DHCP. Default: true"),
  closed: z.boolean().default(false).describe("No gateway and no router: no way out. Default: false"),
  hostRoutes: z
    .array(z.strictObject({ to: z.string().describe('e.g. "10.9.0.0/16"'), via: addressSchema }))
    .default([])
    .describe("Routes that DHCP gives to instances. Default: none"),
  ...networkTypeShape,
});

const routerSchema = z.strictObject({
  gateway: nameSchema.describe("The provider network that leads out"),
  interfaces: z.array(nameSchema).min(1).describe("The networks it joins; its address there is their gateway"),
});

const dockerSchema = z.strictObject({
  image: z.string().default("httpd:2.4").describe("Container image. Default: httpd:2.4, Docker's official Apache"),
  documentRoot: z
    .string()
    .default("/usr/local/apache2/htdocs")
    .describe("Where it serves from. Default: /usr/local/apache2/htdocs"),
  registryMirror: z
    .url()
    .optional()
    .describe("Mirror of Docker Hub, which limits a whole class behind one address. Default: none"),
  insecureRegistries: z.array(z.string()).default([]).describe("Registries without TLS. Default: none"),
});

const instanceSchema = z.strictObject({
  image: z.string().optional().describe("Image; not needed with bootFromVolume"),
  flavor: z.string().describe("Flavor"),
  network: nameSchema.describe("The network of its first port"),
  moreNetworks: z.array(nameSchema).default([]).describe("Networks of further ports. Default: none"),
  fixedIp: addressSchema
    .optional()
    .describe("Its address on the first network. Default: the cloud chooses, and it stays"),
  securityGroups: z.array(nameSchema).optional().describe("Default: every security group of the lab"),
  floatingIp: nameSchema.optional().describe("Provider network to take a floating IP from. Default: none"),
  floatingIpTo: nameSchema.optional().describe("Instance that the floating IP leads to for a while. Default: this one"),
  web: z.enum(["apache", "docker"]).optional().describe("Web server that is installed at first boot. Default: none"),
  docker: dockerSchema.optional().describe("The container, with `web: docker`"),
  packageMirror: z
    .url()
    .optional()
    .describe("Mirror to install from, for releases whose own are gone. Default: the image's"),
  userData: z.string().optional().describe("Your own user data instead of a web server. Default: none"),
  loginUser: z.string().optional().describe("User that logs in with the key pair. Default: by the image's name"),
  bootVolume: z
    .strictObject({ sizeGiB: z.int().min(1).optional().describe("Default: the image's own minimum") })
    .optional()
    .describe("Boot from a volume made from the image, deleted with the instance. Default: from the flavor's disk"),
  bootFromVolume: nameSchema
    .optional()
    .describe("Boot from this volume of the lab, which outlives the instance. Default: none"),
  availabilityZone: z.string().optional().describe("Default: the cloud chooses"),
});

/** What each student gets. */
export const studentSchema = z.strictObject({
  project: projectSchema.optional().describe("A project of their own. Default: all students share yours"),
  networks: z.record(nameSchema, networkSchema).default({}).describe("Self-service networks by name. Default: none"),
  routers: z.record(nameSchema, routerSchema).default({}).describe("Routers by name. Default: none"),
  securityGroups: z
    .record(nameSchema, securityGroupSchema)
    .default({})
    .describe("What is let in, by name; everything else is kept out. Default: none, nothing comes in"),
  keyPair: nameSchema.optional().describe("Name of the key pair. Default: `<course>-<student>-key`"),
  instances: z.record(nameSchema, instanceSchema).default({}).describe("Instances by name. Default: none"),
  volumes: z
    .record(nameSchema, volumeSchema)
    .default({})
    .describe("Volumes by name; they outlive instances. Default: none"),
  snapshots: z.record(nameSchema, snapshotSchema).default({}).describe("Snapshots of volumes by name. Default: none"),
  containers: z.record(nameSchema, containerSchema).default({}).describe("Object containers by name. Default: none"),
  loadBalancers: z.record(nameSchema, loadBalancerSchema).default({}).describe("Load balancers by name. Default: none"),
  vpns: z.record(nameSchema, vpnSchema).default({}).describe("Site-to-site VPNs by name. Default: none"),
  firewalls: z.record(nameSchema, firewallSchema).default({}).describe("Firewalls of routers by name. Default: none"),
});

export type StudentPart = z.output<typeof studentSchema>;
export type StudentNetwork = StudentPart["networks"][string];
export type InstanceEntry = StudentPart["instances"][string];
