import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { parseJson } from "../../engine/stackStates.ts";
import { writeWhole } from "../../engine/wholeFiles.ts";
import type { CourseStudent } from "../../stacks/courseFolder.ts";
import { programDigest } from "../../stacks/programDigest.ts";
import { shellQuoted } from "../../terminal/shellQuoted.ts";
import { refuse, UserError } from "../../terminal/userError.ts";
import { classOperation, type OpenClass, studentOperation, unreadableReason } from "../open-class/openClass.ts";

const plannedSchema = z.object({ isNew: z.boolean(), digest: z.string() });
/** A stack as it was when its plan was saved. */
export type PlannedStack = z.output<typeof plannedSchema>;

const planSchema = z.object({ course: z.string(), stacks: z.record(z.string(), plannedSchema) });

/** Beside Pulumi's own plans, one for each stack that was there. No stack has such a name. */
const LIST = "_stacks.json";

/**
 * What a plan of the class is a plan of, by name of the stack. Pulumi plans only what is there; of a new stack it is known that everything
 * in it is made, and the digest of program and input says what that is.
 */
export async function stacksToPlan(
  open: OpenClass,
  students: readonly CourseStudent[],
): Promise<Map<string, PlannedStack>> {
  const readable = students.filter(({ id }) => unreadableReason(open, id) === undefined);
  const operations = [
    classOperation(open),
    ...(await Promise.all(readable.map((student) => studentOperation(open, student)))),
  ];
  const sources = programDigest();
  return new Map(
    operations.map(({ stack, isNew = false, program }) => {
      const facts = JSON.stringify([sources, program?.input]);
      return [stack, { isNew, digest: createHash("sha256").update(facts).digest("hex") }];
    }),
  );
}

/** Makes room for Pulumi's plans, which only their owner may read: they say everything about the students' things. */
export function makePlanFiles(folder: string, stacks: ReadonlyMap<string, PlannedStack>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  rmSync(join(folder, LIST), { force: true });
  for (const [stack, { isNew }] of stacks) {
    const file = join(folder, `${stack}.json`);
    rmSync(file, { force: true });
    // Pulumi writes into what is there, and leaves its mode.
    if (!isNew) writeFileSync(file, "", { mode: 0o600 });
  }
}

/** @param failed stacks of which there is no plan */
export function keepPlan(
  folder: string,
  course: string,
  stacks: ReadonlyMap<string, PlannedStack>,
  failed: ReadonlySet<string>,
): void {
  for (const stack of failed) rmSync(join(folder, `${stack}.json`), { force: true });
  const kept = Object.fromEntries(Array.from(stacks).filter(([stack]) => !failed.has(stack)));
  writeWhole(join(folder, LIST), `${JSON.stringify({ course, stacks: kept }, null, 2)}\n`);
}

/**
 * An update does what was previewed or nothing: neither anybody who was not in the preview, nor anything that the documents say since.
 * What has changed in the cloud, Pulumi's own plans tell.
 *
 * @throws {UserError} naming every stack for which the plan does not hold any more
 */
export function refuseOutsidePlan(folder: string, course: string, stacks: ReadonlyMap<string, PlannedStack>): void {
  const file = join(resolve(folder), LIST);
  const again = `classroom preview --save-plan ${shellQuoted(folder)}`;
  if (!existsSync(file)) throw new UserError(`there is no saved plan in ${folder}; save one with: ${again}`);
  const parsed = planSchema.safeParse(parseJson(readFileSync(file, "utf8")));
  if (!parsed.success) throw new UserError(`${file} is damaged; save the plan again with: ${again}`);
  if (parsed.data.course !== course)
    throw new UserError(`the plan in ${folder} is of the course ${parsed.data.course}, and this is ${course}`);
  refuse(
    `nothing was done, because the plan in ${folder} does not hold any more; look at what would be done now with: ${again}`,
    Array.from(stacks).flatMap(([stack, now]) => {
      const reason = whyNotHeld(parsed.data.stacks[stack], now);
      return reason === undefined ? [] : [`${stack}: ${reason}`];
    }),
  );
}

function whyNotHeld(then: PlannedStack | undefined, now: PlannedStack): string | undefined {
  if (then === undefined) return "is not in the plan";
  if (then.isNew && !now.isNew) return "was new, and is there by now";
  if (!then.isNew && now.isNew) return "was there, and is gone by now";
  return then.digest === now.digest
    ? undefined
    : "the course, the lab, the roster, this program or what the cloud offers has changed";
}
