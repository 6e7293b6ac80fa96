import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What a command prints with `--json`: its type, whose comment begins "What `classroom <command> --json` prints". */
interface Printed {
  /** Without `classroom`. */
  commands: string[];
  /** Of the type. */
  comment: string;
  type: ts.Type;
}

const PRINTED = /^What (.+) prints?\b/;
const COMMAND = /`classroom ([a-z- ]+) --json`/g;

/** The Markdown of docs/json.md that tells every object, made of the types of the results and their comments. */
export function resultTables(): { markdown: string; commands: string[] } {
  const files = readdirSync("cli", { recursive: true, encoding: "utf8" }).map((name) => join("cli", name));
  const program = ts.createProgram(
    files.filter((file) => file.endsWith(".ts")),
    {
      ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [] },
      ...{ target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.NodeNext },
    },
  );
  const checker = program.getTypeChecker();
  const printed = files
    .flatMap((file) => {
      const source = program.getSourceFile(file);
      return source === undefined ? [] : printedIn(checker, source);
    })
    .sort((left, right) => left.commands.join().localeCompare(right.commands.join()));
  const tables = new Tables(checker, printed);
  const sections = printed.map(({ commands, comment, type }) => section(titleOf(commands), comment, tables.of(type)));
  return {
    markdown: [...sections, ...tables.shared()].join("\n\n"),
    commands: printed.flatMap(({ commands }) => commands),
  };
}

function printedIn(checker: ts.TypeChecker, source: ts.SourceFile): Printed[] {
  return source.statements.flatMap((node) => {
    if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) return [];
    const symbol = checker.getSymbolAtLocation(node.name);
    const comment = ts.displayPartsToString(symbol?.getDocumentationComment(checker));
    const [, subject = ""] = PRINTED.exec(comment) ?? [];
    const commands = [...subject.matchAll(COMMAND)].map(([, command = ""]) => command);
    return commands.length === 0 ? [] : [{ commands, comment, type: checker.getTypeAtLocation(node) }];
  });
}

const titleOf = (commands: readonly string[]) => commands.map((each) => `classroom ${each}`).join(", ");

function section(title: string, comment: string, table: string): string {
  return [`## ${title}`, rest(comment), table].filter((text) => text !== "").join("\n\n");
}

/** What a comment says beyond who prints it. */
function rest(comment: string): string {
  const text = comment
    .replace(PRINTED, "")
    .replace(/^[.:;]\s*/, "")
    .replaceAll(/\s+/g, " ");
  return text === "" ? "" : text.charAt(0).toUpperCase() + text.slice(1);
}

/** Objects that several results have are told once, under their own name. */
const SHARED = ["StackChange", "Effect", "Loss", "DestroyOutcome", "Drift"];

class Tables {
  readonly #checker: ts.TypeChecker;
  readonly #printed: readonly Printed[];
  readonly #shared = new Map<string, ts.Type>();

  constructor(checker: ts.TypeChecker, printed: readonly Printed[]) {
    this.#checker = checker;
    this.#printed = printed;
  }

  /** A row for each field, also for those of the objects in it. */
  of(type: ts.Type): string {
    return ["| field | value | meaning |", "|---|---|---|", ...this.#rows(type, "")].join("\n");
  }

  /** Sections of what was only named. */
  shared(): string[] {
    const sections: string[] = [];
    // What they name themselves comes into the list meanwhile.
    for (const [name, type] of this.#shared) {
      const comment = ts.displayPartsToString((type.aliasSymbol ?? type.symbol).getDocumentationComment(this.#checker));
      sections.push(section(name, comment, this.of(type)));
    }
    return sections;
  }

  #rows(type: ts.Type, path: string): string[] {
    const element = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (element !== undefined) return this.#field(`${path}<name>`, element, "", false);
    const properties = type.getProperties();
    // The compiler gives the keys of a Record no order that lasts.
    if (properties.every(({ declarations }) => declarations === undefined))
      properties.sort((left, right) => left.name.localeCompare(right.name));
    return properties.flatMap((property) => {
      const comment = ts.displayPartsToString(property.getDocumentationComment(this.#checker));
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      return this.#field(`${path}${property.name}`, this.#checker.getTypeOfSymbol(property), comment, isOptional);
    });
  }

  #field(path: string, given: ts.Type, comment: string, isOptional: boolean): string[] {
    const parts = given.isUnion() ? given.types : [given];
    const absent = isOptional || parts.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0);
    const isNull = parts.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0);
    const type = this.#checker.getNonNullableType(given);
    const { value, inner, under } = this.#value(type, path);
    const words = `${value}${isNull ? " or null" : ""}${absent ? ", may be absent" : ""}`;
    const meaning = comment.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
    const row = `| \`${path}\` | ${words} | ${meaning} |`;
    return inner === undefined ? [row] : [row, ...this.#rows(inner, under)];
  }

  #value(type: ts.Type, path: string): { value: string; inner?: ts.Type; under: string } {
    const checker = this.#checker;
    const element = checker.isArrayType(type) ? checker.getIndexTypeOfType(type, ts.IndexKind.Number) : undefined;
    if (element !== undefined) {
      const { value, ...inside } = this.#value(element, `${path}[]`);
      return { ...inside, value: `list of ${value}` };
    }
    if ((type.flags & ts.TypeFlags.Any) !== 0) throw new Error(`${path}: nothing is known of its type`);
    if (type.isUnion() && type.types.every((each) => each.isStringLiteral())) {
      const words = type.types.map((each) => `\`${checker.typeToString(each)}\``).sort();
      return { value: words.join(", "), under: "" };
    }
    if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0)
      return { value: checker.typeToString(type), under: "" };
    const printed = this.#printed.find((each) => each.type === type);
    if (printed !== undefined) {
      const title = titleOf(printed.commands);
      return { value: `as of [${title}](#${title.replaceAll(" ", "-")})`, under: "" };
    }
    const name = (type.aliasSymbol ?? type.getSymbol())?.name ?? "";
    if (SHARED.includes(name)) {
      this.#shared.set(name, type);
      return { value: `[${name}](#${name.toLowerCase()})`, under: "" };
    }
    return { value: "object", inner: type, under: `${path}.` };
  }
}
