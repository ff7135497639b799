// In which formats is a table answered, and how is a row written in each?
import { type AskedName, askedNamed } from '../../domain/rows/catalog.ts';
import { canonicalJson } from '../../events/identifiers.ts';
import { type CsvFor, csvLine } from './csvLine.ts';
import type { ReadRow } from './rowReader.ts';

export const formats = ['json', 'csv', 'ndjson'] as const;
export type FileFormat = Exclude<(typeof formats)[number], 'json'>;

/** A format whose pages, joined, are one file. */
export interface TableFormat {
  contentType(first: boolean): string;
  /** The text before the first row of the file. */
  readonly head: string;
  write(row: ReadRow): string;
}

/** The columns of a table's file: the row's key, then those that the table declares. */
export const columnsOf = (table: AskedName): readonly string[] => [
  'rowKey',
  ...Object.keys(askedNamed(table)?.columns.shape ?? {}),
];

/** The columns, and then the other fields of the row: the reason where it is not the caller's. */
const ndjsonLine = (row: ReadRow, columns: readonly string[]): string => {
  const names = [...new Set([...columns, ...Object.keys(row)])];
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(row[name] ?? null)}`).join(',')}}\n`;
};

/** Tells Excel that a file is UTF-8. */
const byteOrderMark = '\uFEFF';

/** How a table's rows are written in a format: each row has every column, and equal rows give equal texts. */
export const formatOf = (format: FileFormat, table: AskedName, reader: CsvFor = 'everyone'): TableFormat => {
  const columns = columnsOf(table);
  switch (format) {
    case 'csv':
      return {
        contentType: (first) => `text/csv; charset=utf-8; header=${first ? 'present' : 'absent'}`,
        head: `${reader === 'excel' ? byteOrderMark : ''}${csvLine(columns)}`,
        write: (row) =>
          csvLine(
            columns.map((column) => row[column] ?? null),
            reader,
          ),
      };
    case 'ndjson':
      return {
        contentType: () => 'application/x-ndjson',
        head: '',
        write: (row) => ndjsonLine(row, columns),
      };
    default:
      return format satisfies never;
  }
};
