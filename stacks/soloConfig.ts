import { z } from "zod";
import { securityGroupProblems } from "../components/instanceSecurityGroup.ts";
import { InvalidArgsError } from "../components/invalidArgsError.ts";
import { providerNetworkProblems } from "../components/providerNetwork.ts";
import { selfServiceNetworkProblems } from "../components/selfServiceNetwork.ts";
import { didYouMean } from "../lab/didYouMean.ts";
import { idProblems } from "../lab/identity.ts";
import { overlap, parseIpv4Block } from "../lab/ipv4.ts";
import { under, type Problem } from "../lab/problem.ts";

const pool = z.strictObject({ start: z.string(), end: z.string() });
const port = z.number();

const providerNetworkSchema = z.strictObject({
  existing: z.string().optional(),
  name: z.string().optional(),
  physicalNetwork: z.string().optional(),
  networkType: z.enum(["flat", "vlan"]).optional(),
  segmentationId: z.number().optional(),
  cidr: z.string().optional(),
  gatewayIp: z.string().optional(),
  allocationPools: z.array(pool).optional(),
  dnsNameservers: z.array(z.string()).optional(),
  enableDhcp: z.boolean().optional(),
  shared: z.boolean().optional(),
});

const selfServiceNetworkSchema = z.strictObject({
  cidr: z.string(),
  gatewayIp: z.string().optional(),
  allocationPools: z.array(pool).optional(),
  dnsNameservers: z.array(z.string()).optional(),
  enableDhcp: z.boolean().optional(),
});

const ingressSchema = z.strictObject({
  protocol: z.enum(["tcp", "udp", "icmp"]),
  port: port.optional(),
  lastPort: port.optional(),
  remoteIpPrefix: z.string(),
});

const dockerSchema = z.strictObject({
  image: z.string(),
  documentRoot: z.string().default("/usr/local/apache2/htdocs"),
  registryMirror: z.url().optional(),
  insecureRegistries: z.array(z.string()).default([]),
});

const instanceSchema = z.strictObject({
  image: z.string(),
  flavor: z.string(),
  network: z.string(),
  fixedIp: z.string().optional(),
  floatingIp: z.boolean().default(false),
  floatingIpTo: z.string().optional(),
  web: z.enum(["apache", "docker"]).optional(),
  docker: dockerSchema.optional(),
  userData: z.string().optional(),
  loginUser: z.string().optional(),
  bootVolumeSizeGiB: z.number().optional(),
});

const soloSchema = z.strictObject({
  course: z.string(),
  student: z.strictObject({ id: z.string(), name: z.string().optional() }),
  providerNetwork: providerNetworkSchema,
  selfServiceNetworks: z.record(z.string(), selfServiceNetworkSchema),
  ingress: z.record(z.string(), ingressSchema),
  allowWorldSsh: z.boolean().default(false),
  sshKeyFile: z.string(),
  instances: z.record(z.string(), instanceSchema),
  waitUntilReady: z.boolean().default(true),
  readinessTimeoutSeconds: z.number().default(600),
  reachCommand: z.string().default(""),
});

/** What a stack with one student is made of, as the stack's configuration says it. The keys are described in Pulumi.yaml. */
export type SoloConfig = z.infer<typeof soloSchema>;
export type InstanceConfig = SoloConfig["instances"][string];

/** Every key, as declared in Pulumi.yaml. */
export const SOLO_CONFIG_KEYS = Object.keys(soloSchema.shape);

/**
 * @param raw the configuration values by key, undefined where not set
 * @throws {InvalidArgsError} naming everything that is wrong, before anything is registered or the cloud is asked.
 */
export function parseSoloConfig(raw: Record<string, unknown>): SoloConfig {
  const parsed = soloSchema.safeParse(raw);
  if (!parsed.success)
    throw new InvalidArgsError("The stack's configuration", parsed.error.issues.flatMap(issueProblems));
  const problems = ruleProblems(parsed.data);
  if (problems.length > 0) throw new InvalidArgsError("The stack's configuration", problems);
  return parsed.data;
}

function issueProblems(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: path === "" ? key : `${path}.${key}`,
      reason: `is not a key here${didYouMean(key, knownKeys(issue.path))}`,
    }));
  if (issue.code === "invalid_type" && issue.input === undefined)
    return [{ path, reason: `is missing; it must be ${articled(issue.expected)}` }];
  return [{ path, reason: issue.message }];
}

