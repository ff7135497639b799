// What verdict follows when something has to have happened by an instant? Quiet if it did, armed until then, raised after.
import type { EventType, RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import { tolerance } from '../time/tolerance.ts';
import type { Clearing, Evidence, Severity, Verdict } from './pattern.ts';

/** What is awaited, and what the flag says if it does not come. */
export interface Awaited {
  readonly subject: string;
  /** The event that armed or opened the episode. */
  readonly openedBy: RecordedEvent;
  /** When the flag is raised unless the answer has come. */
  readonly dueAt: Instant;
  /** Up to when an answer still counts as in time: `dueAt` itself, or the tolerance after it. */
  readonly inTimeUntil: Instant;
  /** The first event that answers; one in time keeps the rule quiet, a later one clears the flag. */
  readonly answer: RecordedEvent | undefined;
  readonly waitsFor: string;
  readonly severity: Severity;
  readonly evidence: readonly Evidence[];
  readonly clearsWhen: string;
  readonly nextStep: string;
  /** Why a late answer clears it. */
  readonly reason: string;
}

/** The instant until which a time counts as simultaneous with another (decision 6). */
export const tolerated = (at: Instant): Instant => addMilliseconds(at, tolerance);

/** The verdict on something awaited, given `answer` and `now` of one view: none once it was answered in time. */
export const awaited = (now: Instant, on: Awaited): readonly Verdict[] => {
  const { subject, openedBy, dueAt, answer } = on;
  if (answer !== undefined && answer.occurredAt <= on.inTimeUntil) return [];
  if (now < dueAt) return [{ state: 'armed', subject, openedBy, dueAt, waitsFor: on.waitsFor }];
  const { severity, evidence, clearsWhen, nextStep, reason } = on;
  const cleared = answer === undefined ? undefined : clearedBy(answer, reason);
  const flag = { severity, evidence, clearsWhen, nextStep, cleared, changesAt: undefined };
  return [{ state: 'raised', subject, openedBy, raisedAt: dueAt, ...flag }];
};

/** Cleared by an event, at its own instant. */
export const clearedBy = (event: RecordedEvent, reason: string): Clearing => ({
  at: event.occurredAt,
  eventId: event.eventId,
  reason,
});

/** Evidence: an event, and what it says in this matter. */
export const cites = ({ eventId, type, occurredAt }: RecordedEvent, says: string): Evidence => ({
  kind: 'event',
  eventId,
  type,
  occurredAt,
  says,
});

/** Evidence: no event of a type between two instants, which the event that armed the rule makes telling. */
export const silence = (
  of: EventType,
  between: { readonly from: Instant; readonly until: Instant; readonly armedBy: RecordedEvent; readonly says: string },
): Evidence => ({ kind: 'silence', of, ...between, armedBy: between.armedBy.eventId });

/** Evidence: a value beside the threshold that it was held against. */
export const measured = (name: string, value: number | string, threshold: number | string): Evidence => ({
  kind: 'value',
  name,
  value,
  threshold,
});
