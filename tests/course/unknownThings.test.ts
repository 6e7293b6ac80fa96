import { describe, expect, it } from "vitest";
import { unknownThings } from "../../course/unknownThings.ts";
import { inCloud, kimsResources, kimsStack, kimsThings } from "./kimsThings.ts";

const byHand = { tags: {}, because: "project" } as const;
const idsOf = (things: readonly { id: string }[]) => things.map(({ id }) => id);
const unknown = (more: readonly ReturnType<typeof inCloud>[], stack = kimsStack()) => {
  const { orphans, madeByHand, parts } = unknownThings(stack, "kim", { all: [...kimsThings(), ...more] });
  return { orphans: idsOf(orphans), madeByHand: idsOf(madeByHand), parts: idsOf(parts) };
};

describe("what the state does not know", () => {
  it("is an orphan or made by hand, and each has its parts", () => {
    const things = [
      inCloud("group", "lost"),
      inCloud("rule", "lost-rule", { ...byHand, partOf: "lost" }),
      inCloud("group", "mine", byHand),
      inCloud("rule", "my-rule", { ...byHand, partOf: "mine" }),
    ];
    expect(unknown(things)).toEqual({ orphans: ["lost"], madeByHand: ["mine"], parts: ["lost-rule", "my-rule"] });
  });

  it("is nobody's that only its name tells, with its parts and their parts", () => {
    const part = { tags: {}, because: "part" } as const;
    const things = [
      inCloud("router", "named", { tags: {}, because: "name" }),
      inCloud("port", "its-port", { ...part, partOf: "named", automatic: true }),
      inCloud("floatingIp", "its-address", { ...part, partOf: "its-port" }),
    ];
    expect(unknown(things)).toEqual({ orphans: [], madeByHand: [], parts: [] });
  });

  it("is not what Pulumi is still to delete, once its replacement was made", () => {
    const [instance] = kimsResources().filter(({ id }) => id === "kim-vm");
    if (instance === undefined) throw new Error("kim has no instance");
    const old = { ...instance, id: "old", delete: true };
    const stack = kimsStack({ resources: [...kimsResources(), old] });
    expect(unknown([inCloud("instance", "old", byHand)], stack)).toEqual({ orphans: [], madeByHand: [], parts: [] });
  });
});
