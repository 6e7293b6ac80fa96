import { z } from "zod";
import type { FieldType, Fields, NpmSdk } from "./npmOpenstackSdk.ts";

interface SchemaType {
  type?: string | undefined;
  $ref?: string | undefined;
  items?: SchemaType | undefined;
  additionalProperties?: SchemaType | undefined;
}
const typeSchema: z.ZodType<SchemaType> = z.object({
  type: z.string().optional(),
  $ref: z.string().optional(),
  get items() {
    return typeSchema.optional();
  },
  get additionalProperties() {
    return typeSchema.optional();
  },
});
const properties = z.record(z.string(), typeSchema).default({});
const inputs = z.object({ inputProperties: properties, requiredInputs: z.array(z.string()).default([]), properties });

/** The parts of a provider's schema that say what it accepts: https://www.pulumi.com/docs/iac/packages-and-automation/pulumi-packages/schema/ */
export const providerSchema = z.object({
  resources: z.record(z.string(), inputs),
  functions: z.record(
    z.string(),
    z.object({ inputs: z.object({ properties, required: z.array(z.string()).default([]) }).optional() }),
  ),
  provider: inputs,
  types: z.record(z.string(), z.object({ properties, required: z.array(z.string()).default([]) })),
});

/** A parsed provider schema. */
export type ProviderSchema = z.infer<typeof providerSchema>;

/** Nested types of data sources have the data source's name: `openstack:compute/getInstanceV2Network:getInstanceV2Network`. */
const isAnswer = (token: string) => token.includes(":get");

/** Every token, field and type that the npm SDK may send and the provider does not take, and every field it misses. */
export function disagreements(sdk: NpmSdk, schema: ProviderSchema): string[] {
  const compare = (path: string, fields: Fields, offered: Record<string, SchemaType>, required: readonly string[]) => [
    ...[...fields].flatMap(([name, { type }]) => {
      const has = offered[name];
      return has === undefined
        ? [`${path}.${name}: unknown to the provider`]
        : compareType(`${path}.${name}`, type, has);
    }),
    ...required
      .filter((name) => fields.get(name)?.required !== true)
      .map((name) => `${path}.${name}: required by the provider, not by the SDK`),
  ];
  const compareType = (path: string, type: FieldType, has: SchemaType): string[] => {
    const inner = type.replace(/^\w+ /, "");
    if (type === "any") return [];
    if (type.startsWith("list ") && has.items !== undefined) return compareType(`${path}[]`, inner, has.items);
    if (type.startsWith("map ") && has.type === "object")
      return has.additionalProperties === undefined ? [] : compareType(`${path}{}`, inner, has.additionalProperties);
    if (type.startsWith("object ")) {
      const token = has.$ref?.replace("#/types/", "") ?? "";
      const nested = schema.types[token];
      const fields = sdk.objects.get(inner);
      if (nested === undefined || fields === undefined) return [`${path}: ${type} is ${JSON.stringify(has)}`];
      // A type that is also an output says "required" of what is always there in answers.
      return compare(path, fields, nested.properties, isAnswer(token) ? [] : nested.required);
    }
    const scalar = has.type === "integer" ? "number" : has.type;
    return scalar === type ? [] : [`${path}: ${type} is ${JSON.stringify(has)}`];
  };
  return [
    ...[...sdk.resources].flatMap(([token, fields]) => {
      const resource = schema.resources[token];
      if (resource === undefined) return [`${token}: unknown to the provider`];
      const missing = (sdk.outputs.get(token) ?? []).filter((name) => resource.properties[name] === undefined);
      return [
        ...compare(token, fields, resource.inputProperties, resource.requiredInputs),
        ...missing.map((name) => `${token}.${name}: an output that the provider does not have`),
      ];
    }),
    ...[...sdk.dataSources].flatMap(([token, fields]) => {
      const called = schema.functions[token];
      if (called === undefined) return [`${token}: unknown to the provider`];
      return compare(token, fields, called.inputs?.properties ?? {}, called.inputs?.required ?? []);
    }),
    ...compare("provider", sdk.provider, schema.provider.inputProperties, schema.provider.requiredInputs),
  ];
}
