// What happened to an engagement, in order, and how late did each event reach us?
import { standing } from '../../domain/history.ts';
import { compare } from '../../domain/reaches.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
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

/** Where an event stands: of merged engagements, versions are of several streams. */
export const placeOfEvent = ({ version, streamId }: Pick<RecordedEvent, 'version' | 'streamId'>): string =>
  `${version}@${parseStreamId(streamId).id}`;

/** The entries after the event at this place; all entries where no place is given, and undefined where no event is there any more. */
export const timelineAfter = (
  timeline: readonly TimelineEvent[],
  place: string | undefined,
): readonly TimelineEvent[] | undefined => {
  if (place === undefined) return timeline;
  const index = timeline.findIndex(({ event }) => placeOfEvent(event) === place);
  return index === -1 ? undefined : timeline.slice(index + 1);
};

/** In a stream no event is recorded before the last one. */
const byRecording = (a: RecordedEvent, b: RecordedEvent): number =>
  compare(a.recordedAt, b.recordedAt) || compare(a.streamId, b.streamId) || a.version - b.version;

/** The recorded events by `occurredAt`, then in the order of recording. */
export const timelineOf = (events: readonly RecordedEvent[]): readonly TimelineEvent[] => {
  const standingIds = new Set(standing({ events }).map(({ eventId }) => eventId));
  return events
    .map((event) => ({ event, latenessSeconds: lateness(event), stands: standingIds.has(event.eventId) }))
    .sort(({ event: a }, { event: b }) => compare(a.occurredAt, b.occurredAt) || byRecording(a, b));
};
