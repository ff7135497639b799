// In which rows of one engagement do two dates differ, as the caller may see them, and which events made the difference?
// The answers call it; it reads streams through what it is given.
import { type KeyedRow, type RowChange, rowChanges } from '../../domain/changes/rowChanges.ts';
import type { TableName } from '../../domain/rows/catalog.ts';
import type { Caller } from '../http/caller.ts';
import { grantedTo } from '../query/askedEngagement.ts';
import { type AsOf, type EngagementAt, engagementAt } from '../query/engagementAt.ts';
import { type EngagementRows, rowsAt, tablesOfEngagement } from '../query/engagementReader.ts';
import { rowFor } from '../query/visibility/partnerView.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { behind, eventsBetween } from './changeEvents.ts';
import { type Found, nothingFound } from './placed.ts';
import type { Asking, ChangesQuestion } from './question.ts';
import { untouchedSince } from './untouched.ts';

const keyed = (row: Readonly<Record<string, KeyedRow[string]>>): KeyedRow => ({ ...row, rowKey: row.rowKey ?? '' });

interface Seen {
  /** By table; none where nothing of the engagement was known then. */
  readonly rows: EngagementRows;
  /** The caller, as it may read rows of that date. */
  readonly reader: Caller;
}

const rowsSeen = async (at: EngagementAt, reader: Caller): Promise<EngagementRows> => {
  if ((await at.events()).length === 0) return {};
  const rows = await rowsAt(at);
  return Object.fromEntries(
    tablesOfEngagement.map((table) => [table, (rows[table] ?? []).map((row) => rowFor(reader, table, row))]),
  );
};

/** What the caller may see of a date's rows; undefined where it may not see the engagement. */
const seenAt = async (at: EngagementAt, { caller, now }: Asking): Promise<Seen | undefined> => {
  if ((await at.events()).length === 0) return { rows: {}, reader: caller };
  await at.context();
  const granted = await grantedTo(caller, at, now);
  return granted === undefined ? undefined : { rows: await rowsSeen(at, granted.reader), reader: granted.reader };
};

const changesIn = (table: TableName, from: EngagementRows, to: EngagementRows): readonly RowChange[] =>
  rowChanges((from[table] ?? []).map(keyed), (to[table] ?? []).map(keyed));

/** What differs between two dates in one engagement. Throws `BrokenStream` where its own stream can't be read. */
export const changesAnswer = async (
  look: StreamReads,
  question: ChangesQuestion,
  asking: Asking & { readonly id: string },
): Promise<Found> => {
  const { from, to, clock, table: only, partner } = question;
  const { tenantId, role } = asking.caller;
  const dateAt = (at: AsOf['at'], through = look): EngagementAt =>
    engagementAt(
      { readAsFar: through.read },
      { tenantId, engagementId: asking.id, now: asking.now, asOf: { at, clock } },
    );
  const dates = [dateAt(from), dateAt(to)] as const;
  const [before, after] = [await seenAt(dates[0], asking), await seenAt(dates[1], asking)];
  if (before === undefined || after === undefined) return nothingFound;
  const led = [before, after].some(({ rows }) => rows.engagements?.[0]?.leadPartnerId === partner);
  if (partner !== undefined && !led) return nothingFound;
  const found = tablesOfEngagement
    .filter((table) => only === undefined || table === only)
    .map((table) => ({ table, changes: changesIn(table, before.rows, after.rows) }));
  if (found.every(({ changes }) => changes.length === 0)) return nothingFound;
  const untouched = await rowsSeen(dateAt(to, untouchedSince(look, { at: from, clock })), after.reader);
  const events = await eventsBetween(dates, question);
  const ownStream = role === 'vendor' ? undefined : dates[1].stream;
  return {
    items: found.flatMap(({ table, changes }) => {
      const touched = new Set(changesIn(table, untouched, after.rows).map(({ rowKey }) => rowKey));
      return changes.map((changed) => {
        const { rowKey, change, columns, row } = changed;
        const item = {
          engagementId: asking.id,
          table,
          rowKey,
          change,
          columns,
          row: change === 'changed' ? null : row,
        };
        const knowing = { events, ownStream, byTime: !touched.has(rowKey) };
        return { place: `${asking.id}#${table}#${rowKey}`, item: { ...item, ...behind(changed, knowing) } };
      });
    }),
  };
};
