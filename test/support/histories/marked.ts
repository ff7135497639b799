// What if every field that not everyone sees held a value of its own? Facts whose values can be traced to their fields in any answer.
import * as z from 'zod';
import type { Audience } from '../../../events/audience.ts';
import { definitionOf, type Fact, parseFact } from '../../../events/catalog.ts';
import { Reference, recordedEnvelope } from '../../../events/envelope.ts';
import { type Fields, fieldsIn } from '../../../events/fieldsIn.ts';
import { canonicalJson } from '../../../events/identifiers.ts';
import { Currency } from '../../../events/money.ts';

type Data = Readonly<Record<string, unknown>>;
const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The field of a fact that holds a mark. All its audiences must allow a caller: its own, and those of the fields around it. */
export interface MarkedField {
  readonly fact: Fact;
  readonly path: string;
  readonly by: readonly { readonly audience: Audience; readonly objects: readonly Data[] }[];
}

/** Marks are texts such as `mk17x`, or whole numbers of nine digits: a difference of two is none. In JPY a decimal text and minor units are the same. */
const mark = /mk\d+x|(?<![\d.-])7\d{8}(?!\d)/g;
const currency = 'JPY';

/** The marks in a text, each once. */
export const marksIn = (text: string): ReadonlySet<string> => new Set(text.match(mark) ?? []);

export interface Marks {
  /** The fact, with a mark in each field that not everyone sees, and in those of its optional ones that it left out. */
  marked(fact: Fact): Fact;
  readonly fields: ReadonlyMap<string, MarkedField>;
}

/** The first of these values that a schema takes; else what there was. */
const taken = (schema: z.core.$ZodType, before: unknown, ...values: readonly unknown[]): unknown =>
  values.find((value) => z.safeParse(schema, value).success) ?? before;

export const createMarks = (): Marks => {
  const fields = new Map<string, MarkedField>();
  let made = 0;
  const next = (): number => {
    made += 1;
    return made;
  };

  const filledIn = (schema: z.core.$ZodType, before: unknown): unknown => {
    if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
      return filledIn(schema.unwrap(), before ?? undefined);
    // Parties stay who they are, so that they are found again.
    if (schema instanceof z.ZodObject && Reference.safeParse(before).success) return before;
    if (schema instanceof z.ZodObject) {
      const held = isData(before) ? before : {};
      const filled = Object.entries(schema.shape).map(([name, field]) => [name, filledIn(field, held[name])]);
      return taken(schema, before, Object.fromEntries(filled));
    }
    if (schema instanceof z.ZodArray) {
      const list: readonly unknown[] = Array.isArray(before) && before.length > 0 ? before : [undefined];
      return taken(
        schema,
        before,
        list.map((each) => filledIn(schema.element, each)),
      );
    }
    if (
      schema instanceof z.ZodString &&
      z.safeParse(Currency, before ?? currency).success &&
      z.safeParse(schema, currency).success &&
      !z.safeParse(schema, 'mk1x').success
    )
      return currency;
    const number = 700_000_000 + next();
    if (schema instanceof z.ZodNumber) return taken(schema, before, number);
    if (schema instanceof z.ZodString) return taken(schema, before, `mk${made}x`, String(number));
    return before;
  };

  const markedIn = (schema: z.ZodObject, data: Data): Data => {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    const own = fieldsIn(schema);
    const filled = Object.entries(shape).map(([name, field]): [string, unknown] => {
      const { audience, within } = own.get(name) ?? {};
      const value = data[name];
      if (within !== undefined && audience?.kind !== 'vendor') return [name, markedWithin(field, value)];
      return [name, audience?.kind === 'everyone' ? value : filledIn(field, value)];
    });
    return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
  };

  const markedWithin = (schema: z.core.$ZodType, value: unknown): unknown => {
    if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
      return value === undefined || value === null ? value : markedWithin(schema.unwrap(), value);
    if (schema instanceof z.ZodArray && Array.isArray(value))
      return value.map((each) => markedWithin(schema.element, each));
    return schema instanceof z.ZodObject && isData(value) ? markedIn(schema, value) : value;
  };

  const note = (
    fact: Fact,
    held: Fields,
    objects: readonly [Data, ...Data[]],
    around: MarkedField['by'],
    path: string,
  ): void => {
    for (const [name, value] of Object.entries(objects[0])) {
      const { audience = { kind: 'vendor' as const }, within } = held.get(name) ?? {};
      const by = [...around, { audience, objects }];
      const here = `${path}.${name}`;
      const inner: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (within === undefined)
        for (const found of marksIn(canonicalJson(value ?? null))) fields.set(found, { fact, path: here, by });
      else for (const each of inner) if (isData(each)) note(fact, within, [each, ...objects], by, here);
    }
  };

  return {
    fields,
    marked: (fact) => {
      const schema = definitionOf(fact.type)?.data;
      if (!(schema instanceof z.ZodObject)) throw new Error(`the data of ${fact.type} is no object`);
      const around = { source: `crm:mk${next()}x`, sourceEventId: `mk${next()}x`, causationId: `mk${next()}x` };
      const optional = {
        claimedAt: `mk${next()}x`,
        sourceState: { of: `mk${next()}x`, is: `mk${next()}x` },
        // A person's fact may be refused.
        ...(fact.saidBy?.role === 'vendor' && { actor: `mk${next()}x` }),
      };
      const made = parseFact({ ...fact, ...around, ...optional, data: markedIn(schema, fact.data) });
      if (!made.ok) throw new Error(`not a ${fact.type}: ${JSON.stringify(made.issues)}`);
      const { data, ...envelope } = made.value;
      note(made.value, fieldsIn(schema), [data], [], fact.type);
      note(made.value, fieldsIn(z.object(recordedEnvelope())), [envelope], [], fact.type);
      return made.value;
    },
  };
};
