import { z } from "zod";
import type { Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

/** One limit of a project. */
export interface Quota {
  /** -1 is unlimited. */
  limit: number;
  /** In use, with what is being made at the moment. */
  used: number;
}

/** Limits of a project; memory in MiB, volumes in GiB. A limit is missing where its service is, or may not be asked. */
export interface Quotas extends Partial<Record<CountedQuota, Quota>> {
  /** Largest size of one volume; nothing is used up of it. */
  largestVolumeGiB?: Quota;
}

const COUNTED = {
  compute: { instances: "instances", cores: "cores", ramMiB: "ram", keyPairs: "key_pairs" },
  network: {
    networks: "network",
    subnets: "subnet",
    routers: "router",
    ports: "port",
    floatingIps: "floatingip",
    securityGroups: "security_group",
    securityGroupRules: "security_group_rule",
    firewallGroups: "firewall_group",
    firewallPolicies: "firewall_policy",
    firewallRules: "firewall_rule",
  },
  volume: {
    volumes: "volumes",
    volumeGiB: "gigabytes",
    snapshots: "snapshots",
    largestVolumeGiB: "per_volume_gigabytes",
  },
} as const;
type Names<S extends keyof typeof COUNTED> = keyof (typeof COUNTED)[S];
export type CountedQuota = Exclude<Names<"compute"> | Names<"network"> | Names<"volume">, "largestVolumeGiB">;

/** Nova and Cinder say `in_use`, Neutron says `used`; a default is the bare limit. */
const quotaSchema = z
  .union([
    z.number().transform((limit) => ({ limit, used: 0, in_use: 0, reserved: 0 })),
    z.object({
      limit: z.number(),
      used: z.number().default(0),
      in_use: z.number().default(0),
      reserved: z.number().default(0),
    }),
  ])
  .transform(({ limit, used, in_use, reserved }): Quota => ({ limit, used: used + in_use + reserved }));
const tableSchema = z.record(z.string(), z.unknown());
const answerSchema = z
  .union([z.object({ quota_set: tableSchema }), z.object({ quota: tableSchema })])
  .transform((answer) => ("quota_set" in answer ? answer.quota_set : answer.quota));

/**
 * Limits of the project that is logged in to, and how much of each is in use. Key pairs are the user's own: Nova counts them by user.
 * https://docs.openstack.org/api-ref/compute/#show-the-detail-of-quota
 */
export async function readProjectQuotas(session: Session): Promise<Quotas> {
  const [quotas, keyPairs] = await Promise.all([
    readQuotasOf(session, session.scope.projectId),
    session.request("compute", "GET", "/os-keypairs", z.object({ keypairs: z.array(z.unknown()) })),
  ]);
  return quotas.keyPairs === undefined
    ? quotas
    : { ...quotas, keyPairs: { ...quotas.keyPairs, used: keyPairs.keypairs.length } };
}

/** The same of any project, without key pairs; what only an administrator may know is left out for others. */
export function readQuotasOf(session: Session, projectId: string): Promise<Quotas> {
  return readQuotas(session, {
    compute: `/os-quota-sets/${projectId}/detail`,
    network: `/v2.0/quotas/${projectId}/details`,
    volume: `/os-quota-sets/${projectId}?usage=true`,
  });
}

/** Limits that a project has when it is new, with nothing in use. */
export async function readDefaultQuotas(session: Session): Promise<Quotas> {
  const { projectId } = session.scope;
  return readQuotas(session, {
    compute: `/os-quota-sets/${projectId}/defaults`,
    network: `/v2.0/quotas/${projectId}/default`,
    volume: `/os-quota-sets/${projectId}/defaults`,
  });
}

async function readQuotas(session: Session, paths: Record<keyof typeof COUNTED, string>): Promise<Quotas> {
  const read = async (service: keyof typeof COUNTED): Promise<Quotas> => {
    if (!session.hasService(service)) return {};
    const table = await ifVisible(session.request(service, "GET", paths[service], answerSchema));
    return table === undefined ? {} : named(COUNTED[service], table);
  };
  const [compute, network, volume] = await Promise.all([read("compute"), read("network"), read("volume")]);
  return { ...compute, ...network, ...volume };
}

/** The limits that we count by, under our names. */
function named(names: Readonly<Record<string, string>>, table: Record<string, unknown>): Record<string, Quota> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([ours, theirs]) => {
      const quota = quotaSchema.safeParse(table[theirs]);
      return quota.success ? [[ours, quota.data]] : [];
    }),
  );
}
