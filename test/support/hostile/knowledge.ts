// What does a hostile client know of its neighbours, and which odd texts does it try beside that?
import fc from 'fast-check';

/** What the client knows: ids of others and its own, and cursors that others were given. */
export interface Knowledge {
  readonly ids: readonly string[];
  /** Those of the ids that are engagements. */
  readonly engagements: readonly string[];
  /** Cursors of anybody, each with the path that it continues. */
  readonly cursors: readonly { readonly path: string; readonly cursor: string }[];
}

export const odd: readonly string[] = [
  ...['', ' ', '.', '..', '*', '%', '#', '?', ';', '|', '~', '\\', '\u0000', '\ud800', '\u202e', '漢', '💶', '-1', '0'],
  ...['null', 'undefined', 'NaN', 'true', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '[object Object]'],
  ...["' OR 1=1 --", '"}', '{"$ne":null}', '<script>', '=1+1', '$(id)', '\r\nset-cookie: a=b', 'x'.repeat(129)],
  ...['x'.repeat(1001), '9'.repeat(400), '1e999', '2026-02-30', '2026-06-30T00:00:00Z', '9999-12-31T23:59:59Z'],
  ...['0001-01-01T00:00:00Z', 'acme', 'rival', 'acme/engagement/x', 'rival/engagement/canary-rival-e', 'rival#x'],
];

const known = ['json', 'csv', 'ndjson', 'open', 'cleared', 'true', 'occurred', 'recorded', '1', '5', 'sell', 'waiting'];

/** An id that somebody has, an odd text, a word that we know, or any text. */
export const anyValue = ({ ids }: Knowledge): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...ids),
    fc.constantFrom(...odd),
    fc.constantFrom(...known),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
