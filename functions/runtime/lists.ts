// How is a list asked for and answered? Filters, the index that serves them, the caller's scope, and pages by cursor.
import type { TableName } from '../../domain/rows/row.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { rowFor } from './partnerView.ts';
import { type Answered, badRequest, type Question } from './question.ts';
import type { PageRequest, ReadRow, RowReader } from './rowReader.ts';

export interface ListRequest {
  readonly table: TableName;
  readonly question: Question;
  /** Columns that must have the asked value; undefined: any. */
  readonly equals?: Readonly<Record<string, string | undefined>>;
  readonly keep?: ((row: ReadRow) => boolean) | undefined;
}

const defaultLimit = 100;
const maxLimit = 1000;

/** The narrowest index that serves the filters: a partner's own, the stage's, or the open flags of a pattern. */
const withinOf = (
  table: TableName,
  partner: string | undefined,
  equals: NonNullable<ListRequest['equals']>,
): PageRequest['within'] => {
  if (partner !== undefined) return { index: 'byLeadPartner', values: [partner] };
  if (table === 'engagements' && equals.stage !== undefined) return { index: 'byStage', values: [equals.stage] };
  if (table === 'flags' && equals.openPattern !== undefined)
    return { index: 'openByPattern', values: [equals.openPattern] };
  return undefined;
};

/** What a cursor is bound to: whose list it is, and every word that chose it. */
const boundTo = (table: TableName, { caller, asked }: Question): readonly string[] => {
  const { cursor: _, limit: __, ...words } = asked;
  return [table, caller.tenantId, caller.role, caller.partnerId ?? '', JSON.stringify(Object.entries(words).sort())];
};

/** One page of a table, of the caller's tenant and scope. A partner who asks for another's rows finds none. */
export const list = async (
  reader: RowReader,
  { table, question, equals = {}, keep }: ListRequest,
): Promise<Answered> => {
  const { caller, asked, now } = question;
  const limit = asked.limit === undefined ? defaultLimit : Number(asked.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    return badRequest('limitOutOfRange', `limit is a whole number from 1 to ${maxLimit}, not ${asked.limit}`);
  }
  const bound = boundTo(table, question);
  const after = asked.cursor === undefined ? undefined : openCursor(asked.cursor, bound);
  if (asked.cursor !== undefined && after === undefined) {
    return badRequest('cursorNotOfThisQuery', 'the cursor belongs to another query; leave it out to begin anew');
  }
  const wanted = Object.entries({ ...equals, leadPartnerId: asked.partner }).filter(
    ([column, value]) => value !== undefined && !(column === 'leadPartnerId' && caller.role === 'vendor'),
  );
  const partner = caller.partnerId ?? asked.partner;
  const filters = wanted.length > 0 || keep !== undefined;
  const matches = (row: ReadRow): boolean =>
    wanted.every(([column, value]) => row[column] === value) && (keep === undefined || keep(row));
  const page = await reader.page({
    table,
    tenantId: caller.tenantId,
    within: withinOf(table, partner, equals),
    ...(filters && { keep: matches }),
    after,
    limit,
  });
  const items = page.rows.map((row) => rowFor(caller, table, row));
  return {
    body: { items, ...(page.end !== undefined && { cursor: sealCursor(page.end, bound) }) },
    asOf: now,
  };
};
