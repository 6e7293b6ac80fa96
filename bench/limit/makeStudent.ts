import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { OUTSIDE, STUDENT, studentName } from "../student.ts";
import type { Cloud, Login } from "./cloud.ts";
import type { MadeStudent } from "./state.ts";

const POLL_MILLISECONDS = 1000;

/** What the cloud has already, by id. */
export interface Shared {
  roleId: string;
  imageId: string;
  flavorId: string;
  outsideId: string;
}

const identified = z.object({ id: z.string() });
const wrapped = (key: string) => z.record(z.literal(key), identified).transform((answer) => answer[key]?.id ?? "");
const named = z.object({ id: z.string(), name: z.string() });

/** Four calls, whatever the number of students. */
export async function readShared(cloud: Cloud): Promise<Shared> {
  const admin = cloud.administrator(0);
  const [{ roles }, { images }, { flavors }, { networks }] = await Promise.all([
    admin.get("identity", `/v3/roles?name=${STUDENT.role}`, z.object({ roles: z.array(named) })),
    admin.get("image", `/v2/images?name=${STUDENT.image}`, z.object({ images: z.array(named) })),
    admin.get("compute", "/flavors", z.object({ flavors: z.array(named) })),
    admin.get(
      "network",
      `/v2.0/networks?name=${OUTSIDE.name}&fields=id&fields=name`,
      z.object({ networks: z.array(named) }),
    ),
  ]);
  const only = (what: string, list: z.infer<typeof named>[], name: string) => {
    const found = list.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the cloud has no ${what} ${name}`);
    return found.id;
  };
  return {
    roleId: only("role", roles, STUDENT.role),
    imageId: only("image", images, STUDENT.image),
    flavorId: only("flavor", flavors, STUDENT.flavor),
    outsideId: only("network", networks, OUTSIDE.name),
  };
}

/**
 * Makes one student with as few calls as the APIs allow, and each as soon as what it needs is there.
 *
 * @param made gets the ids as they come, so that a failed student can be destroyed
 */
export async function makeStudent(
  cloud: Cloud,
  shared: Shared,
  index: number,
  made: Partial<MadeStudent>,
): Promise<void> {
  const name = studentName("limit", index);
  const admin = cloud.administrator(index);
  const password = randomBytes(16).toString("base64url");
  const project_id = await admin.post(
    "identity",
    "/v3/projects",
    { project: { name, domain_id: cloud.domainId } },
    wrapped("project"),
  );
  made.projectId = project_id;
  const student = logIn(cloud, shared, index, { name, password, project_id }, made);
  const neutron = (path: string, key: string, body: object) =>
    admin.post("network", `/v2.0/${path}`, { [key]: { project_id, ...body } }, wrapped(key));
  const keep = async (key: keyof MadeStudent, id: Promise<string>) => (made[key] = await id);

  const network = keep("networkId", neutron("networks", "network", { name: "lan" }));
  const subnet = network.then((network_id) =>
    neutron("subnets", "subnet", {
      ...{ name: "lan", network_id, ip_version: 4, cidr: STUDENT.cidr, dns_nameservers: STUDENT.dns },
    }),
  );
  const router = keep(
    "routerId",
    neutron("routers", "router", { name: "router", external_gateway_info: { network_id: shared.outsideId } }),
  );
  const joined = Promise.all([router, keep("subnetId", subnet)]).then(([id, subnet_id]) =>
    admin.put("network", `/v2.0/routers/${id}/add_router_interface`, { subnet_id }),
  );
  const group = keep("groupId", neutron("security-groups", "security_group", { name: "web" }));
  const rules = group.then((id) =>
    admin.post("network", "/v2.0/security-group-rules", ruleList(id, project_id), z.unknown()),
  );
  const port = Promise.all([network, subnet, group]).then(([network_id, subnet_id, security_group]) =>
    neutron("ports", "port", {
      ...{ name: "web1", network_id, security_groups: [security_group] },
      fixed_ips: [{ subnet_id, ip_address: STUDENT.fixedIp }],
    }),
  );
  const portId = keep("portId", port);
  const floatingIp = Promise.all([portId, joined]).then(([port_id]) =>
    neutron("floatingips", "floatingip", { floating_network_id: shared.outsideId, port_id }),
  );
  const server = Promise.all([student, portId]).then(([login, id]) => makeServer(login, shared, id, made));
  await allOf([...[setQuotas(admin, project_id), rules, keep("floatingIpId", floatingIp), server]]);
}

/** Fails only when nothing is under way any more. */
async function allOf(works: readonly Promise<unknown>[]): Promise<void> {
  for (const end of await Promise.allSettled(works)) if (end.status === "rejected") throw end.reason;
}

async function logIn(
  cloud: Cloud,
  { roleId }: Shared,
  index: number,
  { name, password, project_id }: { name: string; password: string; project_id: string },
  made: Partial<MadeStudent>,
): Promise<Login> {
  const admin = cloud.administrator(index);
  const user = { name, password, domain_id: cloud.domainId, default_project_id: project_id };
  const userId = await admin.post("identity", "/v3/users", { user }, wrapped("user"));
  made.userId = userId;
  await admin.put("identity", `/v3/projects/${project_id}/users/${userId}/roles/${roleId}`);
  return cloud.student(index, name, password, project_id);
}

async function setQuotas(admin: Login, projectId: string): Promise<void> {
  const { instances, cores, ramMiB } = STUDENT.computeQuota;
  const { networks, subnets, routers, ports, floatingIps, securityGroups, securityGroupRules } = STUDENT.networkQuota;
  const quota = {
    ...{ network: networks, subnet: subnets, router: routers, port: ports, floatingip: floatingIps },
    ...{ security_group: securityGroups, security_group_rule: securityGroupRules },
  };
  await Promise.all([
    admin.put("compute", `/os-quota-sets/${projectId}`, { quota_set: { instances, cores, ram: ramMiB } }),
    admin.put("network", `/v2.0/quotas/${projectId}`, { quota }),
  ]);
}

/** All rules go in one call. */
function ruleList(security_group_id: string, project_id: string): object {
  return {
    security_group_rules: STUDENT.rules.map((rule) => ({
      ...{ security_group_id, project_id, direction: "ingress", ethertype: "IPv4", protocol: rule.protocol },
      ...{ remote_ip_prefix: "0.0.0.0/0" },
      ...("port" in rule ? { port_range_min: rule.port, port_range_max: rule.port } : {}),
    })),
  };
}

async function makeServer(student: Login, shared: Shared, port: string, made: Partial<MadeStudent>): Promise<void> {
  const keypair = { name: "key", public_key: STUDENT.publicKey };
  await student.post("compute", "/os-keypairs", { keypair }, z.unknown());
  const { imageId: imageRef, flavorId: flavorRef } = shared;
  const server = { name: "web1", imageRef, flavorRef, key_name: "key", networks: [{ port }] };
  const id = await student.post("compute", "/servers", { server }, wrapped("server"));
  made.serverId = id;
  const schema = z.object({ server: z.object({ status: z.string() }) });
  for (;;) {
    await sleep(POLL_MILLISECONDS);
    const { status } = (await student.get("compute", `/servers/${id}`, schema)).server;
    if (status === "ACTIVE") return;
    if (status !== "BUILD") throw new Error(`the server ${id} is ${status}`);
  }
}
