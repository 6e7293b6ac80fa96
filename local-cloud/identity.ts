import { z } from "zod";
import type { AdminApi } from "./adminApi.ts";
import { apis, region } from "./apis.ts";
import { type Secrets, serviceUsers } from "./secrets.ts";

const Id = z.object({ id: z.string() });
const Named = Id.extend({ name: z.string() });

/** The catalogue, and a user for each service; makes what is missing. */
export async function makeIdentity(api: AdminApi, secrets: Secrets): Promise<void> {
  const project = await named(api, "project", "service", { domain_id: "default" });
  const roles = await Promise.all(["admin", "service"].map((role) => named(api, "role", role)));
  const users = await existing(api, "user");
  await Promise.all(
    serviceUsers.map(async (name) => {
      const id =
        users.get(name) ??
        (await create(api, "user", {
          name,
          password: secrets.services[name],
          domain_id: "default",
          default_project_id: project,
        }));
      for (const role of roles) await api.call("identity", "PUT", `/projects/${project}/users/${id}/roles/${role}`);
    }),
  );
  await makeCatalogue(api);
}

async function makeCatalogue(api: AdminApi): Promise<void> {
  const Endpoint = z.object({ service_id: z.string(), interface: z.string(), url: z.string() });
  const services = await existing(api, "service");
  const { endpoints } = z
    .object({ endpoints: z.array(Endpoint) })
    .parse(await api.call("identity", "GET", "/endpoints"));
  await Promise.all(
    apis.map(async ({ user, type, port, path }) => {
      const service = services.get(user) ?? (await create(api, "service", { name: user, type }));
      const url = `http://127.0.0.1:${port}${path}`;
      for (const kind of ["public", "internal", "admin"])
        if (!endpoints.some((endpoint) => endpoint.service_id === service && endpoint.interface === kind))
          await create(api, "endpoint", { service_id: service, interface: kind, region_id: region, url });
    }),
  );
}

async function named(api: AdminApi, kind: string, name: string, more: object = {}): Promise<string> {
  return (await existing(api, kind)).get(name) ?? (await create(api, kind, { name, ...more }));
}

/** Ids by name. */
async function existing(api: AdminApi, kind: string): Promise<Map<string, string>> {
  const answer = z.record(z.string(), z.unknown()).parse(await api.call("identity", "GET", `/${kind}s`));
  return new Map(
    z
      .array(Named)
      .parse(answer[`${kind}s`])
      .map(({ id, name }) => [name, id]),
  );
}

async function create(api: AdminApi, kind: string, properties: object): Promise<string> {
  const answer = await api.call("identity", "POST", `/${kind}s`, { [kind]: properties });
  return Id.parse(z.record(z.string(), z.unknown()).parse(answer)[kind]).id;
}
