// In which rows of one engagement do two dates differ, as the caller may see them, and which events made the difference?
// The answers call it; it reads streams through what it is given.
import { type EventChange, eventChanges } from '../../domain/changes/eventChanges.ts';
import { citedBy, type KeyedRow, type RowChange, rowChanges } from '../../domain/changes/rowChanges.ts';
import type { TableName } from '../../domain/rows/catalog.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { grantedTo } from '../query/askedEngagement.ts';
import { type AsOf, cutsOf, type EngagementAt, engagementAt } from '../query/engagementAt.ts';
import { type EngagementRows, rowsAt, tablesOfEngagement } from '../query/engagementReader.ts';
import { withSeverities } from '../query/shownRows.ts';
import { rowFor } from '../query/visibility/partnerView.ts';
import { type AnswerReads, type Found, nothingFound } from './placed.ts';
import type { Asking, ChangesQuestion } from './question.ts';

/** The most events that one changed row names; it counts the others. */
const mostNamed = 20;

const keyed = (row: Readonly<Record<string, KeyedRow[string]>>): KeyedRow => ({ ...row, rowKey: row.rowKey ?? '' });

/** What the caller may see of a date's rows, by table; none where nothing of the engagement was known then. */
const seenAt = async (
  thresholds: AnswerReads['thresholds'],
  at: EngagementAt,
  { caller, now }: Asking,
): Promise<EngagementRows | undefined> => {
  if ((await at.events()).length === 0) return {};
  await at.context();
  const granted = await grantedTo(caller, at, now);
  if (granted === undefined) return undefined;
  const rows = await rowsAt(at);
  const date = at.asOf?.at ?? now;
  const seen = await Promise.all(
    tablesOfEngagement.map(async (table) => {
      const read = (rows[table] ?? []).map((row) => rowFor(granted.reader, table, row));
      return [table, await withSeverities(thresholds, { table, rows: read, at: date })] as const;
    }),
  );
  return Object.fromEntries(seen);
};

/** The differences of the engagement's own stream, then those of its context: the policy, the offers, the parties and their links. */
const eventsBetween = async (dates: readonly [EngagementAt, EngagementAt], { from, to, clock }: ChangesQuestion) => {
  const cuts = { from: cutsOf({ at: from, clock }), to: cutsOf({ at: to, clock }) };
  const around: RecordedEvent[] = [];
  for (const at of dates) if ((await at.events()).length > 0) around.push(...(await at.around()));
  const once = new Map(around.map((event) => [event.eventId, event]));
  const streams = Map.groupBy(once.values(), ({ streamId }) => streamId);
  const own = eventChanges(await dates[1].recorded(), cuts);
  // Each stage entered follows from another event.
  return [...own, ...[...streams.values()].flatMap((events) => eventChanges(events, cuts))].filter(
    ({ event }) => event.type !== 'StageEntered',
  );
};

const told = ({ event, change, why, by }: EventChange, cited: boolean) => ({
  ...{ eventId: event.eventId, type: event.type, occurredAt: event.occurredAt },
  ...{ change, why, by: by?.eventId ?? null, cited },
});

/**
 * The events behind a changed row: all that differ, those first that the row cites, for others may be its cause too. Where none
 * differs, the time alone changed it.
 */
const behind = (change: RowChange, events: readonly EventChange[]) => {
  const ids = events.flatMap(({ event, by }) => (by === undefined ? [event.eventId] : [event.eventId, by.eventId]));
  const cites = new Set(citedBy(change, ids));
  const isCited = ({ event, by }: EventChange): boolean =>
    cites.has(event.eventId) || (by !== undefined && cites.has(by.eventId));
  const sorted = events.toSorted((a, b) => Number(isCited(b)) - Number(isCited(a)));
  return {
    events: sorted.slice(0, mostNamed).map((each) => told(each, isCited(each))),
    moreEvents: Math.max(0, events.length - mostNamed),
    byTime: events.length === 0,
  };
};

/** What differs between two dates in one engagement. Throws `BrokenStream` where its own stream can't be read. */
export const changesAnswer = async (
  { look, thresholds }: AnswerReads,
  question: ChangesQuestion,
  asking: Asking & { readonly id: string },
): Promise<Found> => {
  const { from, to, clock, table: only, partner } = question;
  const { tenantId } = asking.caller;
  const dateAt = (at: AsOf['at']): EngagementAt =>
    engagementAt({ readAsFar: look.read }, { tenantId, engagementId: asking.id, now: asking.now, asOf: { at, clock } });
  const dates = [dateAt(from), dateAt(to)] as const;
  const [before, after] = [await seenAt(thresholds, dates[0], asking), await seenAt(thresholds, dates[1], asking)];
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
  const events = await eventsBetween(dates, question);
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
        return { place: `${asking.id}#${table}#${rowKey}`, item: { ...item, ...behind(changed, events) } };
      }),
    ),
  };
};
