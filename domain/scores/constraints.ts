// Which constraints of the lifecycle does an engagement satisfy, violate, or still have to answer?
import type { EventType, RecordedEvent } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { winsOf } from '../engagement/closings.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { cycleAt } from '../engagement/journey.ts';
import { showsValue } from '../patterns/cadenceBroken.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';

/** The constraints of the lifecycle (domain reference C8), by the Declare template that each is made of. */
export const constraintNames = [
  'precedence(OutcomeAgreed, SolutionProposed)',
  'precedence(RouteAgreed, DealClosed won)',
  'response(DealClosed won, OrderPlaced)',
  'precedence(OrderPlaced, OrderFulfilled)',
  'precedence(OrderFulfilled, DeliveryStarted)',
  'response(DeliveryStarted, go-live)',
  'response(go-live, ValueReported)',
  'precedence(ValueReported, RenewalProposed)',
  'not_succession(SubscriptionEnded, UsageMeasured)',
  'exactly_one(DealClosed)',
] as const;
export type ConstraintName = (typeof constraintNames)[number];

export const constraintStates = ['satisfied', 'violated', 'pending'] as const;
export type ConstraintState = (typeof constraintStates)[number];

/** A constraint that the engagement's facts activate. One that nothing activates says nothing. */
export interface Conformance {
  readonly constraint: ConstraintName;
  readonly state: ConstraintState;
  /** The events that decided it, in fold order: those that violate it, else those that activate or answer it. */
  readonly events: readonly RecordedEvent[];
  /** When a pending constraint is violated by time alone; undefined if only the engagement's end decides it. */
  readonly dueAt?: Instant | undefined;
}

/** How long a response may take, in days. */
export interface Patience {
  /** From go-live, at that instant, to the first report of value: rule P4.1's. */
  readonly reportDays: (at: Instant) => number;
  /** When a report is due that was due at that instant, once outages are counted; undefined while nobody can tell whether it came. */
  readonly reportDue?: (dueAt: Instant, live: RecordedEvent) => Instant | undefined;
}

interface Sides {
  readonly activating: readonly RecordedEvent[];
  readonly other: readonly RecordedEvent[];
}

/** Each activating event needs one of the others before it. Times within 5 minutes are simultaneous, and so in order. */
const precedence = (constraint: ConstraintName, { activating, other }: Sides): readonly Conformance[] => {
  if (activating.length === 0) return [];
  const [first] = other;
  const violating = activating.filter(
    ({ occurredAt }) => first === undefined || first.occurredAt > addMilliseconds(occurredAt, tolerance),
  );
  const events = violating.length > 0 ? violating : [first ?? [], activating[0] ?? []].flat();
  return [{ constraint, state: violating.length > 0 ? 'violated' : 'satisfied', events }];
};

interface Answering extends Sides {
  readonly endedAt: Instant | undefined;
  readonly now: Instant;
  readonly days?: (at: Instant) => number;
  readonly moved?: Patience['reportDue'];
}

/** Each activating event needs one of the others after it: until its time is over, or the engagement ends, it waits. */
const response = (
  constraint: ConstraintName,
  { activating, other, endedAt, now, days, moved = (dueAt) => dueAt }: Answering,
): readonly Conformance[] => {
  if (activating.length === 0) return [];
  const answerTo = (event: RecordedEvent): RecordedEvent | undefined =>
    firstWhere(other, ({ occurredAt }) => occurredAt >= addMilliseconds(event.occurredAt, -tolerance));
  const unanswered = activating.filter((event) => answerTo(event) === undefined);
  const dueOf = (event: RecordedEvent): Instant | undefined => {
    const dueAt = days === undefined ? undefined : moved(addDays(event.occurredAt, days(event.occurredAt)), event);
    return dueAt === undefined ? undefined : addMilliseconds(dueAt, tolerance);
  };
  const violating = unanswered.filter((event) => {
    const dueAt = dueOf(event);
    return endedAt !== undefined || (dueAt !== undefined && dueAt <= now);
  });
  if (violating.length > 0) return [{ constraint, state: 'violated', events: violating }];
  const [waiting] = unanswered;
  if (waiting !== undefined) return [{ constraint, state: 'pending', events: unanswered, dueAt: dueOf(waiting) }];
  return activating.slice(0, 1).map((event) => ({
    constraint,
    state: 'satisfied',
    events: [event, answerTo(event) ?? []].flat(),
  }));
};

