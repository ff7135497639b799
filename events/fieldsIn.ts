// Which fields does a schema of data hold, and who sees each? Through what wraps it: lists, defaults, what may be absent.
import * as z from 'zod';
import { type Audience, audienceOf, declaredAudience } from './audience.ts';

export interface Field {
  readonly audience: Audience;
  /** Whether the field itself says who sees it. */
  readonly declares: boolean;
  /** The fields of the object, or of each object of the list, that stands here, where they declare who sees them. */
  readonly within: Fields | undefined;
}

export type Fields = ReadonlyMap<string, Field>;

const known = new WeakMap<z.core.$ZodType, Fields>();

/** The object that a schema holds: itself, or what lists and wrappers lead to. */
const objectIn = (schema: z.core.$ZodType): z.ZodObject | undefined => {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodArray) return objectIn(schema.element);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return objectIn(schema.unwrap());
  return undefined;
};

const fieldOf = (schema: z.core.$ZodType): Field => {
  const object = objectIn(schema);
  const innerDeclares = object !== undefined && Object.values(object.shape).some((field) => declaredAudience(field));
  return {
    audience: audienceOf(schema),
    declares: declaredAudience(schema) !== undefined,
    within: object !== undefined && innerDeclares ? fieldsIn(object) : undefined,
  };
};

/**
 * The fields of an object's schema by name; none where it is no object. Where the fields of an inner object declare nothing,
 * as those of Money, who sees the whole sees them.
 */
export const fieldsIn = (schema: z.core.$ZodType): Fields => {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const shape = objectIn(schema)?.shape ?? {};
  const fields = new Map(Object.entries(shape).map(([name, field]) => [name, fieldOf(field)]));
  known.set(schema, fields);
  return fields;
};
