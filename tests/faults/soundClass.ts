import type { TestProject } from "vitest/node";
import { CloudProxy } from "../../cloud-proxy/cloudProxy.ts";
import { type Exchange, isWrite } from "../../cloud-proxy/exchange.ts";
import type { Session } from "../../openstack/session.ts";
import { ClassFixture } from "../class/classFixture.ts";
import { CLOUD } from "../class/classFolder.ts";
import { revisionsOf, tracesOf } from "../class/cloudTraces.ts";

/** The same id in every class, so that nothing but the course tells them apart. */
export const STUDENT = "kim";

/** How many there are of each kind: `{ networks: 2, routers: 1 }`. */
export type Counts = Record<string, number>;

declare module "vitest" {
  interface ProvidedContext {
    /** Of a class that was made without any fault. */
    soundCounts: Counts;
    /** Requests of such a run that change something. */
    soundWrites: { up: number; destroy: number };
    /** The class beside it, which nothing may touch. */
    bystander: { course: string; projectId: string };
  }
}

/** Before all fault tests: a class that stands by until the end, and one that is made and destroyed without any fault, to learn what that takes. */
export default async function setup({ provide }: Pick<TestProject, "provide">): Promise<() => Promise<void>> {
  const bystander = await ClassFixture.open("flby");
  bystander.writeRoster(`${STUDENT},Kim`);
  await bystander.up();
  provide("bystander", { course: bystander.course, projectId: await bystander.idOf(STUDENT, "project") });

  const proxy = await CloudProxy.open(CLOUD);
  const sound = await ClassFixture.open("flsound");
  sound.variables = { ...proxy.env };
  sound.writeRoster(`${STUDENT},Kim`);
  const writes = (exchanges: Exchange[]) => exchanges.splice(0).filter(isWrite).length;
  await sound.up();
  const up = writes(proxy.exchanges);
  provide("soundCounts", countsOf(await sound.traces()));
  await sound.destroy();
  provide("soundWrites", { up, destroy: writes(proxy.exchanges) });
  await sound.close();
  await proxy.close();
  return () => bystander.close();
}

/** Of what {@link ClassFixture.traces} tells. */
export function countsOf(traces: readonly string[]): Counts {
  // Of key pairs it tells the names alone.
  const kinds = traces.map((trace) => /^(\w+): /.exec(trace)?.[1] ?? "keypairs");
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
}

/** What changes as soon as anything of a class does, as the services count. */
export async function fingerprintOf(
  session: Session,
  { course, projectId }: { course: string; projectId: string },
): Promise<string> {
  const revisions = Object.entries(await revisionsOf(session, projectId)).sort();
  return JSON.stringify([
    revisions,
    (await tracesOf(session, [`"course:${course}"`, `"${course}-`, projectId])).length,
  ]);
}
