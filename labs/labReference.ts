import { z } from "zod";
import { labJsonSchema } from "../lab/labSchema.ts";

/** As much of JSON Schema as a lab document's uses: https://json-schema.org/draft/2020-12 */
const Schema = z.object({
  type: z.string().optional(),
  description: z.string().default(""),
  const: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  required: z.array(z.string()).default([]),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), Schema]).optional();
  },
  get items() {
    return z.union([z.boolean(), Schema]).optional();
  },
  get prefixItems() {
    return z.array(Schema).optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
});
type Schema = z.output<typeof Schema>;

/** Where the reference is kept. */
export const REFERENCE_FILE = "docs/lab-document.md";
/** Renews it. */
export const REFERENCE_COMMAND = `npm run --silent classroom -- lab reference > ${REFERENCE_FILE}`;

/** Every key of a lab document as Markdown, made of the descriptions that editors show too. */
export function labReference(): string {
  const schema = Schema.parse(labJsonSchema());
  return [
    "# The lab document, key by key",
    "",
    "How a document is written, from the first line on: [adding-a-lab.md](adding-a-lab.md). `<name>` is a name that you choose; what",
    "has no default and cannot be left out is marked with **must**.",
    "",
    `Generated from the schema: \`${REFERENCE_COMMAND}\``,
    ...sections("", schema),
    "",
  ].join("\n");
}

/** The keys of another document than a lab, which has no mappings in it: a Markdown table made of its JSON Schema. */
export function keyTable(schema: object): string {
  return table("", Schema.parse(schema)).join("\n");
}

function table(path: string, { properties = {}, required }: Schema): string[] {
  const rows = Object.entries(properties).map(([key, part]) => {
    const [meaning, standard] = halves(part.description);
    const absent = required.includes(key) ? "**must**" : standard;
    return `| \`${key}\` | ${cell(meaning)} | ${cell(valueText(join(path, key), part))} | ${cell(absent)} |`;
  });
  return ["| key | meaning | value | without it |", "|---|---|---|---|", ...rows];
}

/** A table for a mapping, and after it those of the mappings in it. */
function sections(path: string, schema: Schema): string[] {
  return [
    "",
    path === "" ? "## The document" : `${"#".repeat(path.includes(".") ? 3 : 2)} \`${path}\``,
    "",
    ...(path === "" || meaningOf(schema) === "" ? [] : [`${meaningOf(schema)}.`, ""]),
    ...table(path, schema),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, part]) => inner(join(path, key), part)),
  ];
}

/** A step's changes are written like the parts that they change. */
const isChange = (path: string) => /^steps\[\]\.(class|student)$/.test(path);

function inner(path: string, part: Schema): string[] {
  if (isChange(path)) return [];
  const { properties, additionalProperties, items, anyOf = [] } = part;
  if (properties !== undefined) return sections(path, part);
  if (typeof additionalProperties === "object")
    return inner(`${path}.<name>`, { ...additionalProperties, description: meaningOf(part) });
  if (typeof items === "object") return inner(`${path}[]`, { ...items, description: meaningOf(part) });
  return anyOf.flatMap((each) => inner(path, each));
}

/** What may be written there; a mapping leads to its own table. */
function valueText(path: string, part: Schema): string {
  const { type, const: fixed, enum: choices, properties, additionalProperties, items, prefixItems, anyOf } = part;
  if (isChange(path)) return "changes";
  if (anyOf !== undefined) return anyOf.map((each) => valueText(path, each)).join(" or ");
  if (typeof fixed === "string") return code(fixed);
  if (choices !== undefined) return choices.map(code).join(", ");
  if (properties !== undefined) return `[mapping](#${anchor(path)})`;
  if (typeof additionalProperties === "object")
    return additionalProperties.properties === undefined && additionalProperties.items === undefined
      ? `mapping of ${valueText(`${path}.<name>`, additionalProperties)}`
      : `by name: ${valueText(`${path}.<name>`, additionalProperties)}`;
  if (prefixItems !== undefined) return `list of ${prefixItems.length} names`;
  if (typeof items === "object") return `list of ${valueText(`${path}[]`, items)}`;
  if (type === "boolean") return "`true` or `false`";
  if (type === "integer") return wholeNumber(part);
  return type === "string" ? "text" : (type ?? "anything");
}

function wholeNumber({ minimum, maximum = Infinity }: Schema): string {
  if (maximum < Number.MAX_SAFE_INTEGER) return `number, ${minimum ?? ""}–${maximum}`;
  return minimum === undefined || minimum < Number.MIN_SAFE_INTEGER + 1 ? "number" : `number ≥ ${minimum}`;
}

/** "What it is. Default: what it is without it". */
function halves(description: string): [meaning: string, standard: string] {
  const [meaning = "", standard = "–"] = description.split(/(?:^|[.;] )Default: /);
  return [meaning, standard];
}

const meaningOf = ({ description }: Schema) => halves(description)[0];

const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);

const code = (text: string) => `\`${text}\``;

/** A pipe would end the cell; `<name>` would be taken for a tag. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/(?<!`)<(\w+)>(?!-|`)/g, "\\<$1\\>");
}

/** As GitHub makes them of headings: punctuation is left out. */
function anchor(path: string): string {
  return path.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
