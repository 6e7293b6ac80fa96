import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { checkLab } from "../../cli/lab-document/labCheck.ts";
import { labCheckText } from "../../cli/lab-document/labCheckText.ts";
import { labSchema } from "../../lab/labSchema.ts";
import { parseLab } from "../../lab/parseLab.ts";
import { STACK_CONFIG_KEYS } from "../../stacks/stackConfig.ts";
import { blocksOf, linksOf } from "./guideText.ts";

const text = readFileSync("docs/adding-a-lab.md", "utf8");
const blocks = blocksOf(text);
const isDocument = (block: { language: string; text: string }) =>
  block.language === "yaml" && /^lab: /m.test(block.text);
const documents = blocks.filter(isDocument).map((block) => block.text);
/** What is shown as the answer of `lab check` for each document, in the same order. */
const answers = blocks.filter(({ language }) => language === "text").map((block) => block.text);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "adding-a-lab-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The check of a document as the command line prints it. */
function checked(document: string, allSteps: boolean) {
  const file = join(folder, "lab.yaml");
  writeFileSync(file, document);
  const { check, lab } = checkLab(file, { allSteps });
  const where = allSteps ? `, as it begins and at ${lab?.steps.length ?? 0} steps` : "";
  return { ok: check.ok, printed: `${labCheckText(check, lab, where).replaceAll(file, "lab.yaml")}\n` };
}

describe("docs/adding-a-lab.md", () => {
  it("has a document that is right, one with mistakes, and the whole lab, each with the answer of the check", () => {
    expect(documents).toHaveLength(answers.length);
    expect(documents.map((document) => checked(document, false).ok)).toEqual([true, false, true]);
  });

  it.each(documents.map((document, index) => ({ document, index })))(
    "shows what the check says of document $index",
    ({ document, index }) => {
      expect(answers[index]).toBe(checked(document, index === documents.length - 1).printed);
    },
  );

  it("changes the lab for another cloud in a way that is right at every step", () => {
    const settings = blocks.find((block) => block.language === "yaml" && block.text.startsWith("config:"));
    const { config } = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(settings?.text ?? ""));
    const changes = z.record(z.string(), z.unknown()).parse(config["classroom:changes"]);
    const lab = documents.at(-1) ?? "";
    const steps = labSchema.parse(parse(lab)).steps.map(({ name }) => name);
    expect(["", ...steps].map((step) => parseLab(lab, step, changes))).toMatchObject(
      ["", ...steps].map(() => ({
        ok: true,
        warnings: [],
        lab: { class: { providerNetworks: { public: { existing: "campus-net" } } } },
      })),
    );
    const keys = Object.keys(config).flatMap((key) => /^classroom:(.*)/.exec(key)?.[1] ?? []);
    for (const key of keys) expect(STACK_CONFIG_KEYS).toContain(key);
  });

  it("leads only to files that are there", () => {
    for (const link of linksOf(text)) expect.soft(existsSync(join("docs", link)), link).toBe(true);
  });
});
