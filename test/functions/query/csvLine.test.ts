// Does a CSV parser read back every cell of a line, and is no text a formula?
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Cell } from '../../../domain/rows/row.ts';
import { canonicalJson } from '../../../events/identifiers.ts';
import { csvLine } from '../../../functions/query/csvLine.ts';

// A thousand rows, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Removes the guards: one apostrophe before what begins like a formula, at the text's start or after a separator. */
const unguarded = (text: string): string => {
  const later = text.replaceAll(/([;|\t\r\n]["\s]*)'('*[=+\-@＝＋－＠])/g, '$1$2');
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(later) ? later.slice(1) : later;
};

/** What a reader makes of a file: empty cells as null, all else as text. */
const read = (file: string): (string | null)[][] =>
  parse(Buffer.from(file), {
    record_delimiter: '\r\n',
    cast: (text, { quoting }) => (text === '' && !quoting ? null : text),
  });

const fileOf = (table: readonly (readonly Cell[])[]): string => table.map((line) => csvLine(line)).join('');

const told = (cell: Cell): string | null => {
  if (cell === null || typeof cell === 'string') return cell;
  return typeof cell === 'object' ? canonicalJson(cell) : String(cell);
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', ',', '\r', '\n', '\t', "'", '=', '+', '-', '@', '＝', ' ', 'é', '\uFEFF', ';', '|'),
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
      const found = read(fileOf(table));
      const back = found.map((line, row) =>
        line.map((said, column) => {
          const cell = table[row]?.[column];
          if (said === null || cell === null) return said;
          // An escape that JSON allows changes no value.
          if (typeof cell === 'object') return canonicalJson(JSON.parse(said));
          return typeof cell === 'string' ? unguarded(said) : said;
        }),
      );
      expect(back).toEqual(table.map((line) => line.map(told)));
    }),
    { numRuns: 1000 },
  );
});

test('no text begins like a formula, and every number stays a number', () => {
  fc.assert(
    fc.property(rows, (table) => {
      for (const [row, line] of read(fileOf(table)).entries()) {
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

/** The cells that a spreadsheet finds which splits lines at another sign than the comma, and drops quotes that open a cell. */
const splitBy = (file: string, sign: string): string[] =>
  file.split(/[\r\n]/).flatMap((line) => line.split(sign).map((cell) => cell.replace(/^["\s]+/, '')));

test.each([';', '\t', '|'])('where %j separates, no cell begins like a formula either', (sign) => {
  const signs = fc.string({ unit: fc.constantFrom(sign, '"', "'", '=', '+', '@', '＝', '\n', ' ', 'a', ',') });
  const cells = fc.oneof(signs, fc.array(signs), fc.dictionary(signs, signs), fc.integer());
  fc.assert(
    fc.property(fc.array(fc.array(cells, { minLength: 1 }), { minLength: 1 }), (table) => {
      for (const reader of ['everyone', 'excel'] as const) {
        // The first cell of a line is a row's key, which is an id of ours.
        const file = table.map((line) => csvLine(['key', ...line], reader)).join('');
        for (const found of splitBy(file, sign)) {
          // For Excel, the line itself begins with a text that we wrote as a formula.
          if (!found.startsWith('=""key""')) expect(found).not.toMatch(/^[=+\-@＝＋－＠]/);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['A;=1+1', `"A;'=1+1"`],
  ['A\t=1+1', `"A\t'=1+1"`],
  ['A|@x', `"A|'@x"`],
  ['A;"=1', `"A;""'=1"`],
  ['two\n+1', `"two\n'+1"`],
  ['A;B', '"A;B"'],
])('%j is written as %j', (cell, line) => {
  expect(csvLine([cell])).toBe(`${line}\r\n`);
});

test.each([
  ['00123', '"=""00123"""'],
  ['1E10', '"=""1E10"""'],
  ['9007199254740993', '"=""9007199254740993"""'],
  ['MARCH1', '"=""MARCH1"""'],
  ['=2+3', '"=""=2+3"""'],
  ['say "x"', '"=""say """"x"""""""'],
  ['', '""'],
  [null, ''],
  [-12, '-12'],
  [true, 'true'],
  [['00123'], '"[""00123""]"'],
  ['x'.repeat(256), 'x'.repeat(256)],
])('for Excel, %j is written as %j', (cell, line) => {
  expect(csvLine([cell], 'excel')).toBe(`${line}\r\n`);
});

// With work that grows as the square of the length, each of these takes hours: the run hangs here.
test.each([
  ['line ends', '\n', (times: number) => `'${'\n'.repeat(times)}`],
  ['apostrophes', "'", (times: number) => "'".repeat(times)],
  ['separators', ';', (times: number) => ';'.repeat(times)],
  ['bars and spaces', '| ', (times: number) => '| '.repeat(times)],
  ['tabs and quotes', '\t"', (times: number) => `'${'\t""'.repeat(times)}`],
])('a text of 2 MiB of %s is written in one pass', (_, unit, guarded) => {
  const times = (2 * 1024 ** 2) / unit.length;
  const line = (text: string): string => (/[";|\t\r\n]/.test(text) ? `"${text}"\r\n` : `${text}\r\n`);
  expect(csvLine([unit.repeat(times)]) === line(guarded(times))).toBe(true);
  // The same before a sign that needs a guard of its own.
  const signed = unit === "'" ? `'${unit.repeat(times)}=` : `${guarded(times)}'=`;
  expect(csvLine([`${unit.repeat(times)}=`]) === line(signed)).toBe(true);
});
