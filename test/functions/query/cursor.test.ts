// Is a cursor valid only for the query that made it, and is a forged cursor refused?
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCursor, sealCursor } from '../../../functions/query/cursor.ts';

const words = fc.array(fc.string(), { minLength: 1, maxLength: 5 });
const key = fc.string({ minLength: 1, maxLength: 200 });

test('a cursor gives back its key to the query that made it', () => {
  fc.assert(fc.property(key, words, (after, query) => openCursor(sealCursor(after, query), query) === after));
});

test('no other query can open a cursor', () => {
  fc.assert(
    fc.property(key, words, words, (after, query, other) => {
      fc.pre(JSON.stringify(query) !== JSON.stringify(other));
      expect(openCursor(sealCursor(after, query), other)).toBeUndefined();
    }),
  );
});

test('a text that is not a cursor gives no key', () => {
  fc.assert(fc.property(fc.string(), words, (text, query) => openCursor(text, query) === undefined));
  const sealed = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
  for (const content of [null, [], {}, { bound: 'x' }, { bound: 1, after: 'k' }, { bound: 'x', after: { k: 'k' } }]) {
    expect(openCursor(sealed(content), ['q'])).toBeUndefined();
  }
});
