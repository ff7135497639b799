// Does a CSV parser read back every cell of a line, and is no text a formula?
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Cell } from '../../../domain/rows/row.ts';
import { canonicalJson } from '../../../events/identifiers.ts';
import { csvLine } from '../../../functions/query/csvLine.ts';

// A thousand rows, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Removes the guard: one apostrophe before a text that begins like a formula. */
const unguarded = (text: string): string => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(text) ? text.slice(1) : text);

/** What a reader makes of a file: empty cells as null, all else as text. */
const read = (file: string): (string | null)[][] =>
  parse(Buffer.from(file), {
    record_delimiter: '\r\n',
    cast: (text, { quoting }) => (text === '' && !quoting ? null : text),
  });

const told = (cell: Cell): string | null => {
  if (cell === null || typeof cell === 'string') return cell;
  return typeof cell === 'object' ? canonicalJson(cell) : String(cell);
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', ',', '\r', '\n', '\t', "'", '=', '+', '-', '@', '＝', ' ', 'é', '\uFEFF', ';'),
  }),
);
const flat: fc.Arbitrary<Cell> = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const cell: fc.Arbitrary<Cell> = fc.oneof(flat, fc.array(flat), fc.dictionary(text, flat));
const rows = fc
  .integer({ min: 2, max: 6 })
  .chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 5 }),
  );

test('a parser reads all cells back: texts unchanged, null apart from empty text, lists and objects as JSON', () => {
  fc.assert(
    fc.property(rows, (table) => {
      const found = read(table.map(csvLine).join(''));
      const back = found.map((line, row) =>
        line.map((said, column) =>
          typeof table[row]?.[column] === 'string' && said !== null ? unguarded(said) : said,
        ),
      );
      expect(back).toEqual(table.map((line) => line.map(told)));
    }),
    { numRuns: 1000 },
  );
});

test('no text begins like a formula, and every number stays a number', () => {
  fc.assert(
    fc.property(rows, (table) => {
      for (const [row, line] of read(table.map(csvLine).join('')).entries()) {
        for (const [column, said] of line.entries()) {
          const cell = table[row]?.[column];
          if (typeof cell === 'number') expect(Number(said)).toBe(cell === 0 ? 0 : cell);
          else expect(said ?? '').not.toMatch(/^[=+\-@\t\r]/);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('a line has the form of RFC 4180', () => {
  expect(
    csvLine(['plain', 'a, b', 'say "yes"', 'two\nlines', null, '', -1200, true, ['x'], '-1200', '=1+1', "'=x"]),
  ).toBe(`plain,"a, b","say ""yes""","two\nlines",,"",-1200,true,"[""x""]",'-1200,'=1+1,''=x\r\n`);
});
