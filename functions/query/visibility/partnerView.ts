// Which columns of a row may a caller see?
import type * as z from 'zod';
import { type TableName, tableNamed } from '../../../domain/rows/catalog.ts';
import type { Cell } from '../../../domain/rows/row.ts';
import type { Table } from '../../../domain/rows/table.ts';
import { type Audience, anyParty, audienceOf } from '../../../events/audience.ts';
import { type Fields, fieldsIn } from '../../../events/fieldsIn.ts';
import type { Caller } from '../../http/caller.ts';
import type { ReadRow } from '../rowReader.ts';

/** The reason that stands where the caller may not see a value. */
export const notYours = 'not_yours';

const audienceIn = (table: Table, column: string): Audience => {
  const schema: z.ZodType | undefined = table.columns.shape[column];
  return schema === undefined ? { kind: 'vendor' } : audienceOf(schema);
};

/** The columns that may be hidden from a partner: all that are not declared for everyone. */
export const hideableColumns = (table: Table): readonly string[] =>
  Object.keys(table.columns.shape).filter((column) => audienceIn(table, column).kind !== 'everyone');

const reasonOf = (audience: Audience): string | undefined =>
  audience.kind === 'commercial' ? audience.reason : undefined;

/** The columns that say `not_yours` in place of their own reasons. */
export const reasonColumns = (table: Table): readonly string[] => [
  ...(table.reasonColumn === undefined ? [] : [table.reasonColumn]),
  ...new Set(Object.keys(table.columns.shape).flatMap((column) => reasonOf(audienceIn(table, column)) ?? [])),
];

type Cells = Readonly<Record<string, Cell>>;

const isCells = (cell: Cell): cell is Cells => typeof cell === 'object' && cell !== null && !Array.isArray(cell);

const isList = (cell: Cell): cell is readonly Cell[] => Array.isArray(cell);

/** Whether a partner is of an audience, by the columns of the row. A column that an older release did not write names nobody. */
const seesIn =
  (partnerId: string | undefined, row: ReadRow) =>
  (audience: Audience): boolean => {
    const named = (column: string): boolean => partnerId !== undefined && row[column] === partnerId;
    switch (audience.kind) {
      case 'everyone':
        return true;
      case 'parties':
        return audience.namedBy.some(named);
      case 'commercial': {
        const seers = row[audience.seenBy] ?? null;
        return (
          isList(seers) && seers.some((each) => each === anyParty || (partnerId !== undefined && each === partnerId))
        );
      }
      case 'sayer':
      case 'lead':
      case 'vendor':
        return false;
      default:
        return audience satisfies never;
    }
  };

/** The objects inside a cell, without the fields that their own schemas keep from the caller. */
const shownWithin = (fields: Fields, cell: Cell, sees: (audience: Audience) => boolean): Cell => {
  if (isList(cell)) return cell.map((each) => shownWithin(fields, each, sees));
  if (!isCells(cell)) return cell;
  return Object.fromEntries(
    Object.entries(cell).map(([name, value]): [string, Cell] => {
      const field = fields.get(name);
      if (field === undefined || !sees(field.audience)) return [name, null];
      return [name, field.within === undefined ? value : shownWithin(field.within, value, sees)];
    }),
  );
};

/**
 * A row as the caller may see it: a vendor sees all, a partner what is declared for everyone or for a party that it is. Hidden
 * columns are null, `reason` says why, and so does the column that gives the reasons of such a group.
 */
export const rowFor = ({ role, partnerId }: Caller, name: TableName, row: ReadRow): ReadRow => {
  const table = tableNamed(name);
  if (role === 'vendor' || table === undefined) return row;
  const sees = seesIn(partnerId, row);
  const shown: Record<string, Cell> = { ...row };
  const reasons = new Set<string>();
  const ownsReason = 'reason' in table.columns.shape;
  for (const [column, { audience, within }] of fieldsIn(table.columns)) {
    if (sees(audience)) {
      if (within !== undefined) shown[column] = shownWithin(within, row[column] ?? null, sees);
      continue;
    }
    shown[column] = null;
    // What is the vendor's own needs no reason in each row: its description says so.
    if (audience.kind === 'vendor') continue;
    reasons.add(reasonOf(audience) ?? table.reasonColumn ?? 'reason');
    if (!ownsReason) reasons.add('reason');
  }
  for (const column of reasons) shown[column] = notYours;
  return shown;
};
