// How is a row written as a line of CSV in which no spreadsheet finds a formula?
import type { Cell } from '../../domain/rows/row.ts';
import { canonicalJson } from '../../events/identifiers.ts';

/** A text that a spreadsheet may read as a formula, also behind apostrophes. The guard always adds one, so that a reader can remove it. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const quoted = /[",\r\n]|^\s|\s$|^$/;

/** The text, with an apostrophe before it where it begins like a formula. */
const guarded = (text: string): string => (formula.test(text) ? `'${text}` : text);

const written = (text: string): string => (quoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Null is an empty cell and empty text is `""`. Numbers stay numbers, also negative ones. Lists and objects are JSON with sorted keys. */
const cellOf = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  return written(typeof cell === 'string' ? guarded(cell) : canonicalJson(cell));
};

/** A line of CSV, with its CRLF. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;
