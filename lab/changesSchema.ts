import type { z } from "zod";

type Schema = z.core.JSONSchema.BaseSchema;

/**
 * JSON Schema of changes to what another JSON Schema describes, as merge patches (RFC 7396): nothing must be there, and null takes away.
 * A list is replaced as a whole, so what is in it is written out.
 */
export function changesSchema({ required: _required, default: _default, $schema: _draft, ...part }: Schema): Schema {
  const { properties, additionalProperties, anyOf } = part;
  if (properties !== undefined)
    part.properties = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, removable(value)]));
  if (additionalProperties !== undefined) part.additionalProperties = removable(additionalProperties);
  if (anyOf !== undefined) part.anyOf = anyOf.map((each) => (typeof each === "boolean" ? each : changesSchema(each)));
  return part;
}

function removable(schema: boolean | Schema): boolean | Schema {
  if (typeof schema === "boolean") return schema;
  const { description, ...inner } = changesSchema(schema);
  return { ...(description === undefined ? {} : { description }), anyOf: [inner, { type: "null" }] };
}
