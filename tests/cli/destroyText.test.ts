import { expect, it } from "vitest";
import { destroyText } from "../../cli/commands/destroy.ts";

it("tells of a class stack that is still there beside how it went for the students", () => {
  const students = [
    { student: "kim", ok: true, errors: [] },
    { student: "lee", ok: true, errors: [] },
  ];
  const result = { course: "net101", students, classStack: false, left: [], notSeen: [] };
  expect(destroyText({ ...result, classErrors: ["got 409 instead: network is in use"] })).toBe(
    "2 student stacks destroyed.\nThe class stack is still there:\n  got 409 instead: network is in use",
  );
  expect(destroyText({ ...result, classStack: true, classErrors: [] })).toBe(
    "2 student stacks destroyed, and the class stack of net101.\nNothing of the course is left in the cloud.",
  );
});
