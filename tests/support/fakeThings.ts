import type { SeenObject } from "../../openstack/cloudObject.ts";
import type { FakeAnswer, FakeRequest } from "./fakeOpenStack.ts";

/** One thing of {@link fakeThings}: where it is deleted, what holds it, and how often it is still seen after its deletion. */
export interface FakeThing {
  object: SeenObject;
  /** e.g. `DELETE /network/v2.0/ports/p1`. */
  deletion: string;
  /** e.g. `GET /compute/servers/vm-1`; without it, nobody looks. */
  look?: string;
  /** Ids of things that must be gone before. */
  heldBy?: string[];
  /** @default 0 */
  looksUntilGone?: number;
}

/** A cloud of things that hold each other, as Neutron and Cinder do: 409 until the holders are gone, 404 after that. */
export function fakeThings(things: readonly FakeThing[]) {
  const there = new Set(things.map(({ object }) => object.id));
  const deleted: string[] = [];
  const answers: Record<string, (request: FakeRequest) => FakeAnswer> = {};
  for (const { object, deletion, look, heldBy = [], looksUntilGone = 0 } of things) {
    let looks = looksUntilGone;
    let going = false;
    answers[deletion] = () => {
      if (!there.has(object.id)) return { status: 404 };
      const holder = heldBy.find((id) => there.has(id));
      if (holder !== undefined)
        return { status: 409, body: { NeutronError: { message: `${object.id} is in use by ${holder}` } } };
      if (!going) deleted.push(object.id);
      going = true;
      if (look === undefined || looks === 0) there.delete(object.id);
      return { status: 204 };
    };
    if (look !== undefined)
      answers[look] = () => {
        if (going && looks-- <= 0) there.delete(object.id);
        return there.has(object.id) ? { body: { thing: { status: "DELETING" } } } : { status: 404 };
      };
  }
  return { answers, there, deleted };
}
