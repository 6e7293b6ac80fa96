import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyPage, verifySsh } from "../../quickstart/verify.ts";
import { given } from "../cloud/testStack.ts";
import { answersOn, LabStack } from "./labStack.ts";

let folder: string;
let lab: LabStack;

/** The lab that docs/adding-a-lab.md ends with, as a newcomer would have it in a file of their own. */
beforeAll(async () => {
  const page = readFileSync("docs/adding-a-lab.md", "utf8");
  const document = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text = ""]) => text)
    .find((text) => text.includes("steps:"));
  folder = mkdtempSync(join(tmpdir(), "first-web-"));
  writeFileSync(join(folder, "lab.yaml"), given(document, "the whole lab"));
  lab = await LabStack.open(join(folder, "lab.yaml"), "t-first-web");
});
afterAll(async () => {
  await lab.destroy();
  rmSync(folder, { recursive: true });
});

describe("a lab written by following docs/adding-a-lab.md", () => {
  it("comes up with a page and a login", async () => {
    await lab.goTo("");
    await verifyPage(given(lab.instance("web1").url, "url"), "Kim Minji", ["ip", "netns", "exec", "classroom"]);
    expect(await verifySsh(lab.instance("web1"))).toBe("web1");
    expect(lab.instance("web1").fixedIp).toMatch(/^10\.20\.0\./);
  });

  it("goes through its steps: the disk outlives the server", async () => {
    const address = lab.address("web1");
    expect(await lab.preview("open-8080")).toMatchObject({ losses: [], errors: [] });
    await lab.goTo("disk");
    expect(lab.outputs.volumes["disk1"]?.device).toBe("/dev/vdb");
    expect(await answersOn(address, 80, 10)).toBe(true);
    await lab.goTo("disk-kept");
    expect(lab.outputs.instances).toEqual({});
    const volume: unknown = JSON.parse(await lab.asStudent("volume", "show", "disk1", "-f", "json"));
    expect(volume).toMatchObject({ status: "available" });
  });
});
