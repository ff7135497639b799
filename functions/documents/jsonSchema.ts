// How does a zod schema become JSON Schema, with references to named shapes?
import * as z from 'zod';
import { withSeenBy } from './seenByText.ts';

/** A JSON object of a document. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface SchemaForm {
  /** Documents of AsyncAPI 3 are read as draft 7, all others as 2020-12. */
  readonly target: 'draft-2020-12' | 'draft-7';
  /** Where named shapes stand, such as `#/components/schemas/`; and their names. */
  readonly named?: { readonly at: string; readonly shapes: ReadonlyMap<z.core.$ZodType, string> };
}

/** The keywords that may stand beside a reference. */
const annotations: ReadonlySet<string> = new Set(['$ref', 'description', 'default', 'title']);

const keepOnly = (schema: Record<string, unknown>, kept: ReadonlySet<string>): void => {
  for (const keyword of Object.keys(schema)) if (!kept.has(keyword)) delete schema[keyword];
};

/** The schema of accepted input: a field with a default is optional. */
export const jsonSchemaOf = (schema: z.core.$ZodType, { target, named }: SchemaForm): JsonObject => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target,
    override: ({ zodSchema, jsonSchema }) => {
      const told = withSeenBy(jsonSchema.description, zodSchema);
      if (told !== '') jsonSchema.description = told;
      // The pattern of stored instants: at the doors any time of RFC 3339 is taken.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (named === undefined || zodSchema === schema) return;
      const name = named.shapes.get(zodSchema);
      if (name !== undefined) {
        keepOnly(jsonSchema, new Set());
        jsonSchema.$ref = `${named.at}${name}`;
      } else if (jsonSchema.$ref !== undefined) keepOnly(jsonSchema, annotations);
    },
  });
  return json;
};
