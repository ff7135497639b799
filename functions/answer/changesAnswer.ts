// In which rows of one engagement do two dates differ, as the caller may see them, and which events made the difference?
// The answers call it; it reads streams through what it is given.
import { type KeyedRow, type RowChange, rowChanges } from '../../domain/changes/rowChanges.ts';
import type { AskedName } from '../../domain/rows/catalog.ts';
import { flagEvidence } from '../../domain/rows/flagEvidence.ts';
import type { Caller } from '../http/caller.ts';
import { grantedTo } from '../query/askedEngagement.ts';
import { type AsOf, type EngagementAt, engagementAt } from '../query/engagementAt.ts';
import { type EngagementRows, rowsAt, tablesOfEngagement } from '../query/engagementReader.ts';
import { withSeverities } from '../query/shownRows.ts';
import { rowFor } from '../query/visibility/partnerView.ts';
import { behind, eventsBetween } from './changeEvents.ts';
import { type AnswerReads, type Found, nothingFound } from './placed.ts';
import type { Asking, ChangesQuestion } from './question.ts';
import { untouchedSince } from './untouched.ts';

const keyed = (row: Readonly<Record<string, KeyedRow[string]>>): KeyedRow => ({ ...row, rowKey: row.rowKey ?? '' });

interface Seen {
  /** By table; none where nothing of the engagement was known then. */
  readonly rows: EngagementRows;
  /** The caller, as it may read rows of that date. */
  readonly reader: Caller;
}

/** What a reader may see of a date's rows, by table, each flag with the severity that is shown. */
const rowsSeen = async (
  thresholds: AnswerReads['thresholds'],
  at: EngagementAt,
  { reader, date }: { readonly reader: Caller; readonly date: AsOf['at'] },
): Promise<EngagementRows> => {
  if ((await at.events()).length === 0) return {};
  const rows = await rowsAt(at);
  const seen = await Promise.all(
    tablesOfEngagement.map(async (table) => {
      const read = (rows[table] ?? []).map((row) => rowFor(reader, table, row));
      return [table, await withSeverities(thresholds, { table, rows: read, at: date })] as const;
    }),
  );
  return Object.fromEntries(seen);
};

/** What the caller may see of a date's rows; undefined where it may not see the engagement. */
const seenAt = async (
  thresholds: AnswerReads['thresholds'],
  at: EngagementAt,
  { caller, now }: Asking,
): Promise<Seen | undefined> => {
  if ((await at.events()).length === 0) return { rows: {}, reader: caller };
  await at.context();
  const granted = await grantedTo(caller, at, now);
  if (granted === undefined) return undefined;
  const { reader } = granted;
  return { rows: await rowsSeen(thresholds, at, { reader, date: at.asOf?.at ?? now }), reader };
};

/** The tables whose changes may be asked for. Evidence stands in the flags too, so its own rows are only told where it is asked for. */
export const changedTables: readonly AskedName[] = [...tablesOfEngagement, flagEvidence.name];

const rowsOf = (table: AskedName, rows: EngagementRows): readonly KeyedRow[] => {
  const found = table === 'flag_evidence' ? (rows.flags ?? []).flatMap(flagEvidence.rowsIn) : (rows[table] ?? []);
  return found.map(keyed);
};

const changesIn = (table: AskedName, from: EngagementRows, to: EngagementRows): readonly RowChange[] =>
  rowChanges(rowsOf(table, from), rowsOf(table, to));

/** What differs between two dates in one engagement. Throws `BrokenStream` where its own stream can't be read. */
export const changesAnswer = async (
  { look, thresholds }: AnswerReads,
  question: ChangesQuestion,
  asking: Asking & { readonly id: string },
): Promise<Found> => {
  const { from, to, clock, table: only, partner } = question;
  const { tenantId, role } = asking.caller;
  const dateAt = (at: AsOf['at'], through = look): EngagementAt =>
    engagementAt(
      { ...through, readAsFar: through.read },
      { tenantId, engagementId: asking.id, now: asking.now, asOf: { at, clock } },
    );
  const dates = [dateAt(from), dateAt(to)] as const;
  const [before, after] = [await seenAt(thresholds, dates[0], asking), await seenAt(thresholds, dates[1], asking)];
  if (before === undefined || after === undefined) return nothingFound;
  const led = [before, after].some(({ rows }) => rows.engagements?.[0]?.leadPartnerId === partner);
  if (partner !== undefined && !led) return nothingFound;
  const found = (only === undefined ? tablesOfEngagement : [only]).map((table) => ({
    table,
    changes: changesIn(table, before.rows, after.rows),
  }));
  if (found.every(({ changes }) => changes.length === 0)) return nothingFound;
  const asBefore = dateAt(to, untouchedSince(look, { at: from, clock }));
  const untouched = await rowsSeen(thresholds, asBefore, { reader: after.reader, date: to });
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
