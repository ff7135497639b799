// Which rows did a table have of one engagement, offer, party or campaign as of a date, as the caller may see them?
// The answers call it; it reads streams through what it is given.
import { datedRollup } from '../../domain/rollups/dated.ts';
import { type TableName, tableNamed } from '../../domain/rows/catalog.ts';
import { rowsInView } from '../../domain/rows/engagementRows.ts';
import { flagEvidence } from '../../domain/rows/flagEvidence.ts';
import { flags } from '../../domain/rows/flags.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { ReferenceTable } from '../../domain/rows/table.ts';
import { grantedTo } from '../query/askedEngagement.ts';
import { type EngagementAt, engagementAt } from '../query/engagementAt.ts';
import type { ReadRow } from '../query/rowReader.ts';
import { shownRows } from '../query/shownRows.ts';
import { rowFor } from '../query/visibility/partnerView.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { fedItems } from './gathered.ts';
import { type AnswerReads, type Found, nothingFound, placedRow } from './placed.ts';
import { type Asking, matches, type RowsQuestion } from './question.ts';
import { referenceRows } from './referenceRows.ts';

const readable = ({ rowKey, columns }: Row): ReadRow & { readonly rowKey: string } => ({ ...columns, rowKey });

/** The rows of one table; those of the head need the whole view, because it names when any row next changes. */
const rowsIn = async (at: EngagementAt, name: TableName): Promise<readonly Row[]> => {
  const table = tableNamed(name);
  if (table?.grain !== 'engagement') return [];
  const view = await at.view();
  if (name !== 'engagements' && view.rowContext.engagement.mergedInto !== undefined) return [];
  return name === 'engagements' ? [rowsInView(view).head] : table.rows(view.rowContext);
};

type Asked = Asking & { readonly id: string; readonly question: RowsQuestion; readonly table: TableName };

const atDate = (look: StreamReads, { question, caller, now, id }: Omit<Asked, 'table'>): EngagementAt =>
  engagementAt(
    { ...look, readAsFar: look.read },
    { tenantId: caller.tenantId, engagementId: id, now, asOf: { at: question.at, clock: question.clock } },
  );

/** The rows of an engagement, filtered as they were on that date. */
const ofEngagement = async (
  { look, thresholds }: AnswerReads,
  { question, table, caller, now, id }: Asked,
): Promise<Found> => {
  const at = atDate(look, { question, caller, now, id });
  if ((await at.events()).length === 0) return nothingFound;
  await at.context();
  const granted = await grantedTo(caller, at, now);
  if (granted === undefined) return nothingFound;
  const rows = (await rowsIn(at, table)).map(readable).filter((row) => matches(row, question));
  const shown = await shownRows(thresholds, granted.reader, { table, rows, at: question.at });
  return { items: shown.map(placedRow) };
};

/** The rows of an offer, a party or a campaign. A partner sees those that name it, on that date. */
const ofReference = async (
  look: StreamReads,
  of: ReferenceTable,
  { question, table, caller, id }: Asked,
): Promise<Found> => {
  const isOwn = ({ leadPartnerId }: ReadRow): boolean => caller.role === 'vendor' || leadPartnerId === caller.partnerId;
  const found = (await referenceRows(look, of, { question, tenantId: caller.tenantId, id }))
    .map(readable)
    .filter((row) => isOwn(row) && matches(row, question));
  return { items: found.map((row) => placedRow(rowFor(caller, table, row))) };
};

/** What an engagement fed the groups of a table by that date. Whose groups the caller may see is decided once they are gathered. */
const fedBy = async (look: StreamReads, { question, table, caller, now, id }: Asked): Promise<Found> => {
  const over = tableNamed(datedRollup(table)?.over.name ?? '');
  const at = atDate(look, { question, caller, now, id });
  if (over === undefined || (await at.events()).length === 0) return nothingFound;
  return { items: fedItems(table, id, await rowsIn(at, over.name)) };
};

/** The rows of one owner, by its id. Throws `BrokenStream` where its own stream can't be read. */
export const rowsAnswer = async (
  reads: AnswerReads,
  question: RowsQuestion,
  asking: Asking & { readonly id: string },
): Promise<Found> => {
  if (question.table === flagEvidence.name) {
    const { items } = await rowsAnswer(reads, { ...question, table: flags.name }, asking);
    return { items: items.flatMap(({ item }) => flagEvidence.rowsIn(item).map(placedRow)) };
  }
  const table = tableNamed(question.table);
  const asked = { ...asking, question };
  switch (table?.grain) {
    case 'engagement':
      return await ofEngagement(reads, { ...asked, table: table.name });
    case 'offer':
    case 'party':
    case 'campaign':
      return await ofReference(reads.look, table, { ...asked, table: table.name });
    case 'group':
      return await fedBy(reads.look, { ...asked, table: table.name });
    case undefined:
      return nothingFound;
    default:
      return table satisfies never;
  }
};
