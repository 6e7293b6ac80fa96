import { z } from "zod";
import { addressSchema, nameSchema } from "./schemaTypes.ts";

export const volumeSchema = z.strictObject({
  sizeGiB: z.int().min(1).describe("Size in GiB"),
  attachedTo: nameSchema.optional().describe("The instance it is attached to. Default: none"),
  image: z.string().optional().describe("Image that it is made from, to boot from it. Default: empty"),
  fromSnapshot: nameSchema.optional().describe("Snapshot of the lab that it is restored from. Default: empty"),
  description: z.string().default("").describe("Default: none"),
});

export const snapshotSchema = z.strictObject({
  of: nameSchema.describe("The volume"),
  description: z.string().default("").describe("Default: none"),
});

export const containerSchema = z.strictObject({
  public: z
    .boolean()
    .default(false)
    .describe("Whether everybody may read its objects without logging in. Default: false"),
  objects: z
    .record(
      z.string(),
      z.strictObject({
        text: z.string().optional().describe("What it holds"),
        file: z.string().optional().describe("File that is uploaded, relative to this document"),
        contentType: z.string().optional().describe("Default: Swift guesses by the name"),
      }),
    )
    .default({})
    .describe("What is put into it, by name. Default: nothing"),
});

export const loadBalancerSchema = z.strictObject({
  network: nameSchema.describe("The network of its virtual IP and of its members"),
  address: addressSchema.optional().describe("Its virtual IP. Default: the cloud chooses, and it stays"),
  listen: z
    .strictObject({
      protocol: z.enum(["HTTP", "TCP"]).default("HTTP").describe("Default: HTTP"),
      port: z.int().min(1).max(65_535).default(80).describe("Default: 80"),
    })
    .prefault({})
    .describe("Default: HTTP on port 80"),
  algorithm: z
    .enum(["ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"])
    .default("ROUND_ROBIN")
    .describe("Who gets the next request. Default: ROUND_ROBIN"),
  members: z.array(nameSchema).min(1).describe("The instances behind it"),
  memberPort: z.int().min(1).max(65_535).default(80).describe("The port they serve. Default: 80"),
  checkEverySeconds: z.int().min(1).default(5).describe("How often each member is asked whether it lives. Default: 5"),
  madeOf: z
    .enum(["octavia", "instance"])
    .default("octavia")
    .describe(
      "Octavia, or an instance with HAProxy where the cloud has no Octavia that carries traffic. Default: octavia",
    ),
  image: z.string().optional().describe("Of the instance with HAProxy: a Debian or Ubuntu image"),
  flavor: z.string().optional().describe("Of the instance with HAProxy"),
  floatingIp: nameSchema.optional().describe("Provider network to take a floating IP from. Default: none"),
  securityGroups: z.array(nameSchema).optional().describe("Default: every security group of the lab"),
});

export const vpnSchema = z.strictObject({
  between: z.tuple([nameSchema, nameSchema]).describe("The two routers. The networks they join are joined"),
});

const firewallRuleSchema = z.strictObject({
  action: z.enum(["allow", "deny", "reject"]).describe("What happens to what matches"),
  protocol: z.enum(["tcp", "udp", "icmp", "any"]).default("any").describe("Default: any"),
  port: z
    .union([z.int().min(1).max(65_535), z.string()])
    .optional()
    .describe('Port or range at the destination, e.g. 80 or "8000-8010". Default: every one'),
  from: z.string().optional().describe("Address or network it comes from. Default: anywhere"),
  to: z.string().optional().describe("Address or network it goes to. Default: anywhere"),
});

export const firewallSchema = z.strictObject({
  router: nameSchema.describe("The router it stands in, on every network that the router joins"),
  ingress: z
    .array(firewallRuleSchema)
    .default([])
    .describe(
      "Into the networks: the first rule that matches decides, what none matches is dropped. Default: nothing goes",
    ),
  egress: z
    .array(firewallRuleSchema)
    .default([])
    .describe("Out of the networks, in the same way. Default: nothing goes"),
});

export type LoadBalancerEntry = z.output<typeof loadBalancerSchema>;
export type FirewallRuleEntry = z.output<typeof firewallRuleSchema>;
