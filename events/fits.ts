// Would a schema accept a value just as it is? Found without zod's copy of the value, because every load parses every event.
import * as z from 'zod';
// Through `z.core`, a bundle would hold all of zod with its languages.
import * as core from 'zod/v4/core';

/**
 * Tells that a schema accepts a value and returns an equal one. False is no refusal: the value may need a default, may hold what the
 * schema leaves out, or may be of a kind that is not looked into here. Only the schema itself can say so.
 */
export type Fits = (value: unknown) => boolean;

const never: Fits = () => false;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a check asks of a text, a number or a list; undefined for a check that is not known here. */
const asked = (check: z.core.$ZodCheck<never>): Fits | undefined => {
  if (check instanceof core.$ZodCheckMinLength) {
    const { minimum } = check._zod.def;
    return (value) => (typeof value === 'string' || Array.isArray(value)) && value.length >= minimum;
  }
  if (check instanceof core.$ZodCheckMaxLength) {
    const { maximum } = check._zod.def;
    return (value) => (typeof value === 'string' || Array.isArray(value)) && value.length <= maximum;
  }
  if (check instanceof core.$ZodCheckRegex) {
    const { pattern } = check._zod.def;
    // A pattern that remembers where it was would not answer twice alike.
    if (pattern.global || pattern.sticky) return undefined;
    return (value) => typeof value === 'string' && pattern.test(value);
  }
  if (check instanceof core.$ZodCheckGreaterThan) {
    const { value: least, inclusive } = check._zod.def;
    if (typeof least !== 'number') return undefined;
    return (value) => typeof value === 'number' && (inclusive ? value >= least : value > least);
  }
  if (check instanceof core.$ZodCheckLessThan) {
    const { value: most, inclusive } = check._zod.def;
    if (typeof most !== 'number') return undefined;
    return (value) => typeof value === 'number' && (inclusive ? value <= most : value < most);
  }
  return undefined;
};

/** A value of the schema's own kind that also passes all its checks. */
const passing = (is: Fits, schema: z.core.$ZodType): Fits => {
  const checks = (schema._zod.def.checks ?? []).map(asked);
  if (checks.length === 0) return is;
  if (checks.length === 1) {
    const [only = never] = checks;
    return (value) => is(value) && only(value);
  }
  const all = checks.map((check) => check ?? never);
  return (value) => is(value) && all.every((check) => check(value));
};

const objectFits = (schema: z.ZodObject): Fits => {
  const fields = new Map(
    Object.entries(schema.shape).map(([name, field]) => {
      const fits = fitsOf(field);
      return [name, { fits, counts: fits(undefined) ? 0 : 1 }] as const;
    }),
  );
  const needed = fields.values().reduce((sum, { counts }) => sum + counts, 0);
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    for (const name of Object.keys(value)) {
      const field = fields.get(name);
      if (field === undefined || !field.fits(value[name])) return false;
      found += field.counts;
    }
    return found === needed;
  };
};

/** Makes the quick look of a schema, once. */
export const fitsOf = (schema: z.core.$ZodType): Fits => {
  if (schema instanceof z.ZodObject) return passing(objectFits(schema), schema);
  if (schema instanceof z.ZodOptional) {
    const inner = fitsOf(schema.unwrap());
    // A default inside answers for what is absent.
    const mayLack = schema.unwrap()._zod.optin === undefined;
    return (value) => (value === undefined ? mayLack : inner(value));
  }
  if (schema instanceof z.ZodNullable) {
    const inner = fitsOf(schema.unwrap());
    return (value) => value === null || inner(value);
  }
  if (schema instanceof z.ZodDefault) {
    const inner = fitsOf(schema.unwrap());
    return (value) => value !== undefined && inner(value);
  }
  if (schema instanceof z.ZodArray) {
    const item = fitsOf(schema.element);
    return passing((value) => Array.isArray(value) && value.every(item), schema);
  }
  if (schema instanceof core.$ZodStringFormat) return never;
  if (schema instanceof z.ZodString) return passing((value) => typeof value === 'string', schema);
  if (schema instanceof core.$ZodNumberFormat) {
    return schema._zod.def.format === 'safeint' ? passing(Number.isSafeInteger, schema) : never;
  }
  if (schema instanceof z.ZodNumber) return passing(Number.isFinite, schema);
  if (schema instanceof z.ZodBoolean) return passing((value) => typeof value === 'boolean', schema);
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) {
    const values: ReadonlySet<unknown> = schema._zod.values;
    return passing((value) => values.has(value), schema);
  }
  return never;
};
