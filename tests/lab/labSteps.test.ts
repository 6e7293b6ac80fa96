import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applySteps, isMapping } from "../../lab/labSteps.ts";

const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: true });
const mapping = fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), json, { noNullPrototype: true });

/** The student part of a lab after steps with these changes. */
const patched = (student: unknown, ...changes: unknown[]): Record<string, unknown> => {
  const steps = changes.map((each, index) => ({ name: `s${index}`, student: each }));
  const { value, problems } = applySteps({ student }, steps, `s${changes.length - 1}`);
  expect(problems).toEqual([]);
  const after = isMapping(value) ? value["student"] : undefined;
  if (!isMapping(after)) throw new Error("the student part is a mapping");
  return after;
};

describe("steps", () => {
  // The examples of https://www.rfc-editor.org/rfc/rfc7396#appendix-A whose target is a mapping or a list inside one.
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [["a", "b"], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("are merge patches: %j with %j", (student, changes, result) => {
    expect(patched(student, changes)).toEqual(result);
  });

  it("change nothing when they are made twice", () => {
    fc.assert(
      fc.property(mapping, mapping, (student, changes) => {
        expect(patched(student, changes, changes)).toEqual(patched(student, changes));
      }),
    );
  });

  it("leave what they do not name, take away what they make null, and give the rest", () => {
    fc.assert(
      fc.property(mapping, mapping, (student, changes) => {
        const after = patched(student, changes);
        for (const [key, value] of Object.entries(student))
          if (!Object.hasOwn(changes, key)) expect(Object.getOwnPropertyDescriptor(after, key)?.value).toEqual(value);
        for (const [key, value] of Object.entries(changes)) {
          expect(Object.hasOwn(after, key)).toBe(value !== null);
          if (typeof value !== "object") expect(Object.getOwnPropertyDescriptor(after, key)?.value).toBe(value);
        }
        expect(Object.getPrototypeOf(after) === Object.prototype).toBe(true);
      }),
    );
  });

  it("do not touch the document itself", () => {
    fc.assert(
      fc.property(mapping, mapping, (student, changes) => {
        const before = JSON.stringify(student);
        patched(student, changes);
        expect(JSON.stringify(student)).toBe(before);
      }),
    );
  });

  it("come one after the other, up to the one that is wanted", () => {
    const steps = [
      { name: "one", student: { a: 1 } },
      { name: "two", student: { a: null, b: 2 }, class: { c: 3 } },
    ];
    const at = (step: string | undefined) => applySteps({ student: { z: 0 } }, steps, step).value;
    expect(at(undefined)).toEqual({ student: { z: 0 } });
    expect(at("one")).toEqual({ class: {}, student: { z: 0, a: 1 } });
    expect(at("two")).toEqual({ class: { c: 3 }, student: { z: 0, b: 2 } });
  });
});