/** After a subscription has ended nobody uses it. */
const unusedAfterEnd = (engagement: Engagement): readonly Conformance[] => {
  const ended = engagement.subscriptions.flatMap(({ subscriptionId, ended: end }) =>
    end === undefined || (engagement.until !== undefined && end.at > engagement.until) ? [] : [{ subscriptionId, end }],
  );
  if (ended.length === 0) return [];
  const used = engagement.of('UsageMeasured').filter(({ data }) => data.activeUnits > 0);
  const violating = ended.flatMap(({ subscriptionId, end }) => {
    const after = used.filter(
      ({ data }) => data.subscriptionId === subscriptionId && data.windowStart >= addMilliseconds(end.at, tolerance),
    );
    return after.length === 0 ? [] : [end.event, ...after];
  });
  const constraint = 'not_succession(SubscriptionEnded, UsageMeasured)';
  return violating.length > 0
    ? [{ constraint, state: 'violated', events: violating }]
    : [{ constraint, state: 'satisfied', events: ended.map(({ end }) => end.event) }];
};

/** A deal closes once a cycle; what a reopening undid does not count. */
const closesOnce = ({ closings, journey }: Engagement): readonly Conformance[] => {
  const closed = closings.flatMap(({ event, undoneBy }) => (undoneBy === undefined ? [event] : []));
  if (closed.length === 0) return [];
  const byCycle = Map.groupBy(closed, ({ occurredAt }) => cycleAt(journey, occurredAt));
  const twice = [...byCycle.values()].filter((events) => events.length > 1).flat();
  const constraint = 'exactly_one(DealClosed)';
  return twice.length > 0
    ? [{ constraint, state: 'violated', events: twice }]
    : [{ constraint, state: 'satisfied', events: closed }];
};

/**
 * The constraints of the lifecycle that the engagement's facts activate, in catalog order, as they stand at `now`
 * (domain reference C8). Reports and orders count whenever they came: that they came late is a flag, not a violation.
 */
export const conformanceOf = (
  engagement: Engagement,
  now: Instant,
  { reportDays, reportDue }: Patience,
): readonly Conformance[] => {
  const of = (type: EventType): readonly RecordedEvent[] => engagement.of(type);
  const ended = engagement.journey.ending?.at;
  const endedAt = ended !== undefined && ended <= now ? ended : undefined;
  const won = winsOf(engagement).flatMap(({ event, undoneBy }) => (undoneBy === undefined ? [event] : []));
  const live = engagement.of('MilestoneReached').filter(({ data }) => data.milestone === 'go_live');
  const time = { endedAt, now };
  return [
    ...precedence('precedence(OutcomeAgreed, SolutionProposed)', {
      ...{ activating: of('SolutionProposed'), other: of('OutcomeAgreed') },
    }),
    ...precedence('precedence(RouteAgreed, DealClosed won)', { activating: won, other: of('RouteAgreed') }),
    ...response('response(DealClosed won, OrderPlaced)', { activating: won, other: of('OrderPlaced'), ...time }),
    ...precedence('precedence(OrderPlaced, OrderFulfilled)', {
      ...{ activating: of('OrderFulfilled'), other: of('OrderPlaced') },
    }),
    ...precedence('precedence(OrderFulfilled, DeliveryStarted)', {
      ...{ activating: of('DeliveryStarted'), other: of('OrderFulfilled') },
    }),
    ...response('response(DeliveryStarted, go-live)', { activating: of('DeliveryStarted'), other: live, ...time }),
    ...response('response(go-live, ValueReported)', {
      ...{
        activating: live.slice(0, 1),
        other: engagement.events.filter(showsValue),
        ...time,
        days: reportDays,
        ...(reportDue !== undefined && { moved: reportDue }),
      },
    }),
    ...precedence('precedence(ValueReported, RenewalProposed)', {
      ...{ activating: of('RenewalProposed'), other: of('ValueReported') },
    }),
    ...unusedAfterEnd(engagement),
    ...closesOnce(engagement),
  ];
};

/** Satisfied of all decided constraints, 0 to 1 (domain reference C8); undefined while none is decided. */
export const fitnessOf = (constraints: readonly Conformance[]): number | undefined => {
  const decided = constraints.filter(({ state }) => state !== 'pending');
  if (decided.length === 0) return undefined;
  return decided.filter(({ state }) => state === 'satisfied').length / decided.length;
};
