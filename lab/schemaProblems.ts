import { z } from "zod";
import { didYouMean } from "./didYouMean.ts";
import type { Problem } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** The part of a JSON Schema that says which keys are allowed where. */
interface Keys {
  properties?: Record<string, Keys>;
  additionalProperties?: Keys | boolean;
  items?: Keys | boolean;
  anyOf?: Keys[];
}
const Keys: z.ZodType<Keys> = z.lazy(() =>
  z.object({
    properties: z.record(z.string(), Keys).optional(),
    additionalProperties: z.union([z.boolean(), Keys]).optional(),
    items: z.union([z.boolean(), Keys]).optional(),
    anyOf: z.array(Keys).optional(),
  }),
);

/**
 * What zod found, in the words of the rest of the project: unknown keys with a suggestion, what is missing, what has the wrong type.
 *
 * @param issues from `safeParse(…, { reportInput: true })`: what is missing and what is wrong differ in their input only
 */
export function schemaProblems(schema: z.ZodType, issues: readonly Issue[]): Problem[] {
  const keys = Keys.parse(z.toJSONSchema(schema, { io: "input" }));
  return issues.flatMap((issue) => issueProblems(keys, issue, issue.path));
}

/** The keys that a document may have at a path. */
export function knownKeys(schema: z.ZodType, path: readonly string[]): string[] {
  return keysAt(Keys.parse(z.toJSONSchema(schema, { io: "input" })), path);
}

function issueProblems(keys: Keys, issue: Issue, fullPath: readonly PropertyKey[]): Problem[] {
  const path = fullPath.map(String).join(".");
  const problem = (reason: string) => [{ path, reason }];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(keys, fullPath.map(String));
      return issue.keys.map((key) => ({
        path: path === "" ? key : `${path}.${key}`,
        reason: `is not a key here${didYouMean(key, known)} (there are ${known.join(", ")})`,
      }));
    }
    case "invalid_union": {
      const fitting = issue.errors.filter((branch) => !branch.some(isOtherType));
      // Of several kinds whose type fits, the one that was meant is the one that got furthest.
      const [meant] = fitting.toSorted((a, b) => depth(b) - depth(a));
      if (meant !== undefined)
        return meant.flatMap((inner) => issueProblems(keys, inner, [...fullPath, ...inner.path]));
      const expected = issue.errors.flat().flatMap((inner) => (inner.path.length === 0 ? expectedType(inner) : []));
      return problem(typeText([...new Set(expected)].join(" or "), issue.input));
    }
    case "invalid_key":
      return issue.issues.map(({ message }) => ({ path, reason: `"${String(fullPath.at(-1))}" ${message}` }));
    case "invalid_type":
      return problem(typeText(articled(issue.expected), issue.input));
    case "invalid_value": {
      const values = issue.values.map(String);
      if (typeof issue.input !== "string") return problem(typeText(`one of ${values.join(", ")}`, issue.input));
      return problem(`"${shortened(issue.input)}" is none of ${values.join(", ")}${didYouMean(issue.input, values)}`);
    }
    case "too_small":
    case "too_big": {
      const [bound, edge] = issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
      return problem(
        issue.origin === "array"
          ? `must have ${bound} ${edge} ${Number(edge) === 1 ? "entry" : "entries"}`
          : `must be ${bound} ${edge}, not ${inputText(issue.input)}`,
      );
    }
    case "invalid_format":
      return problem(
        issue.format === "url"
          ? `${inputText(issue.input)} is not a URL; write one like "http://mirror.example/debian"`
          : `${inputText(issue.input)} ${issue.message}`,
      );
    case "custom":
    case "invalid_element":
    case "not_multiple_of":
      return problem(`${inputText(issue.input)} ${issue.message}`);
  }
}

const depth = (issues: readonly Issue[]) => Math.max(...issues.map(({ path }) => path.length));

/** Whether this kind of a union was not meant, because something else altogether is written there. */
const isOtherType = ({ code, path, input }: Issue) =>
  path.length === 0 && (code === "invalid_type" || (code === "invalid_value" && typeof input !== "string"));

function expectedType(issue: Issue): string[] {
  if (issue.code === "invalid_type") return [articled(issue.expected)];
  return issue.code === "invalid_value" ? [`one of ${issue.values.map(String).join(", ")}`] : [];
}

function typeText(expected: string, input: unknown): string {
  if (input === undefined) return `is missing; it must be ${expected}`;
  if (input === null) return `is empty; it must be ${expected}`;
  const quotes = expected.includes("a string") && typeof input !== "object" ? "; put it in quotes" : "";
  return `must be ${expected}, not ${inputText(input)}${quotes}`;
}

function inputText(input: unknown): string {
  if (typeof input === "string") return `"${shortened(input)}"`;
  if (typeof input === "number" || typeof input === "boolean") return String(input);
  return Array.isArray(input) ? "a list" : input === null ? "nothing" : "a mapping";
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function articled(type: string): string {
  if (type === "record" || type === "object") return "a mapping";
  if (type === "array" || type === "tuple") return "a list";
  if (type === "int") return "a whole number";
  if (type === "boolean") return "true or false";
  return `a ${type}`;
}

function keysAt(keys: Keys, [first, ...rest]: readonly string[]): string[] {
  const choices = [keys, ...(keys.anyOf ?? [])];
  if (first === undefined) return choices.flatMap(({ properties = {} }) => Object.keys(properties));
  return choices.flatMap(({ properties, additionalProperties, items }) => {
    const next = properties?.[first] ?? items ?? additionalProperties;
    return typeof next === "object" ? keysAt(next, rest) : [];
  });
}
