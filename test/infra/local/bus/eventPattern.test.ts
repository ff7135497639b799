// Does the local bus match as EventBridge's own matcher does, and refuse by name what it doesn't run?
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compilePattern } from '../../../../infra/local/bus/eventPattern.ts';

const recorded = new URL('../../../../../shared/conformance/event-patterns.json', import.meta.url);

const conformance = z.object({
  cases: z.array(
    z.object({
      id: z.number(),
      test: z.string(),
      operators: z.array(z.string()),
      pattern: z.unknown(),
      event: z.unknown(),
      patternText: z.string().optional(),
      eventText: z.string().optional(),
      expected: z.boolean(),
    }),
  ),
  validity: z.array(z.object({ id: z.number(), patternText: z.string(), valid: z.boolean() })),
});

/** Where we knowingly part from event-ruler: the case, and why. */
const quirksOfValidity = new Map([[134, 'a number below the smallest double is 0 once JSON is parsed']]);

/** Refusals of what EventBridge takes and the local bus doesn't run. */
const notRun = /run the operator "(cidr|exactly|anything-but\/wildcard)"/;

function verdict(pattern: () => unknown): { refusal: string } | { matches: (event: unknown) => boolean } {
  try {
    return { matches: compilePattern(pattern()) };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

const known = existsSync(recorded) ? conformance.parse(JSON.parse(readFileSync(recorded, 'utf8'))) : undefined;

describe.skipIf(known === undefined)(
  "event-ruler's recorded verdicts (skipped where the recording isn't there)",
  () => {
    test('an event matches exactly when event-ruler says so', () => {
      const wrong: unknown[] = [];
      let compared = 0;
      for (const entry of known?.cases ?? []) {
        const found = verdict(() => (entry.patternText === undefined ? entry.pattern : JSON.parse(entry.patternText)));
        if ('refusal' in found) {
          if (!notRun.test(found.refusal)) wrong.push({ ...entry, refusal: found.refusal });
          continue;
        }
        compared += 1;
        const event: unknown = entry.eventText === undefined ? entry.event : JSON.parse(entry.eventText);
        if (found.matches(event) !== entry.expected) wrong.push(entry);
      }
      expect(wrong).toEqual([]);
      expect(compared).toBeGreaterThan(600);
    });

    test('a pattern is refused exactly when event-ruler refuses it, or for an operator that is not run here', () => {
      const wrong = (known?.validity ?? []).filter(({ id, patternText, valid }) => {
        if (quirksOfValidity.has(id)) return false;
        const found = verdict(() => JSON.parse(patternText));
        return 'refusal' in found ? valid && !notRun.test(found.refusal) : !valid;
      });
      expect(wrong).toEqual([]);
    });
  },
);

test.each([
  [{ detail: { ip: [{ cidr: '10.0.0.0/8' }] } }, /at detail\.ip: the local bus doesn't run the operator "cidr"/],
  [{ a: { b: [{ 'anything-but': { wildcard: 'x*' } }] } }, /at a\.b: .* the operator "anything-but\/wildcard"/],
  [{ a: [{ wildcard: 'x**' }] }, /at a: "wildcard" takes no two stars in a row/],
  [{ a: [{ wildcard: 'x\\y' }] }, /at a: "wildcard" takes a backslash only before/],
  [{ a: [{ matches: 'x' }] }, /at a: "matches" is not a known operator of EventBridge/],
  [{ a: 'x' }, /at a: a field takes an array of values/],
  [{ a: [] }, /at a: an empty array/],
  [{}, /at its top: an empty object/],
  [{ $or: [{ a: ['x'] }] }, /at \$or: "\$or" takes an array of at least two objects/],
  [{ a: { $or: [{ b: { prefix: ['x'] } }, { c: [1] }] } }, /at a\.b\.prefix: "prefix" is an operator/],
  [{ a: [{ numeric: ['<', 5, '>', 1] }] }, /at a: "numeric" takes the lower bound first/],
  [{ a: [{ 'anything-but': [1, 'x'] }] }, /at a: "anything-but" takes a string, a number, or a list of only one/],
])('%j is refused by name', (pattern, reason) => {
  expect(() => compilePattern(pattern)).toThrow(reason);
});

test('fields below an array match in the same element', () => {
  const matches = compilePattern({ detail: { lines: { sku: ['A'], quantity: [{ numeric: ['>', 1] }] } } });
  const event = (...lines: readonly object[]) => ({ detail: { lines } });
  expect(matches(event({ sku: 'A', quantity: 2 }))).toBe(true);
  expect(matches(event({ sku: 'A', quantity: 1 }, { sku: 'B', quantity: 2 }))).toBe(false);
});

test('if a field is inside $or and beside it, the later one counts', () => {
  const either = [{ a: [1] }, { b: [2] }];
  expect(compilePattern({ a: [9], $or: either })({ a: 1 })).toBe(true);
  expect(compilePattern({ $or: either, a: [9] })({ a: 1 })).toBe(false);
});

const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constant(null));
const key = fc.constantFrom('a', 'b', 'c');
const flat = fc.dictionary(key, leaf, { maxKeys: 3 });

test('an event always matches the pattern made of some of its own leaves', () => {
  fc.assert(
    fc.property(flat, flat, fc.array(leaf), (outer, inner, noise) => {
      const list = (values: object) => Object.fromEntries(Object.entries(values).map(([k, v]) => [k, [v, ...noise]]));
      const pattern = { ...list(outer), ...(Object.keys(inner).length > 0 ? { inner: list(inner) } : {}) };
      fc.pre(Object.keys(pattern).length > 0);
      expect(compilePattern(pattern)({ ...outer, inner })).toBe(true);
      expect(compilePattern(pattern)([{ ...outer, inner: [{}, inner] }])).toBe(true);
    }),
  );
});

test('$or matches when one of its alternatives does', () => {
  const listed = fc.dictionary(key, fc.array(leaf, { minLength: 1, maxLength: 2 }), { minKeys: 1, maxKeys: 2 });
  fc.assert(
    fc.property(fc.array(listed, { minLength: 2, maxLength: 3 }), flat, (alternatives, event) => {
      const some = alternatives.some((alternative) => compilePattern(alternative)(event));
      expect(compilePattern({ $or: alternatives })(event)).toBe(some);
    }),
  );
});

test('anything-but is the opposite of its list for a field that is there, and false for one that is not', () => {
  fc.assert(
    fc.property(leaf, fc.array(fc.string({ maxLength: 2 }), { minLength: 1 }), (value, list) => {
      const but = compilePattern({ a: [{ 'anything-but': list }] });
      expect(but({ a: value })).toBe(!compilePattern({ a: list })({ a: value }));
      expect(but({})).toBe(false);
    }),
  );
});

test.each([
  ['*/party/*', 'acme/party/p', true],
  ['*/party/*', 'acme/engagement/p', false],
  ['a*', 'a', true],
  ['a.c*', 'abc', false],
  [String.raw`a\*b*`, 'a*b', true],
  [String.raw`a\*b*`, 'axb', false],
  [String.raw`a\\*`, String.raw`a\b`, true],
])('the wildcard %s and %s', (wildcard, value, matches) => {
  expect(compilePattern({ a: [{ wildcard }] })({ a: value })).toBe(matches);
});
