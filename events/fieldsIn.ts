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

/** The schemas of the objects in a schema: itself, or those inside lists, unions, defaults, and optional or nullable schemas. */
export const objectsIn = (schema: z.core.$ZodType): readonly z.ZodObject[] => {
  if (schema instanceof z.ZodObject) return [schema];
  if (schema instanceof z.ZodArray) return objectsIn(schema.element);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(objectsIn);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return objectsIn(schema.unwrap());
  return [];
};

/** The one object schema in a schema; undefined if it holds none, or several. */
export const objectIn = (schema: z.core.$ZodType): z.ZodObject | undefined => {
  const [only, ...others] = objectsIn(schema);
  return others.length === 0 ? only : undefined;
};

/** Whether fields of the objects in a schema declare who sees them; else they have the audience of the field that holds them. */
export const innerDeclares = (schema: z.core.$ZodType): boolean =>
  objectsIn(schema).some(({ shape }) => Object.values(shape).some(declaredAudience));

const fieldOf = (schema: z.core.$ZodType): Field => {
  return {
    audience: audienceOf(schema),
    declares: declaredAudience(schema) !== undefined,
    within: innerDeclares(schema) ? fieldsIn(schema) : undefined,
  };
};

/**
 * The fields of an object's schema, by name; none if the schema holds no object. If the fields of an inner object
 * declare nothing (as in Money), they have the audience of the field that holds them.
 */
export const fieldsIn = (schema: z.core.$ZodType): Fields => {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const shapes = objectsIn(schema).map(({ shape }) => shape);
  // The objects of a union may share a name, and then the first of them declares who sees the field.
  const fields = new Map(
    shapes
      .toReversed()
      .flatMap((shape) => Object.entries(shape).map(([name, field]) => [name, fieldOf(field)] as const)),
  );
  known.set(schema, fields);
  return fields;
};
