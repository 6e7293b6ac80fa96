import { z } from "zod";
import type { AdminApi } from "./adminApi.ts";
import { apis, region } from "./apis.ts";
import type { OptionalService } from "./optionalService.ts";
import { optionalServices } from "./optionalServices.ts";
import type { Secrets } from "./secrets.ts";

const Id = z.object({ id: z.string() });
const Named = Id.extend({ name: z.string() });

/** The catalogue, and users for the services; makes what is missing, and takes out of the catalogue what is no longer offered. */
export async function makeIdentity(
  api: AdminApi,
  secrets: Secrets,
  services: readonly OptionalService[],
): Promise<void> {
  const project = await idOf(api, "project", "service", { domain_id: "default" });
  const roles = await Promise.all(["admin", "service"].map((role) => idOf(api, "role", role)));
  const users = await existing(api, "user");
  await Promise.all(
    [...apis.map(({ name }) => name), ...services.flatMap((service) => service.users ?? [])].map(async (name) => {
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
  await makeCatalogue(api, services);
}

async function makeCatalogue(api: AdminApi, chosen: readonly OptionalService[]): Promise<void> {
  const Endpoint = z.object({ service_id: z.string(), interface: z.string(), url: z.string() });
  const services = await existing(api, "service");
  const { endpoints } = z
    .object({ endpoints: z.array(Endpoint) })
    .parse(await api.call("identity", "GET", "/endpoints"));
  const wanted = [...apis, ...chosen.flatMap(({ catalogue = [] }) => catalogue)];
  const offered = new Set(wanted.map(({ name }) => name));
  for (const { name } of optionalServices.flatMap(({ catalogue = [] }) => catalogue)) {
    const service = services.get(name);
    // Its endpoints go with it.
    if (service !== undefined && !offered.has(name)) await api.call("identity", "DELETE", `/services/${service}`);
  }
  await Promise.all(
    wanted.map(async ({ name, type, port, path }) => {
      const service = services.get(name) ?? (await create(api, "service", { name, type }));
      const url = `http://127.0.0.1:${port}${path}`;
      for (const kind of ["public", "internal", "admin"])
        if (!endpoints.some((endpoint) => endpoint.service_id === service && endpoint.interface === kind))
          await create(api, "endpoint", { service_id: service, interface: kind, region_id: region, url });
    }),
  );
}

/**
 * Of what has that name; made with these properties when there is nothing.
 *
 * @param kind as in Keystone's paths, but one: "domain", "user", "role"
 */
export async function idOf(api: AdminApi, kind: string, name: string, more: object = {}): Promise<string> {
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
