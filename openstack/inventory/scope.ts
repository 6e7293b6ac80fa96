import { ApiError } from "../apiError.ts";
import type { Session } from "../session.ts";

/** Where a course's things can be. */
export interface Scope {
  session: Session;
  course: string;
  /** Projects of the course and the one that is logged in to, each once. */
  projectIds: readonly string[];
  /** Also what carries the course's tag in other projects. */
  elsewhere: boolean;
  /** Ids of the course's own users; their key pairs are asked for one by one. */
  userIds: readonly string[];
  /** Tells what could not be looked at. */
  gap: (what: string) => void;
}

/** What a service lists for one query, or why it does not. */
type Ask<T> = (query: string) => Promise<T[]>;

/** Up to so many projects are asked for one by one; a whole class costs one listing of the cloud. */
const FEW_PROJECTS = 3;

/**
 * Lists what Nova or Cinder have in the course's projects. Without an administrator's rights: what the project that is logged in to has.
 */
export async function inProjects<T>({ projectIds, gap }: Scope, what: string, ask: Ask<T>): Promise<T[]> {
  const queries =
    projectIds.length <= FEW_PROJECTS
      ? projectIds.map((id) => `all_tenants=1&project_id=${encodeURIComponent(id)}`)
      : ["all_tenants=1"];
  try {
    return (await Promise.all(queries.map(ask))).flat();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    if (projectIds.length > 1)
      gap(`only ${what} of the project that is logged in to: these credentials may not list those of others`);
    return ask("");
  }
}

/** Items in groups of at most so many: a request's address has its limits, too. */
export function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