function articled(type: string): string {
  if (type === "record" || type === "object") return "a mapping";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** The keys that are allowed at a place, for a suggestion. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const [room, , inner] = path;
  const shapes: Record<string, string[]> = {
    providerNetwork: Object.keys(providerNetworkSchema.shape),
    selfServiceNetworks: Object.keys(selfServiceNetworkSchema.shape),
    ingress: Object.keys(ingressSchema.shape),
    instances: Object.keys(inner === "docker" ? dockerSchema.shape : instanceSchema.shape),
    student: ["id", "name"],
  };
  return room === undefined ? SOLO_CONFIG_KEYS : (shapes[String(room)] ?? []);
}

function ruleProblems(config: SoloConfig): Problem[] {
  return [
    ...idProblems("course", config.course),
    ...idProblems("student.id", config.student.id),
    ...["selfServiceNetworks", "instances"].flatMap((room) =>
      Object.keys(room === "instances" ? config.instances : config.selfServiceNetworks).flatMap((name) =>
        idProblems(`${room}.${name}`, name),
      ),
    ),
    ...under("providerNetwork", networkProblems(config.providerNetwork)),
    ...Object.entries(config.selfServiceNetworks).flatMap(([name, network]) =>
      under(`selfServiceNetworks.${name}`, selfServiceNetworkProblems(network)),
    ),
    ...securityGroupProblems(config),
    ...overlapProblems(config),
    ...Object.entries(config.instances).flatMap(([name, instance]) => instanceProblems(config, name, instance)),
    ...(config.readinessTimeoutSeconds >= 1 ? [] : [{ path: "readinessTimeoutSeconds", reason: "must be 1 or more" }]),
  ];
}

function networkProblems({ existing, name, ...made }: SoloConfig["providerNetwork"]): Problem[] {
  return existing === undefined
    ? providerNetworkProblems(made)
    : providerNetworkProblems({ existingNetworkId: existing, ...made });
}

function overlapProblems({ providerNetwork, selfServiceNetworks }: SoloConfig): Problem[] {
  const blocks = [
    ["providerNetwork.cidr", providerNetwork.cidr ?? ""] as const,
    ...Object.entries(selfServiceNetworks).map(
      ([name, { cidr }]) => [`selfServiceNetworks.${name}.cidr`, cidr] as const,
    ),
  ].flatMap(([path, cidr]) => {
    const block = parseIpv4Block(cidr);
    return block === undefined ? [] : [{ path, cidr, block }];
  });
  return blocks.flatMap((one, index) =>
    blocks
      .slice(0, index)
      .filter((other) => overlap(one.block, other.block))
      .map((other) => ({
        path: one.path,
        reason: `${one.cidr} overlaps ${other.cidr} of ${other.path}; a router could not tell them apart`,
      })),
  );
}

function instanceProblems(config: SoloConfig, name: string, instance: InstanceConfig): Problem[] {
  const path = `instances.${name}`;
  const problems: Problem[] = [];
  const networks = Object.keys(config.selfServiceNetworks);
  if (!networks.includes(instance.network))
    problems.push({
      path: `${path}.network`,
      reason: `"${instance.network}" is not a self-service network of this stack (${networks.join(", ") || "there is none"})${didYouMean(instance.network, networks)}`,
    });
  const borrower = instance.floatingIpTo === undefined ? undefined : config.instances[instance.floatingIpTo];
  if (instance.floatingIpTo !== undefined && borrower === undefined)
    problems.push({
      path: `${path}.floatingIpTo`,
      reason: `"${instance.floatingIpTo}" is not an instance of this stack${didYouMean(instance.floatingIpTo, Object.keys(config.instances))}`,
    });
  if (instance.floatingIpTo !== undefined && !instance.floatingIp)
    problems.push({ path: `${path}.floatingIpTo`, reason: "there is no floating IP to lend; set floatingIp to true" });
  if (borrower?.floatingIp === true)
    problems.push({
      path: `${path}.floatingIpTo`,
      reason: "the other instance has its own floating IP; a port can have only one",
    });
  if (instance.docker !== undefined && instance.web !== "docker")
    problems.push({ path: `${path}.docker`, reason: 'is used only with web: "docker"; set that, or leave it out' });
  return problems;
}
