import { z } from "zod";
import { didYouMean } from "./didYouMean.ts";
import type { Problem } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** The part of a JSON Schema that says which keys are allowed where. */
interface Keys {
  properties?: Record<string, Keys>;
  additionalProperties?: Keys | boolean;
  items?: Keys;
  anyOf?: Keys[];
}
const Keys: z.ZodType<Keys> = z.lazy(() =>
  z.object({
    properties: z.record(z.string(), Keys).optional(),
    additionalProperties: z.union([z.boolean(), Keys]).optional(),
    items: Keys.optional(),
    anyOf: z.array(Keys).optional(),
  }),
);

/** What zod found, in the words of the rest of the project: unknown keys with a suggestion, what is missing, what has the wrong type. */
export function schemaProblems(schema: z.ZodType, issues: readonly Issue[]): Problem[] {
  const keys = Keys.parse(z.toJSONSchema(schema, { io: "input" }));
  return issues.flatMap((issue) => issueProblems(keys, issue, issue.path));
}

function issueProblems(keys: Keys, issue: Issue, fullPath: readonly PropertyKey[]): Problem[] {
  const path = fullPath.map(String).join(".");
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(keys, fullPath.map(String));
      return issue.keys.map((key) => ({
        path: path === "" ? key : `${path}.${key}`,
        reason: `is not a key here${didYouMean(key, known)}${known.length > 0 ? ` (there are ${known.join(", ")})` : ""}`,
      }));
    }
    case "invalid_union": {
      // The kind that was meant is the one whose type fits; of several, the one that got furthest.
      const branches = issue.errors.filter(
        (branch) => !branch.some((inner) => inner.code === "invalid_type" && inner.path.length === 0),
      );
      const [meant] = (branches.length > 0 ? branches : issue.errors).toSorted((a, b) => depth(b) - depth(a));
      return (meant ?? []).flatMap((inner) => issueProblems(keys, inner, [...fullPath, ...inner.path]));
    }
    case "invalid_key":
      return issue.issues.map(({ message }) => ({ path, reason: `"${String(fullPath.at(-1))}" ${message}` }));
    case "invalid_type":
      return [
        {
          path,
          reason:
            issue.input === undefined
              ? `is missing; it must be ${articled(issue.expected)}`
              : `must be ${articled(issue.expected)}`,
        },
      ];
    case "custom":
    case "invalid_element":
    case "invalid_format":
    case "invalid_value":
    case "not_multiple_of":
    case "too_big":
    case "too_small":
      return [{ path, reason: issue.message }];
  }
}

const depth = (issues: readonly Issue[]) => Math.max(...issues.map(({ path }) => path.length));

function articled(type: string): string {
  if (type === "record" || type === "object") return "a mapping";
  if (type === "array" || type === "tuple") return "a list";
  if (type === "int") return "a whole number";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function keysAt(keys: Keys, [first, ...rest]: readonly string[]): string[] {
  const choices = [keys, ...(keys.anyOf ?? [])];
  if (first === undefined) return choices.flatMap(({ properties = {} }) => Object.keys(properties));
  return choices.flatMap(({ properties, additionalProperties, items }) => {
    const next = properties?.[first] ?? items ?? additionalProperties;
    return typeof next === "object" ? keysAt(next, rest) : [];
  });
}
