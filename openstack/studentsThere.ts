import { z } from "zod";
import type { Session } from "./session.ts";

/** What a student already has. */
export interface StudentThere {
  instances: number;
  networks: number;
}

const tags = z.array(z.string()).default([]);
const portsSchema = z.object({ ports: z.array(z.object({ tags, device_id: z.string().default("") })) });
const networksSchema = z.object({ networks: z.array(z.object({ tags })) });

/** The students of whom the cloud has something, by id, found by the tags that all of a course carries. */
export async function readStudentsThere(session: Session, course: string): Promise<Map<string, StudentThere>> {
  const of = new URLSearchParams({ tags: `course:${course},managed-by:classroom` });
  const [{ ports }, { networks }] = await Promise.all([
    session.request("network", "GET", `/v2.0/ports?${of.toString()}&fields=tags&fields=device_id`, portsSchema),
    session.request("network", "GET", `/v2.0/networks?${of.toString()}&fields=tags`, networksSchema),
  ]);
  const instances = new Map(
    ports.flatMap((port) => {
      const student = studentOf(port.tags);
      // A port that waits for its instance has none yet; an instance may have several.
      return student === undefined || port.device_id === "" ? [] : [[port.device_id, student] as const];
    }),
  );
  const owners = networks.flatMap((network) => studentOf(network.tags) ?? []);
  const ids = new Set([...instances.values(), ...owners]);
  const count = (all: Iterable<string>, id: string) => [...all].filter((each) => each === id).length;
  return new Map([...ids].map((id) => [id, { instances: count(instances.values(), id), networks: count(owners, id) }]));
}

function studentOf(all: readonly string[]): string | undefined {
  return all.find((tag) => tag.startsWith("student:"))?.slice("student:".length);
}
