import { z } from "zod";
import type { FakeAnswer, FakeRequest } from "./fakeOpenStack.ts";

export interface FakeSnapshot {
  id: string;
  name: string;
  volume_id: string;
  status: string;
  description: string | null;
  metadata: Record<string, string>;
}

const createSchema = z.object({
  snapshot: z.object({
    volume_id: z.string(),
    name: z.string(),
    description: z.string(),
    force: z.boolean(),
    metadata: z.record(z.string(), z.string()),
  }),
});

/** Answers like Cinder for the snapshots of volume `v1`: a new one is available at the second look, a deleted one gone at the second. */
export function fakeVolumes(snapshots: FakeSnapshot[] = []) {
  const created: z.infer<typeof createSchema>["snapshot"][] = [];
  const deleted: string[] = [];
  const answers: Record<string, (request: FakeRequest) => FakeAnswer> = {
    "POST /volume/snapshots": ({ body }) => {
      const { snapshot } = createSchema.parse(body);
      created.push(snapshot);
      const made = { ...snapshot, id: `new-${created.length}`, status: "creating" };
      add(made);
      return { status: 202, body: { snapshot: made } };
    },
  };
  const missing: FakeAnswer = { status: 404, body: { itemNotFound: { message: "could not be found" } } };
  const all: FakeSnapshot[] = [];
  for (const name of ["data", "other"])
    answers[`GET /volume/snapshots/detail?volume_id=v1&name=${name}`] = () => ({ body: { snapshots: all } });

  function add(snapshot: FakeSnapshot): void {
    all.push(snapshot);
    const path = `/volume/snapshots/${snapshot.id}`;
    answers[`GET ${path}`] = () => {
      if (!all.includes(snapshot)) return missing;
      const answer = { body: { snapshot: { ...snapshot } } };
      if (snapshot.status === "creating") snapshot.status = "available";
      if (snapshot.status === "deleting") all.splice(all.indexOf(snapshot), 1);
      return answer;
    };
    answers[`PUT ${path}`] = ({ body }) => {
      snapshot.description = z
        .object({ snapshot: z.object({ description: z.string() }) })
        .parse(body).snapshot.description;
      return { body: { snapshot } };
    };
    answers[`PUT ${path}/metadata`] = ({ body }) => {
      snapshot.metadata = z.object({ metadata: z.record(z.string(), z.string()) }).parse(body).metadata;
      return { body: { metadata: snapshot.metadata } };
    };
    answers[`DELETE ${path}`] = () => {
      deleted.push(snapshot.id);
      if (!all.includes(snapshot)) return missing;
      snapshot.status = "deleting";
      return { status: 202 };
    };
  }
  for (const snapshot of snapshots) add(snapshot);
  return { answers, all, created, deleted };
}
