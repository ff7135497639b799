// In which rows of one engagement do two dates differ, as the caller may see them, and which events made the difference?
// The answers call it; it reads streams through what it is given.
import { type KeyedRow, type RowChange, rowChanges } from '../../domain/changes/rowChanges.ts';
import type { TableName } from '../../domain/rows/catalog.ts';
import { grantedTo } from '../query/askedEngagement.ts';
import { type AsOf, type EngagementAt, engagementAt } from '../query/engagementAt.ts';
import { type EngagementRows, rowsAt, tablesOfEngagement } from '../query/engagementReader.ts';
import { rowFor } from '../query/visibility/partnerView.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { behind, eventsBetween } from './changeEvents.ts';
import { type Found, nothingFound } from './placed.ts';
import type { Asking, ChangesQuestion } from './question.ts';

const keyed = (row: Readonly<Record<string, KeyedRow[string]>>): KeyedRow => ({ ...row, rowKey: row.rowKey ?? '' });

/** What the caller may see of a date's rows, by table; none where nothing of the engagement was known then. */
const seenAt = async (at: EngagementAt, { caller, now }: Asking): Promise<EngagementRows | undefined> => {
  if ((await at.events()).length === 0) return {};
  await at.context();
  const granted = await grantedTo(caller, at, now);
  if (granted === undefined) return undefined;
  const rows = await rowsAt(at);
  return Object.fromEntries(
    tablesOfEngagement.map((table) => [table, (rows[table] ?? []).map((row) => rowFor(granted.reader, table, row))]),
  );
};

/** What differs between two dates in one engagement. Throws `BrokenStream` where its own stream can't be read. */
export const changesAnswer = async (
  look: StreamReads,
  question: ChangesQuestion,
  asking: Asking & { readonly id: string },
): Promise<Found> => {
  const { from, to, clock, table: only, partner } = question;
  const { tenantId, role } = asking.caller;
  const dateAt = (at: AsOf['at']): EngagementAt =>
    engagementAt({ readAsFar: look.read }, { tenantId, engagementId: asking.id, now: asking.now, asOf: { at, clock } });
  const dates = [dateAt(from), dateAt(to)] as const;
  const [before, after] = [await seenAt(dates[0], asking), await seenAt(dates[1], asking)];
  if (before === undefined || after === undefined) return nothingFound;
  const led = [before, after].some(({ engagements }) => engagements?.[0]?.leadPartnerId === partner);
  if (partner !== undefined && !led) return nothingFound;
  const found = tablesOfEngagement
    .filter((table) => only === undefined || table === only)
    .map((table): readonly [TableName, readonly RowChange[]] => [
      table,
      rowChanges((before[table] ?? []).map(keyed), (after[table] ?? []).map(keyed)),
    ]);
  if (found.every(([, changes]) => changes.length === 0)) return nothingFound;
  const ownStream = role === 'vendor' ? undefined : dates[1].stream;
  const knowing = { events: await eventsBetween(dates, question), ownStream };
  return {
    items: found.flatMap(([table, changes]) =>
      changes.map((changed) => {
        const { rowKey, change, columns, row } = changed;
        const item = {
          engagementId: asking.id,
          table,
          rowKey,
          change,
          columns,
          row: change === 'changed' ? null : row,
        };
        return { place: `${asking.id}#${table}#${rowKey}`, item: { ...item, ...behind(changed, knowing) } };
      }),
    ),
  };
};
