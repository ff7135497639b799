// What does the oracle read of a life? Plain lists of what was said until now, and what follows of it for every rule.
import { catalog, type EventType, type RecordedEvent, type RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';

/** Times within five minutes are simultaneous, and an absence is believed after as long (decisions 6 and 24). */
const fiveMinutes = 5 * 60_000;
export const believed = (due: Instant): Instant => addMilliseconds(due, fiveMinutes);
/** Whether one instant comes before another, or is simultaneous with it. */
export const notAfter = (at: Instant, other: Instant): boolean => at <= believed(other);

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What the oracle finds: one time that a rule was broken. */
export interface Found {
  readonly rule: string;
  /** The event that opened it. */
  readonly openedBy: RecordedEvent;
  readonly raisedAt: Instant;
  /** When its own answer came; undefined if none did. */
  readonly answeredAt?: Instant | undefined;
  /** How severe the rule finds it at an instant before it is cleared, without the step for a near renewal. */
  readonly severity: Severity | ((at: Instant) => Severity);
  /** An event raises it, no silence: what answers it at the same instant comes after it. */
  readonly atOnce?: boolean;
  /** It stays as it is: nothing clears it, also no end. */
  readonly historic?: boolean;
}

/** A term of a subscription. A renewal or an end decides it. */
export interface Term {
  readonly subscriptionId: string;
  readonly start: Instant;
  readonly end: Instant | undefined;
  readonly begunBy: RecordedEvent;
  readonly decidedBy: RecordedEvent | undefined;
}

export interface Life {
  readonly now: Instant;
  /** What was said of the engagement, by when it occurred. */
  readonly events: readonly RecordedEvent[];
  /** The same, and what was said of the offers around it. */
  readonly around: readonly RecordedEvent[];
  /** The offers' publications around it. */
  readonly offers: readonly RecordedOf<'OfferPublished'>[];
  of<T extends EventType>(type: T): readonly RecordedOf<T>[];
  readonly terms: readonly Term[];
  /** When the engagement ends; undefined while it goes on. */
  readonly endedAt: Instant | undefined;
}

const isOf =
  <T extends EventType>(type: T) =>
  (event: RecordedEvent): event is RecordedOf<T> =>
    event.type === type;

const types = Object.keys(catalog);
const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
/** Decision 6: by time, by the type's place in the catalog, by the source's own order, by id. */
const inOrder = (a: RecordedEvent, b: RecordedEvent): number =>
  compare(a.occurredAt, b.occurredAt) ||
  compare(types.indexOf(a.type), types.indexOf(b.type)) ||
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') ||
  compare(a.eventId, b.eventId);

const termsOf = (events: readonly RecordedEvent[]): readonly Term[] =>
  events.flatMap((event, index) => {
    if (event.type !== 'SubscriptionStarted' && event.type !== 'SubscriptionRenewed') return [];
    const { subscriptionId, termStart, termEnd } = event.data;
    const decidedBy = events
      .slice(index + 1)
      .find(
        (next) =>
          (next.type === 'SubscriptionRenewed' || next.type === 'SubscriptionEnded') &&
          next.data.subscriptionId === subscriptionId,
      );
    return [{ subscriptionId, start: termStart, end: termEnd, begunBy: event, decidedBy }];
  });

/** When a subscription's end takes effect. */
export const endOf = ({ occurredAt, data }: RecordedOf<'SubscriptionEnded'>): Instant => data.effectiveAt ?? occurredAt;

const endedAtOf = (events: readonly RecordedEvent[], now: Instant): Instant | undefined => {
  const ends = events.filter(isOf('SubscriptionEnded'));
  const livesAt = (at: Instant): boolean =>
    [...events.filter(isOf('SubscriptionStarted')), ...events.filter(isOf('SubscriptionRenewed'))].some(
      ({ occurredAt, data }) =>
        occurredAt <= at && !ends.some((end) => end.data.subscriptionId === data.subscriptionId && endOf(end) <= at),
    );
  const might = events.flatMap((event) => {
    if (event.type === 'SubscriptionEnded') return [endOf(event)];
    const isEnd =
      (event.type === 'DealClosed' && event.data.result === 'lost') ||
      event.type === 'EngagementWithdrawn' ||
      event.type === 'EngagementClosed';
    return isEnd ? [event.occurredAt] : [];
  });
  return might.toSorted().find((at) => at <= now && !livesAt(at));
};

/** What stands: of each fact the last word, and nothing that was taken back or that somebody replaced, whenever that was said. */
const standingOf = (recorded: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const gone = new Set(
    recorded.flatMap((event) => [
      ...(event.type === 'FactRetracted' ? [event.data.eventId] : []),
      ...(event.supersedes === undefined ? [] : [event.supersedes]),
    ]),
  );
  const isLast = ({ factId, sourceSeq = '' }: RecordedEvent): boolean =>
    !recorded.some((other) => other.factId === factId && (other.sourceSeq ?? '') > sourceSeq);
  return recorded.filter((event) => !gone.has(event.eventId) && isLast(event));
};

export const lifeOf = (recorded: readonly RecordedEvent[], now: Instant): Life => {
  const until = standingOf(recorded)
    .filter(({ occurredAt }) => occurredAt <= now)
    .toSorted(inOrder);
  const events = until.filter(({ streamId }) => streamId.includes('/engagement/'));
  return {
    now,
    events,
    around: until,
    offers: until.filter(isOf('OfferPublished')),
    of: (type) => events.filter(isOf(type)),
    terms: termsOf(events),
    endedAt: endedAtOf(events, now),
  };
};

/** Flags one after the other: what opens while one is open adds nothing. */
export const oneAtATime = (found: readonly Found[]): readonly Found[] => {
  const kept: Found[] = [];
  for (const next of found) {
    const { occurredAt } = next.openedBy;
    if (!kept.some(({ answeredAt }) => answeredAt === undefined || answeredAt > occurredAt)) kept.push(next);
  }
  return kept;
};

/** The wins. */
export const winsOf = (life: Life): readonly RecordedOf<'DealClosed'>[] =>
  life.of('DealClosed').filter(({ data }) => data.result === 'won');

/** The go-lives. */
export const goLivesOf = (life: Life): readonly RecordedOf<'MilestoneReached'>[] =>
  life.of('MilestoneReached').filter(({ data }) => data.milestone === 'go_live');

/** The first of some instants; undefined if there is none. */
export const first = (...instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.filter((at) => at !== undefined).toSorted()[0];

/** The last of some instants. */
export const last = (instant: Instant, ...others: readonly Instant[]): Instant =>
  others.reduce((latest, at) => (at > latest ? at : latest), instant);

export const days = addDays;
