import { readFileSync } from "node:fs";
import { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../cli/commands/commands.ts";
import { resultTables } from "./resultTables.ts";

/** Commands with an option `--json`, e.g. `lab check`. */
function withJson(commands: readonly Command[], before = ""): string[] {
  return commands.flatMap((command) => [
    ...(command.options.some(({ long }) => long === "--json") ? [`${before}${command.name()}`] : []),
    ...withJson(command.commands, `${before}${command.name()} `),
  ]);
}

describe("docs/json.md", () => {
  let tables: ReturnType<typeof resultTables>;
  beforeAll(() => {
    tables = resultTables();
    // The compiler reads the whole command.
  }, 120_000);

  it("tells the object of every command that has --json, and of no other", async () => {
    const program = new Command();
    for (const load of Object.values(COMMANDS)) (await load())(program);
    // A command may print another object with an option: `destroy --dry-run`.
    const told = new Set(tables.commands.map((command) => command.replace(/ --.*/, "")));
    expect([...told].sort()).toEqual(withJson(program.commands).sort());
  });

  it("is what the types of the results say; after a change: npx vitest run tests/guides/jsonObjects.test.ts -u", async () => {
    const between = /(<!-- objects: .* -->\n\n)[\s\S]*(\n\n<!-- end of objects -->)/;
    const text = readFileSync("docs/json.md", "utf8");
    expect(text).toMatch(between);
    const right = text.replace(between, (_, begin: string, end: string) => begin + tables.markdown + end);
    await expect(right).toMatchFileSnapshot("../../docs/json.md");
  });
});
