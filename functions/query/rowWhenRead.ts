// What does a row say at the moment when somebody reads it, beside what is stored?
import { type TableName, tableNamed } from '../../domain/rows/catalog.ts';
import type { Table } from '../../domain/rows/table.ts';
import type { Instant } from '../../events/instant.ts';
import type { ReadRow } from './rowReader.ts';

/** The row with the columns that its table computes when it is read; `at` is now, or the date that was asked for. */
export const rowWhenRead = (name: TableName, row: ReadRow, at: Instant): ReadRow => {
  const table: Table | undefined = tableNamed(name);
  return table?.whenRead === undefined ? row : { ...row, ...table.whenRead(row, at) };
};
