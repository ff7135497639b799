// Is a field found by its path, whether a pattern or an event nests its keys or joins them by dots? The verdicts are event-ruler 2.0.1's.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../../infra/local/bus/eventPattern.ts';

type Case = readonly [pattern: object, event: object, matches: boolean];

const matchesAsSaid = ([pattern, event, matches]: Case): void =>
  expect({ pattern, event, matches: compilePattern(pattern)(event) }).toEqual({ pattern, event, matches });

const one = [{ a: [1] }, { b: ['y'] }];

describe.each<readonly [string, readonly Case[]]>([
  [
    'a key with dots is the same as nested keys',
    [
      [{ detail: { d: { a: ['x'] } } }, { detail: { 'd.a': 'x' } }, true],
      [{ 'd.a': ['x'] }, { d: { a: 'x' } }, true],
      [{ 'd.a': ['x'] }, { 'd.a': 'x' }, true],
      [{ 'detail.d': { a: ['x'] } }, { detail: { 'd.a': 'x' } }, true],
      [{ 'detail.d.a': ['x'] }, { 'detail.d': { a: 'x' } }, true],
      [{ detail: { 'd.a': ['x'] } }, { detail: { 'd.a': 'y' } }, false],
      [{ detail: { 'd.a': ['x'] } }, { detail: { d: 'x' } }, false],
      [{ detail: { 'd.a': ['x'] } }, { detail: { 'd.a': { b: 'x' } } }, false],
      [{ 'd.a': ['x'] }, { 'd.a.': 'x' }, false],
      [{ 'd.a': ['x'] }, { d: { '': { a: 'x' } } }, false],
    ],
  ],
  [
    'both ways of writing in one event give one field of several values',
    [
      [{ d: { a: ['x'] } }, { d: { a: 'y' }, 'd.a': 'x' }, true],
      [{ d: { a: ['y'] } }, { d: { a: 'y' }, 'd.a': 'x' }, true],
      [{ d: { a: ['x'], b: ['y'] } }, { d: { a: 'x' }, 'd.b': 'y' }, true],
      [{ d: { a: [{ 'anything-but': 'x' }] } }, { d: { a: 'x' }, 'd.a': 'y' }, true],
    ],
  ],
  [
    'of a field that a pattern names twice the later one counts, and a field may have a value beside fields beneath it',
    [
      [{ d: { a: ['x'] }, 'd.a': ['y'] }, { d: { a: 'y' } }, true],
      [{ d: { a: ['x'] }, 'd.a': ['y'] }, { d: { a: 'x' } }, false],
      [{ d: ['x'], 'd.a': ['y'] }, { d: 'x', 'd.a': 'y' }, true],
      [{ d: ['x'], 'd.a': ['y'] }, { d: ['x', { a: 'y' }] }, true],
    ],
  ],
  [
    'fields beneath an array hold in one element, however their keys are written',
    [
      [{ 'd.a': [1], 'd.b': [2] }, { d: [{ a: 1, b: 2 }] }, true],
      [{ 'd.a': [1], 'd.b': [2] }, { d: [{ a: 1, b: 3 }, { b: 2 }] }, false],
      [{ d: { a: [1], 'b.c': [2] } }, { d: [{ a: 1, 'b.c': 2 }] }, true],
      [{ d: { a: [1], 'b.c': [2] } }, { d: [{ a: 1 }, { 'b.c': 2 }] }, false],
      [{ d: { a: [1], b: { c: [2] } } }, { d: [{ a: 1 }], 'd.b': { c: 2 } }, true],
      [{ d: { a: [1], b: { c: [2] } } }, { d: [{ a: 1 }], 'd.b': [{ c: 2 }] }, true],
      [{ d: { a: [1], b: [2] } }, { d: [[{ a: 1 }, { b: 2 }]] }, false],
      [{ d: { a: ['y'] } }, { 'd.a': ['x', 'y'] }, true],
      [{ d: { a: ['x'] } }, { 'd.a': [] }, false],
    ],
  ],
  [
    'exists asks for a value under either way of writing',
    [
      [{ d: { a: [{ exists: false }] } }, { 'd.a': 'x' }, false],
      [{ 'd.a': [{ exists: false }] }, { d: { a: 'x' } }, false],
      [{ 'd.a': [{ exists: false }] }, { d: { b: 'x' } }, true],
      [{ 'd.a': [{ exists: false }] }, { d: { a: { b: 'x' } } }, true],
      [{ 'd.a': [{ exists: false }] }, { 'd.a': [] }, true],
      [{ 'd.a': [{ exists: true }] }, { d: { a: null } }, true],
      [{ 'd.a': [{ exists: true }] }, { d: { a: { b: 'x' } } }, false],
    ],
  ],
  [
    'of an element it is asked whether a field is absent, once a field that sorts before it has chosen one',
    [
      [{ d: { a: [{ exists: false }], b: [1] } }, { d: [{ a: 1 }, { b: 1 }] }, false],
      [{ d: { a: [1], b: [{ exists: false }] } }, { d: [{ a: 1 }, { b: 1 }] }, true],
      [{ d: { b: [{ exists: false }], a: [1] } }, { d: [{ a: 1 }, { b: 1 }] }, true],
      [{ d: { a: [1], b: [{ exists: false }] } }, { d: [{ a: 1 }], 'd.b': 1 }, false],
    ],
  ],
  [
    'anything-but wants a value that is another',
    [
      [{ 'd.a': [{ 'anything-but': 'x' }] }, { d: { a: 'x' } }, false],
      [{ 'd.a': [{ 'anything-but': 'x' }] }, { d: { a: 'y' } }, true],
      [{ 'd.a': [{ 'anything-but': 'x' }] }, { d: { b: 'y' } }, false],
      [{ 'd.a': [{ 'anything-but': 'x' }] }, { d: { a: ['x', 'y'] } }, true],
    ],
  ],
  [
    'alternatives of $or write their keys as they like',
    [
      [{ $or: [{ 'd.a': ['x'] }, { d: { b: ['y'] } }] }, { d: { a: 'x' } }, true],
      [{ $or: [{ 'd.a': ['x'] }, { d: { b: ['y'] } }] }, { 'd.b': 'y' }, true],
      [{ $or: [{ 'd.a': ['x'] }, { d: { b: ['y'] } }] }, { d: { a: 'y', b: 'x' } }, false],
      [{ 'd.c': ['z'], d: { $or: [{ a: ['x'] }, { 'b.c': ['y'] }] } }, { d: { c: 'z', b: { c: 'y' } } }, true],
      [{ 'd.c': ['z'], d: { $or: [{ a: ['x'] }, { 'b.c': ['y'] }] } }, { d: { c: 'z', b: { c: 'x' } } }, false],
      [{ 'd.a': ['z'], $or: [{ d: { a: ['x'] } }, { b: ['y'] }] }, { d: { a: 'x' } }, true],
      [{ 'd.a': ['z'], d: { $or: one } }, { d: { a: 1 } }, true],
      [{ d: { $or: one }, 'd.a': ['z'] }, { d: { a: 1 } }, false],
    ],
  ],
  [
    'empty keys are as odd as event-ruler has them',
    [
      [{ '': { a: ['x'] } }, { a: 'x' }, true],
      [{ '': { a: ['x'] } }, { '': { a: 'x' } }, false],
      [{ 'a.': ['x'] }, { 'a.': 'x' }, true],
      [{ 'a.': ['x'] }, { a: { '': 'x' } }, false],
      [{ a: { '': ['x'] } }, { a: { '': 'x' } }, false],
      [{ 'a..b': ['x'] }, { a: { '': { b: 'x' } } }, true],
      [{ 'a..b': ['x'] }, { 'a.': { b: 'x' } }, true],
      [{ '.': ['x'] }, { '.': 'x' }, true],
      [{ '.': ['x'] }, { '': { '': 'x' } }, false],
    ],
  ],
])('%s', (_, cases) => {
  test.each(cases)('%j, %j: %j', (...each) => matchesAsSaid(each));
});

/** Writes a path's keys nested where a break stands before them, and joined by a dot elsewhere. */
const written = (keys: readonly string[], breaks: readonly boolean[], value: unknown): unknown =>
  keys
    .map((key, index) => `${index === 0 ? '' : breaks[index] === true ? '/' : '.'}${key}`)
    .join('')
    .split('/')
    .reduceRight<unknown>((below, key) => ({ [key]: below }), value);

test('a path matches itself, with nested keys or with joined keys', () => {
  const path = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 5 });
  const breaks = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(path, breaks, breaks, (keys, ofPattern, ofEvent) => {
      const matches = compilePattern(written(keys, ofPattern, ['x']));
      expect(matches(written(keys, ofEvent, 'x'))).toBe(true);
      expect(matches(written(keys, ofEvent, 'y'))).toBe(false);
    }),
  );
});
