// Which fields does a schema hold, and who sees each of them?
import * as z from 'zod';
import { type Audience, audienceOf, declaredAudience } from './audience.ts';

export interface Field {
  readonly audience: Audience;
  /** Whether the field itself declares its audience. */
  readonly declares: boolean;
  /**
   * The fields of the object (or of each object in the list) that the field holds; undefined if none declares an
   * audience.
   */
  readonly within: Fields | undefined;
}

export type Fields = ReadonlyMap<string, Field>;

const known = new WeakMap<z.core.$ZodType, Fields>();

/** The object schema in a schema: itself, or the one inside lists, defaults, and optional or nullable schemas. */
export const objectIn = (schema: z.core.$ZodType): z.ZodObject | undefined => {
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
 * The fields of an object's schema, by name; none if the schema holds no object. If the fields of an inner object
 * declare nothing (as in Money), they have the audience of the field that holds them.
 */
export const fieldsIn = (schema: z.core.$ZodType): Fields => {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const shape = objectIn(schema)?.shape ?? {};
  const fields = new Map(Object.entries(shape).map(([name, field]) => [name, fieldOf(field)]));
  known.set(schema, fields);
  return fields;
};
