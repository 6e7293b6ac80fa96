import { describe, expect, it } from "vitest";
import { readPreview } from "../../quickstart/preview.ts";

const urn = (name: string) => `urn:pulumi:dev::classroom::openstack:compute/instance:Instance::${name}`;

describe("readPreview", () => {
  it("counts changes and names what would be lost", () => {
    const output = JSON.stringify({
      changeSummary: { same: 3, create: 1, replace: 1, delete: 1 },
      steps: [
        { op: "same", urn: urn("kept"), oldState: {} },
        { op: "create", urn: urn("new") },
        { op: "replace", urn: urn("rebuilt"), oldState: { id: "1" } },
        { op: "create-replacement", urn: urn("rebuilt"), oldState: { id: "1" } },
        { op: "delete", urn: urn("gone"), oldState: { id: "2" } },
      ],
    });
    expect(readPreview(output)).toEqual({
      changes: { same: 3, create: 1, replace: 1, delete: 1 },
      losses: ["rebuilt", "gone"],
      notes: [],
      errors: [],
    });
  });

  it("does not count what never came up as a loss", () => {
    const step = { op: "replace", urn: urn("failed"), oldState: { initErrors: ["unexpected state 'ERROR'"] } };
    expect(readPreview(JSON.stringify({ steps: [step] }))?.losses).toEqual([]);
  });

  it("reads the program's message without colours", () => {
    const diagnostics = [
      { severity: "info#err", message: "cloud local" },
      { severity: "error", message: "\u001b[31merror: \u001b[0mno such image\n" },
    ];
    expect(readPreview(JSON.stringify({ diagnostics }))?.errors).toEqual(["no such image"]);
  });

  it("reads what the program says, but not what a provider says of a resource", () => {
    const diagnostics = [
      { severity: "info", message: 'cloud "local", project "admin"\n' },
      { severity: "info", urn: urn("web1"), message: "retrying" },
      { severity: "warning", message: "old" },
    ];
    expect(readPreview(JSON.stringify({ diagnostics }))?.notes).toEqual(['cloud "local", project "admin"']);
  });

  it.each(["", "error: something else", "[]"])("knows when it is not a preview: %j", (output) => {
    expect(readPreview(output)).toBeUndefined();
  });
});
