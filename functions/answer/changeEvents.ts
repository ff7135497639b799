// Which events stand behind a row that differs between two dates, as far as the caller may know of them?
// The answers call it; it reads streams through the dates that it is given.
import { type EventChange, effectsBetween, eventChanges } from '../../domain/changes/eventChanges.ts';
import { citedBy, type RowChange } from '../../domain/changes/rowChanges.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { cutsOf, type EngagementAt } from '../query/engagementAt.ts';
import type { ChangesQuestion } from './question.ts';

/** The most events that one changed row names; it counts the others. */
const mostNamed = 20;

/** The differences of the engagement's own stream, then those of its context: the policy, the offers, the parties and their links. */
export const eventsBetween = async (
  dates: readonly [EngagementAt, EngagementAt],
  { from, to, clock }: ChangesQuestion,
): Promise<readonly EventChange[]> => {
  const cuts = { from: cutsOf({ at: from, clock }), to: cutsOf({ at: to, clock }) };
  const around: RecordedEvent[] = [];
  for (const at of dates) if ((await at.events()).length > 0) around.push(...(await at.around()));
  const once = new Map(around.map((event) => [event.eventId, event]));
  const streams = Map.groupBy(once.values(), ({ streamId }) => streamId);
  // Each stage entered follows from another event.
  return [await dates[1].recorded(), ...streams.values()]
    .flatMap((events) => [...eventChanges(events, cuts), ...effectsBetween(events, cuts)])
    .filter(({ event }) => event.type !== 'StageEntered');
};

export interface Knowing {
  readonly events: readonly EventChange[];
  /** The stream of which the caller is shown every event; undefined for the vendor, who is shown those of all streams. */
  readonly ownStream: string | undefined;
  /** Whether the row would have changed just so, had nothing happened between the dates. */
  readonly byTime: boolean;
}

const told = ({ event, change, why }: EventChange, by: string | null, cited: boolean) => ({
  ...{ eventId: event.eventId, type: event.type, occurredAt: event.occurredAt },
  ...{ change, why, by, cited },
});

/**
 * The events behind a changed row: all that differ, those first that the row cites, for others may be its cause too. Where the time
 * alone changed it, only those that had been announced for that time. The streams around an engagement tell of other parties, so a partner is told of their events
 * only where its row cites them: as it may read them with the flag that does.
 */
export const behind = (changed: RowChange, { events, ownStream, byTime }: Knowing) => {
  const ids = events.flatMap(({ event, by }) => (by === undefined ? [event.eventId] : [event.eventId, by.eventId]));
  const cites = new Set(citedBy(changed, ids));
  const isKnown = ({ streamId, eventId }: RecordedEvent): boolean =>
    ownStream === undefined || streamId === ownStream || cites.has(eventId);
  const isCited = ({ event, by }: EventChange): boolean =>
    cites.has(event.eventId) || (by !== undefined && cites.has(by.eventId));
  const sorted = events
    .filter(({ event, why }) => isKnown(event) && (!byTime || why === 'tookEffect'))
    .sort((a, b) => Number(isCited(b)) - Number(isCited(a)));
  return {
    events: sorted.slice(0, mostNamed).map((each) => {
      const by = each.by !== undefined && isKnown(each.by) ? each.by.eventId : null;
      return told(each, by, isCited(each));
    }),
    moreEvents: Math.max(0, sorted.length - mostNamed),
    byTime,
  };
};
