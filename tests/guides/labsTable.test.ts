import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readyLabs } from "../../labs/readLab.ts";
import { linksOf } from "./guideText.ts";

const text = readFileSync("docs/labs.md", "utf8");
const sections = new Map(
  text.split(/^## /m).map((section): [string, string] => [section.split("\n")[0] ?? "", section]),
);

describe("docs/labs.md", () => {
  it("leads only to files that are there", () => {
    for (const link of linksOf(text)) expect.soft(existsSync(join("docs", link)), link).toBe(true);
  });

  it.each(readyLabs())("names for every promise of %s a test that there is", (lab) => {
    const section = sections.get(lab) ?? "";
    const [, file = ""] = /Proven by \[(tests\/labs\/\w+\.test\.ts)\]/.exec(section) ?? [];
    const titles = [...section.matchAll(/^\| .+ \| "(.+)" \|$/gm)].map(([, title = ""]) => title);
    const rows = section.split("\n").filter((line) => line.startsWith("| ")).length - 1;
    expect(titles.length).toBe(rows);
    expect(rows).toBeGreaterThan(5);
    const tests = existsSync(file) ? readFileSync(file, "utf8") : "";
    expect(titles.filter((title) => !tests.includes(`"${title}"`))).toEqual([]);
  });
});
