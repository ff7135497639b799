// What does data from outside say in the catalog's own form: ids as text, times as instants, numbers without loss?
import * as z from 'zod';
import type { Issue, Parsed } from '../catalog.ts';
import { parseDate, parseInstant } from '../instant.ts';
import { issuesWithKeys } from '../unknownKeys.ts';
import { measuredNumber, SourceNumber } from './sourceJson.ts';

/** The data, and the numbers in it that can't be kept. Whether it fits the schema, only the schema knows. */
export interface SaidData {
  readonly data: unknown;
  readonly issues: readonly Issue[];
}

interface Place extends Pick<Said, 'numberOf' | 'numbersAreText'> {
  readonly path: readonly string[];
  readonly issues: Issue[];
}

type Schema = z.core.$ZodType;

const formatOf = (schema: Schema): unknown =>
  schema instanceof z.ZodISODate ? 'date' : z.globalRegistry.get(schema)?.format;

/** A time of day with its offset: without one, an instant would be a guess. */
const isWholeTime = (text: string): boolean => /^.{10}[Tt ].+(?:[Zz]|[+-]\d{2}:?\d{2})$/.test(text);

/** Text that can't be read as a time or a date stays as it is, so that the schema refuses it. */
const textIn = (schema: Schema, text: string): string => {
  const format = formatOf(schema);
  if (format === 'date-time') return (isWholeTime(text) ? parseInstant(text) : undefined) ?? text;
  return format === 'date' ? (parseDate(text) ?? text) : text;
};

const numberIn = (
  schema: Schema,
  { text }: SourceNumber,
  { path, numberOf, numbersAreText, issues }: Place,
): unknown => {
  const { type } = schema._zod.def;
  if (type === 'string') return numbersAreText ? textIn(schema, text) : Number(text);
  if (type === 'unknown') return measuredNumber(text) ?? text;
  const number = numberOf(text);
  if (number === undefined) {
    const message = `${text} can not be kept: it has more digits than a number holds`;
    issues.push({ path: path.join('.'), message });
  }
  return number ?? text;
};

/** Of several schemas, the first that what it reads fits, else the first. */
const inUnion = (options: readonly Schema[], said: unknown, place: Place): unknown => {
  const readings = options.map((option) => {
    const issues: Issue[] = [];
    const data = valueIn(option, said, { ...place, issues });
    return { data, issues, fits: issues.length === 0 && z.safeParse(option, data).success };
  });
  const chosen = readings.find(({ fits }) => fits) ?? readings[0];
  place.issues.push(...(chosen?.issues ?? []));
  return chosen?.data;
};

const memberOf = (schema: Schema, name: string): Schema | undefined => {
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
};

const anything = z.unknown();

const valueIn = (schema: Schema, said: unknown, place: Place): unknown => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return valueIn(schema.unwrap(), said, place);
  if (schema instanceof z.ZodPipe) return valueIn(schema.in, said, place);
  if (schema instanceof z.ZodUnion) return inUnion(schema.options, said, place);
  if (typeof said === 'string') return textIn(schema, said);
  if (said instanceof SourceNumber) return numberIn(schema, said, place);
  const within = (name: string): Place => ({ ...place, path: [...place.path, name] });
  if (Array.isArray(said)) {
    const element = schema instanceof z.ZodArray ? schema.element : anything;
    return said.map((item, index) => valueIn(element, item, within(`${index}`)));
  }
  if (typeof said !== 'object' || said === null) return said;
  return Object.fromEntries(
    Object.entries(said).map(([name, member]) => [
      name,
      valueIn(memberOf(schema, name) ?? anything, member, within(name)),
    ]),
  );
};

/** What data is read from, by which schema. */
export interface Said {
  readonly schema: z.ZodType;
  /** Plain JavaScript, or what `readJson` reads. */
  readonly said: unknown;
  /** `exactNumber` or `measuredNumber`. */
  readonly numberOf: (text: string) => number | undefined;
  /** Whether a number becomes its text where the schema has text. Else it stays a number, which the schema refuses. */
  readonly numbersAreText?: boolean;
}

/**
 * Data with each field in the form of its schema, as far as it can be read so: a time of any offset and precision
 * becomes an instant, a date with a time its day, and a source's number a number or text.
 */
export const saidData = ({ schema, said, numberOf, numbersAreText = false }: Said): SaidData => {
  const issues: Issue[] = [];
  return { data: valueIn(schema, said, { path: [], numberOf, numbersAreText, issues }), issues };
};

/** The same data, checked by the schema. Each issue names the path of the wrong value. */
export const parseSaid = (from: Said): Parsed<unknown> => {
  const { data, issues } = saidData(from);
  if (issues.length > 0) return { ok: false, issues };
  const parsed = from.schema.safeParse(data);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, issues: issuesWithKeys(from.schema, parsed.error, data) };
};
