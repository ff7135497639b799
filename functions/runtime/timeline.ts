// What happened to an engagement, in order, and how late did each event reach us?
import { standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { epochOf } from '../../events/instant.ts';

/** An event of the timeline: its envelope and data, its lateness in whole seconds, and whether it stands. */
export type TimelineEvent = RecordedEvent & {
  readonly latenessSeconds: number;
  /** False where a later restatement or correction has taken its place. */
  readonly stands: boolean;
};

/** The recorded events by `occurredAt`, then in the order of recording. */
export const timelineOf = (events: readonly RecordedEvent[]): readonly TimelineEvent[] => {
  const standingIds = new Set(standing({ events }).map((event) => event.eventId));
  return events
    .map((event) => ({
      ...event,
      latenessSeconds: Math.max(0, Math.floor((epochOf(event.recordedAt) - epochOf(event.occurredAt)) / 1000)),
      stands: standingIds.has(event.eventId),
    }))
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.version - b.version));
};
