// Does the quick look of a schema accept only what the schema itself returns as it is, and does it accept nearly every event?
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalog, type EventType, eventTypes, parseRecorded } from '../../events/catalog.ts';
import { recordedEnvelope } from '../../events/envelope.ts';
import { fitsOf } from '../../events/fits.ts';

const folder = new URL('../fixtures/events/', import.meta.url);
const events = readdirSync(folder).map((name): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));

const schemaOf = (type: EventType) =>
  z.object({ ...recordedEnvelope, type: z.literal(type), data: catalog[type].data });
const looks = eventTypes.map((type) => ({ schema: schemaOf(type), fits: fitsOf(schemaOf(type)) }));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Path = readonly string[];

/** Where something stands in a value: itself, its members, and what is in them. */
const pathsIn = (value: unknown): readonly Path[] => [
  [],
  ...(isObject(value) || Array.isArray(value) ? Object.entries(value) : []).flatMap(([name, held]) =>
    pathsIn(held).map((path) => [name, ...path]),
  ),
];

const gone = Symbol('left out');

/** The value with another one at a path. */
const withAt = (value: unknown, [name, ...rest]: Path, by: unknown): unknown => {
  if (name === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === name ? withAt(item, rest, by) : item));
  if (!isObject(value)) return value;
  const held = withAt(value[name], rest, by);
  return Object.fromEntries([
    ...Object.entries(value).filter(([each]) => each !== name),
    ...(held === gone ? [] : [[name, held]]),
  ]);
};

/** Texts by a character too long for a field that has such a limit. */
const tooLong = [64, 128, 256, 512, 1024, 2048].map((most) => 'x'.repeat(most + 1));

/** A value that may stand where another one was: a near one, any JSON, or none. */
const instead = fc.oneof(
  fc.constant(gone),
  fc.jsonValue(),
  fc.constantFrom(...tooLong),
  fc.constantFrom(
    undefined,
    '',
    ' ',
    '2026-02-29T09:00:00.000Z',
    'a\nb',
    'EUR',
    'x'.repeat(3000),
    -1,
    0.5,
    1e300,
    [],
    {},
  ),
);

const changed = fc
  .constantFrom(...events)
  .chain((event) =>
    fc
      .tuple(fc.constantFrom(...pathsIn(event)), instead, fc.option(fc.string(), { freq: 4 }))
      .map(([path, by, more]) => withAt(event, more === null ? path : [...path, more], by)),
  );

describe('the quick look', () => {
  it('accepts only what the schema returns unchanged', () => {
    fc.assert(
      fc.property(changed, (value) => {
        for (const { schema, fits } of looks) {
          if (!fits(value)) continue;
          expect(schema.safeParse(value)).toStrictEqual({ success: true, data: value });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts most events that were ever shipped, each as its own type alone', () => {
    const accepted = events.map((event) => looks.filter(({ fits }) => fits(event)).length);
    expect(accepted.every((count) => count <= 1)).toBe(true);
    expect(accepted.filter((count) => count === 1).length).toBeGreaterThan(0.7 * events.length);
  });

  it('sees a default and an unknown key, which the schema would add and leave out', () => {
    const filled = fitsOf(z.object({ kind: z.string().default('none'), of: z.string().default('x').optional() }));
    expect([{ kind: 'a' }, {}, { kind: 'a', of: 'b' }, { kind: 'a', of: 'b', more: 1 }].map(filled)).toEqual([
      ...[false, false, true, false],
    ]);
  });

  it('leaves to the schema what it does not know', () => {
    const texts = [z.string().trim(), z.string().regex(/a/g), z.iso.date(), z.union([z.string(), z.number()])];
    expect(texts.some((schema) => fitsOf(schema)('2026-01-01'))).toBe(false);
    expect(fitsOf(z.number().multipleOf(2))(4)).toBe(false);
    expect(fitsOf(z.int32())(4)).toBe(false);
  });
});

it('an event that is parsed quickly is the same as one that is parsed whole', () => {
  for (const event of events) {
    const parsed = parseRecorded(event);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    expect(schemaOf(parsed.value.type).parse(event)).toEqual(parsed.value);
  }
});
