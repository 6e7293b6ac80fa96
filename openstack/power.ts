import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { ApiError } from "./apiError.ts";
import { poll } from "./poll.ts";
import { nothing, type Session } from "./session.ts";

/** How an instance is put to rest. */
export type Rest = "stop" | "shelve";

/** What each frees, in words for a teacher. https://docs.openstack.org/api-guide/compute/server_concepts.html */
export const WHAT_IT_FREES: Record<Rest, string> = {
  stop:
    "the host's processor time and working memory in use; its vCPUs, RAM and disk stay reserved for it on the host, so it starts again " +
    "for certain, and everything still counts against the quota",
  shelve:
    "vCPUs, RAM and local disk of the host, for anybody; the disk is kept as an image (volumes as they are), ports and addresses stay, " +
    "and on most clouds it still counts against the project's quota. To come back it needs room on a host",
};

export interface PowerOptions {
  /** Until which the instance must have got there. Shelving copies the whole disk. @default 600 */
  timeoutSeconds?: number;
  /** Seconds between two looks. @default 1 */
  pauseSeconds?: number;
}

export interface PowerResult {
  /** As Nova calls it now, e.g. `SHUTOFF`. */
  status: string;
  /** Whether anything had to be done. */
  changed: boolean;
}

const serverSchema = z.object({
  server: z.object({
    name: z.string(),
    status: z.string(),
    "OS-EXT-STS:task_state": z.string().nullish(),
    fault: z.object({ message: z.string() }).optional(),
  }),
});

/** What to do in a state: an action of Nova's, nothing more, or nothing because it cannot be done. */
type Step = { action: string; mayFail?: boolean } | "done" | "impossible";

/**
 * Puts an instance to rest and waits until it rests. Fine when it does already; one that is stopped can still be shelved.
 *
 * @throws {UserError} when it fails, with Nova's reason, cannot be done from the state it is in, or takes too long.
 */
export function suspend(session: Session, instanceId: string, how: Rest, options?: PowerOptions): Promise<PowerResult> {
  return bring(session, instanceId, how === "stop" ? stopStep : shelveStep, { ...options, word: how });
}

/**
 * Starts an instance again, however it was put to rest, and waits until it is active; its system then still boots.
 *
 * @throws {UserError} as {@link suspend}; a shelved instance needs a host with room.
 */
export function resume(session: Session, instanceId: string, options?: PowerOptions): Promise<PowerResult> {
  return bring(session, instanceId, resumeStep, { ...options, word: "start" });
}

/**
 * What {@link suspend} or {@link resume} would begin with; changes nothing.
 *
 * @returns its state now, and whether anything would be done
 * @throws {UserError} when it cannot be done from that state
 */
export async function foresee(session: Session, instanceId: string, how: Rest | "resume"): Promise<PowerResult> {
  const { server } = await session.request("compute", "GET", `/servers/${instanceId}`, serverSchema);
  const step = { stop: stopStep, shelve: shelveStep, resume: resumeStep }[how](server.status);
  if (step === "impossible")
    throw new UserError(`${server.name} (${instanceId}) is ${server.status}; Nova cannot ${how} it from there`, 1);
  return { status: server.status, changed: step !== "done" };
}

function stopStep(status: string): Step {
  // Shelved is more than stopped.
  if (["SHUTOFF", "SHELVED", "SHELVED_OFFLOADED"].includes(status)) return "done";
  return status === "ACTIVE" ? { action: "os-stop" } : "impossible";
}

function shelveStep(status: string): Step {
  if (status === "SHELVED_OFFLOADED") return "done";
  // Without it a cloud may keep the instance on its host for ever. Some let only administrators.
  if (status === "SHELVED") return { action: "shelveOffload", mayFail: true };
  return ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"].includes(status) ? { action: "shelve" } : "impossible";
}

function resumeStep(status: string): Step {
  if (status === "ACTIVE") return "done";
  const actions: Record<string, string> = {
    SHUTOFF: "os-start",
    SHELVED: "unshelve",
    SHELVED_OFFLOADED: "unshelve",
    PAUSED: "unpause",
    SUSPENDED: "resume",
    RESCUE: "unrescue",
  };
  const action = actions[status];
  return action === undefined ? "impossible" : { action };
}

/** Looks, and does what the state asks for when Nova is about nothing else: also what an interrupted run has begun is brought to its end. */
async function bring(
  session: Session,
  instanceId: string,
  stepFor: (status: string) => Step,
  { timeoutSeconds = 600, pauseSeconds = 1, word }: PowerOptions & { word: string },
): Promise<PowerResult> {
  const path = `/servers/${instanceId}`;
  const taken = new Set<string>();
  return poll<PowerResult>(
    async () => {
      const { server } = await session.request("compute", "GET", path, serverSchema);
      const { name, status, fault, "OS-EXT-STS:task_state": task } = server;
      if (task != null) return undefined;
      const result = { status, changed: taken.size > 0 };
      const step = stepFor(status);
      if (step === "done") return result;
      if (status === "ERROR")
        throw new UserError(`${name} (${instanceId}) is in error: ${fault?.message ?? "Nova gives no reason"}`, 1);
      if (step === "impossible")
        throw new UserError(`${name} (${instanceId}) is ${status}; Nova cannot ${word} it from there`, 1);
      // Nova takes note of an action before it answers: whoever is back where the action began has failed.
      if (taken.has(step.action)) {
        if (step.mayFail) return result;
        throw new UserError(
          `${name} (${instanceId}) is ${status} again: Nova could not ${word} it; ` +
            `\`openstack server event list ${instanceId}\` says what went wrong`,
          1,
        );
      }
      try {
        await session.request("compute", "POST", `${path}/action`, nothing, { body: { [step.action]: null } });
      } catch (error) {
        // Somebody else may have been quicker: the next look tells.
        if (error instanceof ApiError && error.status === 409 && !taken.has(`${step.action} refused`)) {
          taken.add(`${step.action} refused`);
          return undefined;
        }
        if (error instanceof ApiError && step.mayFail) return result;
        throw error;
      }
      taken.add(step.action);
      return undefined;
    },
    { what: `${instanceId} is not where \`${word}\` should bring it`, timeoutSeconds, pauseSeconds },
  );
}
