// Which data do the words `field=value` mean? Each value is read by the field's own schema in the catalog.
import * as z from 'zod';
import { catalog, type EventType, eventTypes } from '../../events/catalog.ts';
import { isObject, type JsonObject } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';

/** The types that a person may record. */
const recordedTypes: readonly EventType[] = eventTypes.filter((type) =>
  catalog[type].saidBy.some((sayer) => sayer !== 'system'),
);

/** The schema of a type's data; refuses a type that no person may record. */
const dataSchemaOf = (type: string): z.core.$ZodType => {
  const known = recordedTypes.find((each) => each === type);
  return known === undefined
    ? refuse(`"${type}" is no type that a person records. There are ${recordedTypes.join(', ')}.`)
    : catalog[known].data;
};

interface Unwrapped {
  readonly schema: z.core.$ZodType;
  readonly nullable: boolean;
}

const unwrapped = (schema: z.core.$ZodType): Unwrapped => {
  if (schema instanceof z.ZodNullable) return { ...unwrapped(schema.unwrap()), nullable: true };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault)
    return unwrapped(schema.unwrap());
  // What is read before or after it (a text made an instant, an id normalised) begins as its own input.
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  return { schema, nullable: false };
};

/** The schemas that a value may have: one, or the options of a union. */
const optionsOf = (schema: z.core.$ZodType): readonly z.core.$ZodType[] => {
  const { schema: own } = unwrapped(schema);
  return own instanceof z.ZodUnion ? own.options.flatMap(optionsOf) : [own];
};

const fieldsOf = (schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> =>
  Object.assign({}, ...optionsOf(schema).map((option) => (option instanceof z.ZodObject ? option.shape : {})));

/** The schema at a dotted path. */
const schemaAt = (type: string, path: readonly string[]): z.core.$ZodType =>
  path.reduce((schema, name, depth) => {
    const fields = fieldsOf(schema);
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (found !== undefined) return found;
    const holder = [type, ...path.slice(0, depth)].join('.');
    const names = Object.keys(fields);
    return refuse(
      names.length === 0
        ? `${holder} has no fields of its own: give it as JSON, ${path.slice(0, depth).join('.')}='…'.`
        : `${holder} has no field ${name}; it has ${names.join(', ')}.`,
    );
  }, dataSchemaOf(type));

const parsedJson = (field: string, text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    return refuse(`${field} is not JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
};

const isNumber = (option: z.core.$ZodType): boolean => option instanceof z.ZodNumber;

/** A reference to a thing in an outside system may be said as `<system>/<kind>/<id>`. */
const referenceIn = (fields: Readonly<Record<string, unknown>>, text: string): JsonObject | undefined => {
  if (Object.keys(fields).join() !== 'system,kind,id') return undefined;
  const [, system, kind, id] = /^([^/]+)\/([^/]+)\/(.+)$/.exec(text) ?? [];
  return system === undefined ? undefined : { system, kind, id };
};

/** A value as its schema has it: numbers, true and false, null where it may be null, lists and objects as JSON, else text. */
const saidValue = (field: string, text: string, schema: z.core.$ZodType): unknown => {
  const options = optionsOf(schema);
  if (text === 'null' && unwrapped(schema).nullable) return null;
  if (/^(true|false)$/.test(text) && options.some((option) => option instanceof z.ZodBoolean)) return text === 'true';
  if (/^-?\d+(\.\d+)?$/.test(text) && options.some(isNumber)) return Number(text);
  const holds = options.find((option) => !isNumber(option) && !(option instanceof z.ZodBoolean));
  if (holds instanceof z.ZodArray)
    return text.startsWith('[')
      ? parsedJson(field, text)
      : refuse(`${field} is a list: give it as JSON, ${field}='[…]'.`);
  if (holds instanceof z.ZodObject || holds instanceof z.ZodRecord) {
    if (text.startsWith('{')) return parsedJson(field, text);
    const names = Object.keys(fieldsOf(schema));
    return (
      referenceIn(fieldsOf(schema), text) ??
      refuse(
        names.length === 0
          ? `${field} holds fields by name: give it as JSON, ${field}='{…}'.`
          : `${field} holds ${names.join(', ')}: say ${names.map((name) => `${field}.${name}=…`).join(' ')}, or give it as JSON.`,
      )
    );
  }
  return text;
};

const placed = (
  into: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: unknown,
  field: string,
): JsonObject => {
  const held = into[name];
  if (rest.length === 0) return held === undefined ? { ...into, [name]: value } : refuse(`${field} is given twice.`);
  if (held !== undefined && !isObject(held)) return refuse(`${field} is given twice.`);
  return { ...into, [name]: placed(held ?? {}, rest, value, field) };
};

/** The data of a fact of that type, from words such as `quantity=5` and `price.currency=EUR`; refuses what the type doesn't have. */
export const dataOfWords = (type: string, words: readonly string[]): JsonObject => {
  dataSchemaOf(type);
  return words.reduce((data: JsonObject, word) => {
    const [, field, text] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? [];
    if (field === undefined || text === undefined) return refuse(`"${word}" says no field: say it as field=value.`);
    const path = field.split('.');
    return placed(data, path, saidValue(field, text, schemaAt(type, path)), field);
  }, {});
};
