// How is a list asked for and answered? Filters, the index that serves them, the caller's scope, and pages by cursor.
import type { TableName } from '../../domain/rows/row.ts';
import type { Caller } from './caller.ts';
import { openCursor, sealCursor } from './cursor.ts';
import type { PageRequest, ReadRow, RowReader } from './rowReader.ts';

/** A list's parameters as asked: every name that is allowed, with its text. */
export type Asked = Readonly<Record<string, string | undefined>>;

export interface ListRequest {
  readonly table: TableName;
  readonly caller: Caller;
  readonly asked: Asked;
  /** Columns that must have the asked value. */
  readonly equals: Readonly<Record<string, string | undefined>>;
  readonly keep?: (row: ReadRow) => boolean;
}

export type Listed =
  | { readonly ok: true; readonly items: readonly ReadRow[]; readonly cursor?: string }
  | { readonly ok: false; readonly reason: 'cursorNotOfThisQuery' | 'limitOutOfRange'; readonly detail: string };

const defaultLimit = 100;
const maxLimit = 1000;

/** The narrowest index that serves the filters: a partner's own, the stage's, or the open flags of a pattern. */
const withinOf = (
  table: TableName,
  partner: string | undefined,
  equals: ListRequest['equals'],
): PageRequest['within'] => {
  if (partner !== undefined) return { index: 'byLeadPartner', values: [partner] };
  if (table === 'engagements' && equals.stage !== undefined) return { index: 'byStage', values: [equals.stage] };
  if (table === 'flags' && equals.openPattern !== undefined)
    return { index: 'openByPattern', values: [equals.openPattern] };
  return undefined;
};

/** Of an order's legs a partner sees those that it buys or sells; of the others, that they are there. */
const inScope = (table: TableName, caller: Caller, row: ReadRow): ReadRow => {
  if (caller.role === 'vendor' || table !== 'order_legs') return row;
  if (row.sellerId === caller.partnerId || row.buyerId === caller.partnerId) return row;
  const hidden = ['sellerId', 'buyerId', 'amountMinor', 'feesMinor', 'retainedBySellerMinor'];
  return { ...row, ...Object.fromEntries(hidden.map((column) => [column, null])), reason: 'not_yours' };
};

/** Rows as the caller may see them. */
export const scoped = (table: TableName, caller: Caller, rows: readonly ReadRow[]): readonly ReadRow[] =>
  rows.map((row) => inScope(table, caller, row));

/** One page of a table, of the caller's tenant and scope. */
export const list = async (reader: RowReader, { table, caller, asked, equals, keep }: ListRequest): Promise<Listed> => {
  const limit = asked.limit === undefined ? defaultLimit : Number(asked.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    return { ok: false, reason: 'limitOutOfRange', detail: `limit is a whole number from 1 to ${maxLimit}` };
  }
  const partner = caller.partnerId ?? asked.partner;
  const { cursor, limit: _, ...words } = asked;
  const bound = [
    table,
    caller.tenantId,
    caller.role,
    caller.partnerId ?? '',
    JSON.stringify(Object.entries(words).sort()),
  ];
  const after = cursor === undefined ? undefined : openCursor(cursor, bound);
  if (cursor !== undefined && after === undefined) {
    return {
      ok: false,
      reason: 'cursorNotOfThisQuery',
      detail: 'the cursor belongs to another query; leave it out to begin anew',
    };
  }
  const matches = (row: ReadRow): boolean =>
    Object.entries(equals).every(([column, value]) => value === undefined || row[column] === value) &&
    (asked.partner === undefined || row.leadPartnerId === asked.partner) &&
    (keep === undefined || keep(row));
  const page = await reader.page({
    table,
    tenantId: caller.tenantId,
    within: withinOf(table, partner, equals),
    keep: matches,
    after,
    limit,
  });
  return {
    ok: true,
    items: scoped(table, caller, page.rows),
    ...(page.end !== undefined && { cursor: sealCursor(page.end, bound) }),
  };
};
