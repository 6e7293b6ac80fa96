import { z } from "zod";
import type { Service, Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

/** What these credentials may do. */
export interface Rights {
  /** Make projects and users, and give them roles. */
  identity: boolean;
  /** Make flavors and host aggregates. */
  compute: boolean;
  /** Make provider networks and networks for all projects. */
  network: boolean;
}

/**
 * What needs an administrator is not tried but asked: each call only reads, and needs the same right as what it stands for. By a name
 * that nobody has, so that the answer is short on a large cloud too.
 */
const PROBES = {
  identity: ["/v3/projects?name=-", "/v3/users?name=-", "/v3/roles?name=-"],
  compute: ["/os-aggregates"],
  // Neutron forbids nobody to list, it shows them nothing; quotas of other projects it forbids.
  network: ["/v2.0/quotas/-"],
} satisfies Partial<Record<Service, string[]>>;

/** Changes nothing. */
export async function readRights(session: Session): Promise<Rights> {
  const may = async (service: keyof typeof PROBES): Promise<boolean> => {
    const answers = await Promise.all(
      PROBES[service].map((path) => ifVisible(session.request(service, "GET", path, z.object({})))),
    );
    return answers.every((answer) => answer !== undefined);
  };
  const [identity, compute, network] = await Promise.all([may("identity"), may("compute"), may("network")]);
  return { identity, compute, network };
}
