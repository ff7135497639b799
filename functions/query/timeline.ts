// What happened to an engagement, in order, and how late did each event reach us?
import { standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { epochOf } from '../../events/instant.ts';

/** An event of the timeline: its lateness in whole seconds, and whether it stands. */
export interface TimelineEvent {
  readonly event: RecordedEvent;
  readonly latenessSeconds: number;
  /** False where a later restatement or correction has replaced it. */
  readonly stands: boolean;
}

const lateness = ({ recordedAt, occurredAt }: RecordedEvent): number =>
  Math.max(0, Math.floor((epochOf(recordedAt) - epochOf(occurredAt)) / 1000));

/** The entries after the event with this version; all entries where no version is given. */
export const timelineAfter = (
  timeline: readonly TimelineEvent[],
  version: string | undefined,
): readonly TimelineEvent[] => timeline.slice(timeline.findIndex(({ event }) => String(event.version) === version) + 1);

/** The recorded events by `occurredAt`, then in the order of recording. */
export const timelineOf = (events: readonly RecordedEvent[]): readonly TimelineEvent[] => {
  const standingIds = new Set(standing({ events }).map(({ eventId }) => eventId));
  return events
    .map((event) => ({ event, latenessSeconds: lateness(event), stands: standingIds.has(event.eventId) }))
    .sort(({ event: a }, { event: b }) =>
      a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.version - b.version,
    );
};
