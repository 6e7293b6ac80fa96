import { z } from "zod";
import type { PlannedStep, ResourceState } from "../../course/plannedStep.ts";

const stateSchema = z.object({
  id: z.string().optional(),
  parent: z.string().optional(),
  custom: z.boolean().optional(),
  initErrors: z.array(z.string()).nullish(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((outputs) => outputs ?? {}),
});

/** A step as the engine tells it, or as a recording keeps it. */
export const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  keys: z.array(z.string()).nullish(),
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.object({ diffKind: z.string(), inputDiff: z.boolean() })).nullish(),
  old: stateSchema.nullish(),
  new: stateSchema.nullish(),
});

const eventSchema = z.object({
  resourcePreEvent: z.object({ metadata: stepSchema }).optional(),
  resOutputsEvent: z.object({ metadata: stepSchema }).optional(),
});

/** The outputs that any rule reads; ids of users, host names and the like are nobody's business. */
const KEPT_OUTPUTS = ["address", "allFixedIps"];
/** A first boot's script or a whole command need not be kept to say that it changed. */
const LONGEST_TEXT = 80;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;
/** The key by which Pulumi knows a secret, here without its value. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";
/** Pulumi's mark for what is not known yet looks like an id, and means something. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * What classroom's engine hands on of an event log: what is planned, and what the look at the cloud found; without values that are long,
 * secret or another machine's.
 */
export function trimmedSteps(eventLog: string): PlannedStep[] {
  const ids = new Map<string, string>();
  return eventLog
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const { resourcePreEvent, resOutputsEvent } = eventSchema.parse(JSON.parse(line));
      const [planned, found] = [resourcePreEvent?.metadata, resOutputsEvent?.metadata];
      if (planned !== undefined && !["same", "refresh"].includes(planned.op)) return [planned];
      return found?.op === "refresh" ? [found] : [];
    })
    .map((step) => trimmed(step, ids));
}

function trimmed(step: z.output<typeof stepSchema>, ids: Map<string, string>): PlannedStep {
  const { op, urn, type, keys, diffs, detailedDiff } = step;
  return {
    ...{ op, urn, type },
    ...(keys?.length ? { keys } : {}),
    ...(diffs?.length ? { diffs } : {}),
    ...(Object.keys(detailedDiff ?? {}).length > 0 ? { detailedDiff } : {}),
    ...(step.old ? { old: trimmedState(step.old, type, ids) } : {}),
    ...(step.new ? { new: trimmedState(step.new, type, ids) } : {}),
  };
}

function trimmedState(
  { inputs, outputs, initErrors, ...rest }: z.output<typeof stateSchema>,
  type: string,
  ids: Map<string, string>,
): ResourceState {
  const kept = Object.entries(outputs).filter(([key]) => KEPT_OUTPUTS.includes(key));
  const { id, ...others } = rest;
  return {
    ...others,
    ...(id === undefined ? {} : { id: z.string().parse(scrubbed(id, ids)) }),
    ...(initErrors?.length ? { initErrors } : {}),
    // A provider's inputs say where a cloud is and who logs in.
    inputs: type.startsWith("pulumi:") ? {} : z.record(z.string(), z.unknown()).parse(scrubbed(inputs, ids)),
    outputs: Object.fromEntries(kept),
  };
}

function scrubbed(value: unknown, ids: Map<string, string>): unknown {
  if (typeof value === "string") return scrubbedText(value, ids);
  if (Array.isArray(value)) return value.map((each) => scrubbed(each, ids));
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, SECRET_MARK)) return "[secret]";
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, each]) => [key, scrubbed(each, ids)]),
  );
}

function scrubbedText(text: string, ids: Map<string, string>): string {
  if (text.startsWith("ssh-")) return `${text.split(" ")[0] ?? ""} (a public key)`;
  const own = text.replaceAll(UUID, (id) => {
    if (id === UNKNOWN) return id;
    const short = ids.get(id) ?? `id-${ids.size + 1}`;
    ids.set(id, short);
    return short;
  });
  return own.length > LONGEST_TEXT ? `${own.slice(0, LONGEST_TEXT - 1)}…` : own;
}
