// Which rows are on one page of a list, for this caller and these filters?
// The list queries call it; it reads a projection table through the row reader.
import { type TableName, tableNamed } from '../../domain/rows/catalog.ts';
import type { TableIndex } from '../../domain/rows/table.ts';
import type { Instant } from '../../events/instant.ts';
import { fitting, limitOf, type PagePlace, placeOf } from './pageSize.ts';
import type { Answered, QueryRequest, Refused } from './queryRequest.ts';
import type { PageRequest, ReadRow, RowReader } from './rowReader.ts';
import { shownRows } from './shownRows.ts';
import type { RowOf } from './storedRow.ts';
import { createThresholds } from './visibility/quartiles.ts';

export interface ListRequest<Name extends TableName = TableName> {
  readonly table: Name;
  readonly question: QueryRequest;
  /** Columns that must have this value; undefined: any value. */
  readonly equals?: Readonly<Record<string, string | undefined>>;
  readonly keep?: ((row: RowOf<Name>) => boolean) | undefined;
  /** How many rows a page has where the request gives no limit; absent: 100. */
  readonly usual?: number;
  /** Where the page begins and how many rows it holds, where it is part of a longer list; absent: as the request says. */
  readonly part?: { readonly place: PagePlace; readonly limit: number };
  /** Writes a row as it will be in the answer; absent: as JSON. These texts limit how many rows a page holds. */
  readonly write?: (row: ReadRow) => string;
}

/** Rows as the caller may see them, the same rows as texts, and where the next page begins. */
export interface ListPage {
  readonly rows: readonly ReadRow[];
  readonly texts: readonly string[];
  readonly cursor: string | undefined;
}

/** The index that serves the filters: the one by partner where a partner is given, else the first whose columns are all filtered. */
const withinOf = (
  table: TableName,
  partner: string | undefined,
  equals: NonNullable<ListRequest['equals']>,
): PageRequest['within'] => {
  if (partner !== undefined) return { index: 'byLeadPartner', values: [partner] };
  const indexes: readonly TableIndex[] = tableNamed(table)?.indexes ?? [];
  for (const { name, columns, readBy, acrossTenants } of indexes) {
    const values = columns.flatMap((column) => equals[column] ?? []);
    const isWhole = values.length === columns.length;
    if (isWhole && readBy === undefined && acrossTenants === undefined) return { index: name, values };
  }
  return undefined;
};

const valueIn = (row: ReadRow, column: string): unknown => row[column];

/** One page of a table, within the caller's tenant and scope. A partner that asks for another partner's rows finds none. */
export const pageOf = async <Name extends TableName>(
  reader: RowReader,
  { table, question, equals = {}, keep, usual, part, write = JSON.stringify }: ListRequest<Name>,
): Promise<ListPage | Refused> => {
  const { caller, asked } = question;
  const size = part ?? limitOf(asked, usual);
  if ('problem' in size) return size;
  const place = part?.place ?? placeOf(question, [table]);
  if ('problem' in place) return place;
  const wanted = Object.entries({ ...equals, leadPartnerId: asked.partner }).filter(
    ([column, value]) => value !== undefined && !(column === 'leadPartnerId' && caller.role === 'vendor'),
  );
  const partner = caller.partnerId ?? asked.partner;
  const filters = wanted.length > 0 || keep !== undefined;
  const matches = (row: RowOf<Name>): boolean =>
    wanted.every(([column, value]) => valueIn(row, column) === value) && (keep === undefined || keep(row));
  const page = await reader.page({
    table,
    tenantId: caller.tenantId,
    within: withinOf(table, partner, equals),
    ...(filters && { keep: matches }),
    after: place.after,
    limit: size.limit,
  });
  const thresholds = createThresholds(reader, caller.tenantId);
  const rows = await shownRows(thresholds, caller, { table, rows: page.rows, at: question.now });
  const texts = rows.map(write);
  const count = fitting(texts);
  const last = rows[count - 1]?.rowKey;
  const end = count < rows.length && typeof last === 'string' ? last : page.end;
  return {
    rows: rows.slice(0, count),
    texts: texts.slice(0, count),
    cursor: end === undefined ? undefined : place.cursorAt(end),
  };
};

/** A page as a JSON answer; its rows are written once, when their size is measured. */
export const answerOf = ({ rows: items, texts, cursor }: ListPage, asOf: Instant): Answered => ({
  body: { items, ...(cursor !== undefined && { cursor }) },
  texts,
  asOf,
});

/** A page of one table as a JSON answer. */
export const list = async <Name extends TableName>(
  reader: RowReader,
  request: ListRequest<Name>,
): Promise<Answered> => {
  const page = await pageOf(reader, request);
  return 'problem' in page ? page : answerOf(page, request.question.now);
};
