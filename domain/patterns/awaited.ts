// Which verdict does a rule give on something that must happen by an instant?
import type { EventType, RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Decision } from '../engagement/renewalDecisions.ts';
import { tolerance } from '../time/tolerance.ts';
import { notObserved, unheard } from './observed.ts';
import { type Postponed, postponed, sourceQuiet } from './outages.ts';
import type { Clearing, Evidence, Severity, Verdict, View } from './pattern.ts';

/** What a rule waits for, and what the flag says if it does not come. */
export interface Awaited {
  readonly subject: string;
  /** The event that armed or opened the episode. */
  readonly openedBy: RecordedEvent;
  /** The types of which an event may answer. None: what is awaited is known without one, so that no silence proves it. */
  readonly awaits: readonly EventType[];
  /** When the need of an answer arose, and which fact shows it. Default: when `openedBy` occurred. */
  readonly armed?: { readonly at: Instant; readonly by: RecordedEvent } | undefined;
  /** When the answer is due, if no outage moves that. The tolerance after it is still in time, and then the flag is raised. */
  readonly dueAt: Instant;
  /** The first event that answers. An answer in time keeps the rule quiet; a later one clears the flag. */
  readonly answer: RecordedEvent | undefined;
  readonly waitsFor: string;
  readonly severity: Severity;
  readonly evidence: readonly Evidence[];
  readonly clearsWhen: string;
  readonly nextStep: string;
  /** The reason that the flag shows once a late answer has cleared it. */
  readonly reason: string;
  /**
   * What ends the wait without an answer. If it comes before the flag is raised, there is no flag. Of a breach, which is flagged however
   * soon the wait was over, it depends on when the flag is raised.
   */
  readonly over?: Clearing | ((raisedAt: Instant) => Clearing) | undefined;
}

/** The last instant that counts as simultaneous with another one: from it on, an absence is believed. */
export const tolerated = (at: Instant): Instant => addMilliseconds(at, tolerance);

/** That an outage moved the due instant, as evidence. */
const movedEvidence = (on: Awaited, { dueAt, movedBy }: Postponed): readonly Evidence[] =>
  movedBy === undefined ? [] : [measured('due again after the silence of a connection', dueAt, on.dueAt)];

/**
 * The verdict on something awaited. There is none if the answer came in time; it is armed until the tolerance after `dueAt` is over,
 * and raised from then on. So no flag shows and vanishes within the tolerance. It is suspended while nothing answered, if the need arose
 * before anybody listened; an answer that comes late proves no lateness then. It is suspended too while a connection that may answer is
 * silent, and due again 24 h after that. The answer must be of the view.
 */
export const awaited = (view: View, on: Awaited): readonly Verdict[] => {
  const { now } = view;
  const { subject, openedBy, answer, awaits } = on;
  const due = postponed(view, on);
  const { dueAt, quiet } = due;
  const raisedAt = tolerated(dueAt);
  if (answer !== undefined && (quiet !== undefined || answer.occurredAt <= raisedAt)) return [];
  const isBreach = typeof on.over === 'function';
  const ending = typeof on.over === 'function' ? on.over(raisedAt) : on.over;
  const over = ending === undefined || ending.at > now ? undefined : ending;
  if (over !== undefined && (over.at < raisedAt || (quiet !== undefined && !isBreach))) return [];
  const { at, by } = on.armed ?? { at: openedBy.occurredAt, by: openedBy };
  const because = unheard(view, { awaits, at, by });
  if (because !== undefined) return answer === undefined && over === undefined ? [notObserved(on, because)] : [];
  if (quiet !== undefined) return [sourceQuiet(on, { awaits, dueAt, quiet })];
  if (now < raisedAt) return [{ state: 'armed', subject, openedBy, dueAt, waitsFor: on.waitsFor }];
  const { severity, clearsWhen, nextStep, reason } = on;
  const evidence = [...on.evidence, ...movedEvidence(on, due)];
  const answered = answer === undefined ? undefined : clearedBy(answer, reason);
  const cleared = over === undefined || (answered !== undefined && answered.at <= over.at) ? answered : over;
  const flag = { severity, evidence, clearsWhen, nextStep, cleared, changesAt: undefined };
  return [{ state: 'raised', subject, openedBy, dueAt, raisedAt, ...flag }];
};

/**
 * How a decided renewal closes what it left open: as moot if it is renewed, as realised if the subscription ended. It closes
 * no flag before the flag is raised.
 */
export const closedBy = ({ at, event }: Decision, notBefore: Instant = at): Clearing => ({
  at: at < notBefore ? notBefore : at,
  eventId: event.eventId,
  reason: event.type === 'SubscriptionRenewed' ? 'closedMoot' : 'closedRealised',
});

/** A clearing by an event, at the instant of the event. */
export const clearedBy = (event: RecordedEvent, reason: string): Clearing => ({
  at: event.occurredAt,
  eventId: event.eventId,
  reason,
});

/** Evidence: an event, and what it shows. */
export const cites = ({ eventId, type, occurredAt }: RecordedEvent, says: string): Evidence => ({
  kind: 'event',
  eventId,
  type,
  occurredAt,
  says,
});

/** Evidence: no event of a type occurred between two instants. `armedBy` is the event that made one necessary. */
export const silence = (
  of: EventType,
  between: { readonly from: Instant; readonly until: Instant; readonly armedBy: RecordedEvent; readonly says: string },
): Evidence => ({ kind: 'silence', of, ...between, armedBy: between.armedBy.eventId });

/** Evidence: a value, and the threshold that it is compared with. */
export const measured = (name: string, value: number | string, threshold: number | string): Evidence => ({
  kind: 'value',
  name,
  value,
  threshold,
});
