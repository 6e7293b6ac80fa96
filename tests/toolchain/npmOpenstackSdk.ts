import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const sdk = join(import.meta.dirname, "..", "..", "node_modules", "@pulumi", "openstack");

/** The type of a field: a scalar, `list <type>`, `map <type>`, or `object <module>.<Name>` for a type of types/input.d.ts. */
export type FieldType = string;

/** The fields that something takes, by name. */
export type Fields = ReadonlyMap<string, { type: FieldType; required: boolean }>;

/** Everything that programs may ask the provider for, as the npm package @pulumi/openstack declares it. */
export interface NpmSdk {
  /** Inputs by type token, e.g. `openstack:compute/instance:Instance`. */
  resources: ReadonlyMap<string, Fields>;
  /** Names of the outputs by type token. */
  outputs: ReadonlyMap<string, readonly string[]>;
  /** Arguments by function token, e.g. `openstack:compute/getFlavor:getFlavor`. */
  dataSources: ReadonlyMap<string, Fields>;
  /** Arguments of the provider itself. */
  provider: Fields;
  /** Fields of nested objects, by the name that `object …` types refer to. */
  objects: ReadonlyMap<string, Fields>;
}

/** Reads the package's .js files for tokens and its .d.ts files for fields. */
export function readNpmSdk(): NpmSdk {
  const resources = new Map<string, Fields>();
  const outputs = new Map<string, string[]>();
  const dataSources = new Map<string, Fields>();
  for (const path of declarationFiles()) {
    const script = readFileSync(path.replace(/\.d\.ts$/, ".js"), "utf8");
    const [, className, type] = /^(\w+)\.__pulumiType = '(openstack:[^']+)';/m.exec(script) ?? [];
    const token = /pulumi\.runtime\.invoke\("(openstack:[^"]+:(\w+))"/.exec(script)?.[1];
    if (className === undefined && token === undefined) continue;
    const declarations = parse(path);
    if (className !== undefined && type !== undefined) {
      resources.set(type, interfaceFields(declarations, `${className}Args`));
      outputs.set(type, outputNames(declarations, className));
    } else if (token !== undefined) {
      const name = token.split(":")[2] ?? "";
      dataSources.set(token, interfaceFields(declarations, `${name.charAt(0).toUpperCase()}${name.slice(1)}Args`));
    }
  }
  const provider = interfaceFields(parse(join(sdk, "provider.d.ts")), "ProviderArgs");
  return { resources, outputs, dataSources, provider, objects: nestedObjects() };
}

function declarationFiles(): string[] {
  return readdirSync(sdk, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path.replace(/\.d\.ts$/, ".js")));
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function interfaceFields(source: ts.SourceFile, name: string): Fields {
  for (const statement of source.statements)
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) return fieldsOf(statement);
  return new Map();
}

function fieldsOf(declaration: ts.InterfaceDeclaration): Fields {
  return new Map(
    declaration.members
      .filter(ts.isPropertySignature)
      .map((member) => [nameOf(member), { type: typeOf(member.type), required: member.questionToken === undefined }]),
  );
}

function outputNames(source: ts.SourceFile, className: string): string[] {
  const declared = source.statements.filter(ts.isClassDeclaration).find(({ name }) => name?.text === className);
  const members: readonly ts.ClassElement[] = declared?.members ?? [];
  return members
    .filter((member) => ts.isPropertyDeclaration(member))
    .filter(({ type }) => type?.getText().startsWith("pulumi.Output<"))
    .map(nameOf);
}

/** The interfaces of types/input.d.ts, by `<module>.<Name>`. */
function nestedObjects(): Map<string, Fields> {
  const found = new Map<string, Fields>();
  const visit = (node: ts.Node, module: string) => {
    if (ts.isModuleDeclaration(node))
      ts.forEachChild(node.body ?? node, (child) => {
        visit(child, node.name.text);
      });
    else if (ts.isInterfaceDeclaration(node)) found.set(`${module}.${node.name.text}`, fieldsOf(node));
  };
  parse(join(sdk, "types", "input.d.ts")).forEachChild((child) => {
    visit(child, "");
  });
  return found;
}

function nameOf({ name }: ts.PropertySignature | ts.PropertyDeclaration): string {
  return name.getText().replace(/^"(.*)"$/, "$1");
}

function typeOf(type: ts.TypeNode | undefined): FieldType {
  if (type === undefined) return "any";
  if (ts.isArrayTypeNode(type)) return `list ${typeOf(type.elementType)}`;
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find(ts.isIndexSignatureDeclaration);
    return `map ${typeOf(index?.type)}`;
  }
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    const inner = type.typeArguments?.[0];
    return inner === undefined ? `object ${name.replace(/^inputs\./, "")}` : typeOf(inner);
  }
  return type.getText();
}
