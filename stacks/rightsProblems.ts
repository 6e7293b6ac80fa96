import type { Lab } from "../lab/labSchema.ts";
import type { Problem } from "../lab/problem.ts";
import type { Rights } from "../openstack/rights.ts";
import type { Session } from "../openstack/session.ts";

/** What the lab needs an administrator for, when these credentials are none's. */
export function rightsProblems(lab: Lab, rights: Rights, { name, roles }: Session["user"]): Problem[] {
  const { providerNetworks, sharedNetworks, flavors, hostAggregates, projects, groups } = lab.class;
  const { project, networks } = lab.student;
  const entries = (room: string, names: readonly string[]) => names.map((each) => `${room}.${each}`);
  const made = (all: Record<string, { existing?: string | undefined }>) =>
    Object.keys(all).filter((each) => all[each]?.existing === undefined);
  const needs = [
    {
      may: rights.identity,
      what: "make projects, users and groups",
      instead: "; or let all students share your project, with tenancy: shared",
      paths: project === undefined ? [] : ["student.project"],
    },
    {
      may: rights.identity,
      what: "make projects, users and groups",
      instead: "",
      paths: [...entries("class.projects", Object.keys(projects)), ...entries("class.groups", Object.keys(groups))],
    },
    {
      may: rights.compute,
      what: "make flavors",
      instead: "; or use one of the cloud, with { existing: <flavor> }",
      paths: entries("class.flavors", made(flavors)),
    },
    {
      may: rights.compute,
      what: "make host aggregates",
      instead: "",
      paths: entries("class.hostAggregates", Object.keys(hostAggregates)),
    },
    {
      may: rights.network,
      what: "make provider networks",
      instead: "; or use one of the cloud, with { existing: <network> }",
      paths: entries("class.providerNetworks", made(providerNetworks)),
    },
    {
      may: rights.network,
      what: "choose how a network is carried, or share it with every project",
      instead: "",
      paths: [
        ...entries("class.sharedNetworks", Object.keys(sharedNetworks)),
        ...entries(
          "student.networks",
          Object.keys(networks).filter((each) => networks[each]?.type ?? networks[each]?.segmentationId),
        ),
      ],
    },
  ];
  const who = `user "${name}" (${roles.length === 0 ? "no roles" : `roles ${roles.join(", ")}`})`;
  return needs.flatMap(({ may, what, instead, paths }) =>
    may
      ? []
      : paths.map((path) => ({
          path,
          reason: `${who} may not ${what}; log in as an administrator${instead}`,
        })),
  );
}

/** The lab without what only an administrator could look up, so that the rest of it can still be compared. */
export function visiblePart(lab: Lab, { identity, compute }: Rights): Lab {
  const { project, ...student } = lab.student;
  return {
    ...lab,
    class: {
      ...lab.class,
      ...(identity ? {} : { projects: {} }),
      ...(compute ? {} : { hostAggregates: {} }),
    },
    student: identity && project !== undefined ? { ...student, project } : student,
  };
}
