// How is a row written as a line of CSV in which no spreadsheet finds a formula?
import type { Cell } from '../../domain/rows/row.ts';
import { canonicalJson } from '../../events/identifiers.ts';

/** For whom the line is: any reader of RFC 4180, or Excel, which takes `00123` and `1E10` for numbers unless they are marked as text. */
export type CsvFor = 'everyone' | 'excel';

/** A text that a spreadsheet may read as a formula, also behind apostrophes. The guard always adds one, so that a reader can remove it. */
const formula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * The same after what separates cells or lines where a spreadsheet splits by other signs than commas: it then finds no
 * quotes around the cell. A quote may follow the sign, because a spreadsheet drops it.
 */
const laterFormula = /([;|\t\r\n][;|"\s]*)('*[=+\-@\uff1d\uff0b\uff0d\uff20])?/g;

/** A whole run of separators is read at once, so that a long one costs no more than its length. */
const guardLater = (text: string): string =>
  text.replaceAll(laterFormula, (_, run: string, sign?: string) => (sign === undefined ? run : `${run}'${sign}`));
const laterInJson = /([;|])(\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])/g;

const quoted = /[",;|\t\r\n]|^\s|\s$|^$/;

/** An apostrophe before each place that begins like a formula. */
const guarded = (text: string): string => guardLater(formula.test(text) ? `'${text}` : text);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON has an escape for every character, so its value stays as it is. These separators stand only in its texts. */
const guardedJson = (json: string): string =>
  json.replaceAll(laterInJson, (_, sign: string, between: string, begins: string) => sign + between + escaped(begins));

const inQuotes = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const written = (text: string): string => (quoted.test(text) ? inQuotes(text) : text);

/** Excel allows no longer text inside a formula. */
const longestExcelText = 255;

/** A text as `="…"`: Excel shows it as it is, and makes no number and no date of it. */
const forExcel = (text: string): string =>
  text === '' || text.length > longestExcelText || /[\r\n]/.test(text)
    ? written(guarded(text))
    : inQuotes(`=${inQuotes(guardLater(text))}`);

/** Null is an empty cell and empty text is `""`. Numbers stay numbers, also negative ones. Lists and objects are JSON with sorted keys. */
const cellOf = (cell: Cell, reader: CsvFor): string => {
  if (cell === null) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  if (typeof cell !== 'string') return written(guardedJson(canonicalJson(cell)));
  return reader === 'excel' ? forExcel(cell) : written(guarded(cell));
};

/** A line of CSV, with its CRLF. */
export const csvLine = (cells: readonly Cell[], reader: CsvFor = 'everyone'): string =>
  `${cells.map((cell) => cellOf(cell, reader)).join(',')}\r\n`;
