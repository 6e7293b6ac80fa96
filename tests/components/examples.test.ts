import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const components = readdirSync(join(root, "components")).flatMap((file) => {
  const text = readFileSync(join(root, "components", file), "utf8");
  const name = /class (\w+) extends pulumi\.ComponentResource/.exec(text)?.[1];
  const example = /@example\n((?: \* .*\n)+) \*\/\nexport class/.exec(text)?.[1]?.replaceAll(/^ \* /gm, "") ?? "";
  return name === undefined ? [] : [{ name, file, example }];
});
const imports = [
  'import * as pulumi from "@pulumi/pulumi";',
  ...components.map(({ name, file }) => `import { ${name} } from "./${file}";`),
].join("\n");
/** Each example is a file of its own beside its component. */
const files = new Map(
  components.map(({ name, example }) => [join(root, "components", `${name}.example.ts`), `${imports}\n${example}`]),
);

function typeErrors(): string[] {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent(config.config, { ...ts.sys, readDirectory: () => [] }, root);
  const options = { ...parsed.options, noUnusedLocals: false };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    readFile: (path) => files.get(path) ?? disk.readFile(path),
    getSourceFile: (path, version, ...more) => {
      const text = files.get(path);
      return text === undefined ? disk.getSourceFile(path, version, ...more) : ts.createSourceFile(path, text, version);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(path)).map(({ file, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, "\n");
      return `${file?.fileName ?? ""}: ${text}`;
    }),
  );
}

describe("the example of a component", () => {
  it.each(components)("$name: is there, short, and makes one", ({ name, example }) => {
    expect(example).toContain(`new ${name}(`);
    expect(example.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
  });

  it("has right types", () => {
    expect(typeErrors()).toEqual([]);
  }, 120_000);
});
