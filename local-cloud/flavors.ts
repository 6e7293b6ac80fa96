import { z } from "zod";
import type { AdminApi } from "./adminApi.ts";

/** Name, virtual processors, memory in MiB, disk in GiB; for every project. */
const flavors: readonly (readonly [name: string, vcpus: number, ram: number, disk: number])[] = [
  ["m1.nano", 1, 128, 1],
  ["cirros256", 1, 256, 1],
  ["ds512M", 1, 512, 5],
  ["ds1G", 1, 1024, 10],
  ["ds2G", 2, 2048, 10],
  ["m1.tiny", 1, 512, 1],
  ["m1.small", 1, 2048, 20],
  ["m1.medium", 2, 4096, 40],
  ["m1.large", 4, 8192, 80],
  ["m1.xlarge", 8, 16384, 160],
];

/** Makes the missing ones; leaves the user's own alone. */
export async function makeFlavors(api: AdminApi): Promise<void> {
  const Answer = z.object({ flavors: z.array(z.object({ name: z.string() })) });
  const existing = Answer.parse(await api.call("compute", "GET", "/flavors?is_public=none")).flavors;
  for (const [name, vcpus, ram, disk] of flavors)
    if (!existing.some((flavor) => flavor.name === name))
      await api.call("compute", "POST", "/flavors", { flavor: { name, vcpus, ram, disk } });
}

/** The administrator's own project, where a lab without students' projects lives. Every other keeps OpenStack's defaults until told. */
export async function liftAdminQuotas(api: AdminApi): Promise<void> {
  const unlimited = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, -1]));
  await api.call("compute", "PUT", `/os-quota-sets/${api.projectId}`, {
    quota_set: unlimited(["instances", "cores", "ram", "key_pairs", "server_groups", "server_group_members"]),
  });
  await api.call("network", "PUT", `/v2.0/quotas/${api.projectId}`, {
    quota: unlimited([
      ...["network", "subnet", "subnetpool", "port", "router", "floatingip"],
      ...["security_group", "security_group_rule", "rbac_policy", "trunk"],
    ]),
  });
}
