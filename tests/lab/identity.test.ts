import { describe, expect, it } from "vitest";
import { idProblems, ownerTags, tagMetadata } from "../../lab/identity.ts";
import { didYouMean } from "../../lab/didYouMean.ts";

describe("identity", () => {
  it("gives the same owner as tags and as metadata", () => {
    const tags = ownerTags({ course: "net101", student: "kim" });
    expect(tags).toEqual(["course:net101", "student:kim", "managed-by:classroom"]);
    expect(tagMetadata(tags)).toEqual({ course: "net101", student: "kim", "managed-by": "classroom" });
    expect(tagMetadata(["a:b:c", "plain"])).toEqual({ a: "b:c", plain: "" });
  });

  it.each(["kim", "k", "net-101", "a".repeat(20)])("takes the id %s", (id) => {
    expect(idProblems("id", id)).toEqual([]);
  });

  it.each(["", "Kim", "1kim", "kim-", "-kim", "kim_1", "../etc", "$(rm)", "кim", "a b", "kim\n", "a".repeat(21)])(
    "refuses the id %j",
    (id) => {
      expect(idProblems("student.id", id)).toMatchObject([{ path: "student.id" }]);
    },
  );
});

describe("didYouMean", () => {
  it.each([
    ["privat", ["private", "public"], '; did you mean "private"?'],
    ["Debian-12", ["debian-12"], '; did you mean "debian-12"?'],
    ["windows", ["debian-12", "cirros"], ""],
    ["x", [], ""],
  ])("%s among %j", (value, candidates, text) => {
    expect(didYouMean(value, candidates)).toBe(text);
  });
});
