// How is a row written as a line of CSV? As RFC 4180 says, and so that no spreadsheet takes a text for a formula.
import type { Cell } from '../../domain/rows/row.ts';
import { canonicalJson } from '../../events/identifiers.ts';

/** What a spreadsheet may take for a formula, be it guarded already: each guard adds one apostrophe, and can be undone. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const quoted = /[",\r\n]|^\s|\s$|^$/;

/** A text as it is, with an apostrophe before it where it begins as a formula does. */
const guarded = (text: string): string => (formula.test(text) ? `'${text}` : text);

const written = (text: string): string => (quoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Null is an empty cell and empty text is `""`; numbers stay numbers, also negative ones; lists and objects are JSON, their keys sorted. */
const cellOf = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  return written(typeof cell === 'string' ? guarded(cell) : canonicalJson(cell));
};

/** A line of CSV, its CRLF with it. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;
