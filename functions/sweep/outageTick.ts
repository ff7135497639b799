// What follows when a connection went quiet, or is heard again?
// The sweep handler calls it; it reads the connection's stream, sends engagements to project's queue, and a later second round to sweep's queue.
import * as z from 'zod';
import { outageTypes } from '../../domain/lifecycle.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import type { EventStore } from '../store/eventStore.ts';
import { againSeconds } from './customerTick.ts';
import type { OutageEngagements, OutageWord } from './outageEngagements.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

export interface OutageTickSettings {
  readonly outageEngagements: OutageEngagements;
  readonly store: Pick<EventStore, 'load'>;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
}

/** A recorded fact of a connection: it went quiet, it is heard again, or one of these is taken back. */
export interface OutageChange {
  readonly stream: string;
  /** The facts. */
  readonly events: readonly RecordedEvent[];
}

const Said = z.object({
  sweep: z.literal('outage'),
  tenantId: z.string(),
  connectionId: z.string(),
  from: z.string(),
});

/** The changes that events make to what is known of connections, one for each connection. */
export const outageChanges = (events: readonly RecordedEvent[]): readonly OutageChange[] => {
  const ofSources = events.filter(
    ({ type, streamId }) =>
      outageTypes.includes(type) || (type === 'FactRetracted' && parseStreamId(streamId).kind === 'source'),
  );
  return [...Map.groupBy(ofSources, ({ streamId }) => streamId)].map(([stream, own]) => ({ stream, events: own }));
};

/** Five minutes, and 24 h: what an outage moves is due by then after it. */
const untilOf = (now: Instant): Instant => addMilliseconds(addDays(now, 1), 5 * 60_000);

/** When the silences that changes are about began; what is taken back may be any of the connection's. */
const beganAt = async (store: OutageTickSettings['store'], { stream, events }: OutageChange): Promise<Instant> => {
  const isQuiet = events.every(({ type }) => type === 'SourceWentQuiet');
  const all = isQuiet ? events : [...(await store.load(stream)).events, ...events];
  const began = all.flatMap((event) =>
    event.type === 'SourceWentQuiet' ? [event.data.lastHeardAt ?? event.occurredAt] : [],
  );
  return began.sort()[0] ?? events[0]?.occurredAt ?? '';
};

const wake = async (word: Omit<OutageWord, 'until'>, settings: OutageTickSettings): Promise<void> =>
  settings.queues.project(await settings.outageEngagements({ ...word, until: untilOf(settings.now()) }));

export const createOutageTick = (settings: OutageTickSettings): Tick => tick(Said, (word) => wake(word, settings));

/**
 * Has the engagements projected that a silence concerns, and once more later, for projections that were under way meanwhile or in a
 * process that had not heard of the connection yet.
 */
export const followOutage = async (change: OutageChange, settings: OutageTickSettings): Promise<void> => {
  const { tenantId, id: connectionId } = parseStreamId(change.stream);
  const word = { tenantId, connectionId, from: await beganAt(settings.store, change) };
  await wake(word, settings);
  await settings.queues.sweep({ sweep: 'outage', ...word } satisfies z.infer<typeof Said>, againSeconds);
};
