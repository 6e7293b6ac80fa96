import type { FakeAnswer, FakeRequest } from "./fakeOpenStack.ts";

type Answers = Record<string, (request: FakeRequest) => FakeAnswer>;

/** Answers that never change. */
export function fixedAnswers(bodies: Record<string, object>): Answers {
  return Object.fromEntries(Object.entries(bodies).map(([key, body]) => [key, () => ({ body })]));
}

/** Kim's; the teacher's own is `p`. */
export const KIM_PROJECT = "project-kim";

const OWN = "project_id=p&project_id=project-kim";

/** Listings of Neutron, by the path below `/v2.0/`: what they show of the course's projects, and of its tag where there are tags. */
export function networkAnswers(lists: Record<string, object[]>, projects = OWN): Answers {
  const kinds = ["networks", "subnets", "ports", "security-groups", "routers", "floatingips"];
  const answers: Answers = { "GET /network/v2.0/extensions": () => ({ body: { extensions: [{ alias: "router" }] } }) };
  for (const kind of [...kinds, "security-group-rules"]) {
    const key = kind.replaceAll("-", "_");
    answers[`GET /network/v2.0/${kind}?${projects}`] = () => ({ body: { [key]: lists[kind] ?? [] } });
    answers[`GET /network/v2.0/${kind}?tags=course%3Anet101`] = () => ({
      body: { [key]: lists[`${kind} tagged`] ?? [] },
    });
  }
  return answers;
}

/** A cloud in which the student Kim of the course net101 has a project, and nothing else is. */
export function courseAnswers(): Answers {
  const tags = ["course:net101", "student:kim", "managed-by:classroom"];
  return {
    ...fixedAnswers({
      "GET /identity/v3/projects?tags=course%3Anet101": { projects: [{ id: KIM_PROJECT, name: "net101-kim", tags }] },
      "GET /identity/v3/users?domain_id=default": {
        users: [
          { id: "user-kim", name: "net101-kim", default_project_id: KIM_PROJECT, enabled: true },
          { id: "user-other", name: "other", default_project_id: "project-other", enabled: true },
        ],
      },
      "GET /compute/os-keypairs": { keypairs: [] },
      "GET /compute/os-keypairs?user_id=user-kim": { keypairs: [{ keypair: { name: "key" } }] },
      "GET /compute/os-server-groups?all_projects=true": { server_groups: [] },
      "GET /image/v2/images?limit=500&visibility=all": { images: [] },
    }),
    ...networkAnswers({}),
    ...perProject("compute", "/servers/detail", "servers"),
    ...perProject("volume", "/volumes/detail", "volumes"),
    ...perProject("volume", "/snapshots/detail", "snapshots"),
    ...perProject("volume", "/backups/detail", "backups"),
  };
}

function perProject(service: string, path: string, key: string): Answers {
  return fixedAnswers(
    Object.fromEntries(
      [KIM_PROJECT, "p"].map((id) => [`GET /${service}${path}?all_tenants=1&project_id=${id}`, { [key]: [] }]),
    ),
  );
}
