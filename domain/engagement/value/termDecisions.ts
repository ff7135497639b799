// When does a subscription's term end, and when is it decided what follows?
import type { RecordedOf } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import { inFoldOrder } from '../../history.ts';
import { firstWhere, lastBefore, turningPoint } from '../../time/sortedSearch.ts';
import type { Facts } from '../facts.ts';
import { factsBySubscription, type SubscriptionEvent } from '../inEffect.ts';
import type { Subscription, Term } from '../subscriptions.ts';

/** What decides a term: its renewal, its end, the announcement that it will end, or a change that moves its end. */
export type TermDecision = RecordedOf<
  'SubscriptionRenewed' | 'SubscriptionEnded' | 'CancellationAnnounced' | 'SubscriptionChanged'
>;

/** A term that is undecided from an instant on, and the decision that comes next. */
export interface Undecided {
  readonly from: Instant;
  readonly decision: TermDecision | undefined;
}

/** A term with an end, from the event that gave it that end on. */
export interface EndingTerm {
  readonly subscriptionId: string;
  /** Its `begunBy` is that event: the start, the renewal, or a change that moved it. */
  readonly term: Term & { readonly end: Instant };
  /** Whether it renews by itself, as far as that was said by its end. */
  readonly renewsItself: boolean;
  /**
   * When it is first undecided at or after an instant. A cancellation decides it until it is withdrawn. Undefined if it is decided
   * by then for good.
   */
  undecidedFrom(at: Instant): Undecided | undefined;
}

interface Cancelled {
  readonly by: RecordedOf<'CancellationAnnounced'>;
  readonly withdrawnAt: Instant | undefined;
}

type Noticed = RecordedOf<'RenewalNoticed'>;

/**
 * What was said of whether a subscription renews by itself. One that renewed by itself does so again; one that was renewed by hand
 * may still renew by itself the next time.
 */
const saysItRenews = (event: SubscriptionEvent | Noticed): boolean | undefined => {
  if (event.type === 'SubscriptionRenewed') return event.data.auto === true ? true : undefined;
  return event.type === 'SubscriptionStarted' || event.type === 'SubscriptionChanged' || event.type === 'RenewalNoticed'
    ? event.data.autoRenew
    : undefined;
};

/**
 * The notices of each subscription that say whether it renews by itself. A notice that names no subscription is one of each
 * subscription of its order; without an order, of all.
 */
const noticesOf = (facts: Facts, subscriptions: readonly Subscription[]): ReadonlyMap<string, readonly Noticed[]> => {
  const notices = new Map<string, Noticed[]>();
  const saying = facts.of('RenewalNoticed').filter((event) => saysItRenews(event) !== undefined);
  if (saying.length === 0) return notices;
  const all = subscriptions.map(({ subscriptionId }) => subscriptionId);
  const byOrder = Map.groupBy(
    [
      ...subscriptions.map(({ subscriptionId: id, started }) => ({ id, orderId: started?.data.orderId })),
      ...facts
        .of('OrderFulfilled')
        .flatMap(({ data }) => data.subscriptionIds.map((id) => ({ id, orderId: data.orderId }))),
    ],
    ({ orderId }) => orderId,
  );
  for (const event of saying) {
    const { subscriptionIds: named, orderId } = event.data;
    const ofOrder = orderId === undefined ? all : (byOrder.get(orderId) ?? []).map(({ id }) => id);
    for (const id of new Set(named.length > 0 ? named : ofOrder)) {
      const own = notices.get(id);
      if (own === undefined) notices.set(id, [event]);
      else own.push(event);
    }
  }
  return notices;
};

/** The cancellations of a subscription in fold order. A renewal takes one back, and a change that makes it renew again. */
const cancellationsOf = (own: readonly SubscriptionEvent[]): readonly Cancelled[] => {
  const found: Cancelled[] = [];
  for (const event of own) {
    const last = found.at(-1);
    const open = last !== undefined && last.withdrawnAt === undefined ? last : undefined;
    if (event.type === 'CancellationAnnounced') {
      if (open === undefined) found.push({ by: event, withdrawnAt: undefined });
    } else if (open !== undefined && (event.type === 'SubscriptionRenewed' || saysItRenews(event) === true))
      found[found.length - 1] = { ...open, withdrawnAt: event.occurredAt };
  }
  return found;
};

const firstOf = (...events: readonly (TermDecision | undefined)[]): TermDecision | undefined =>
  events
    .filter((event) => event !== undefined)
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0))[0];

const undecidedFrom = (
  at: Instant,
  decidedBy: TermDecision | undefined,
  cancellations: readonly Cancelled[],
): Undecided | undefined => {
  const isDecided = (by: Instant): boolean => decidedBy !== undefined && decidedBy.occurredAt <= by;
  const standing = lastBefore(cancellations, ({ by }) => by.occurredAt > at);
  const isCancelled = standing !== undefined && (standing.withdrawnAt === undefined || standing.withdrawnAt > at);
  const from = isCancelled ? standing.withdrawnAt : at;
  if (from === undefined || isDecided(from)) return undefined;
  return { from, decision: firstOf(decidedBy, firstWhere(cancellations, ({ by }) => by.occurredAt > from)?.by) };
};

/** The starts and ends that a term had, each until a change moved it. A change moves only the last term that has begun by then. */
const movesOf = (
  term: Term,
  next: Term | undefined,
  changes: readonly RecordedOf<'SubscriptionChanged'>[],
): readonly { readonly term: Term; readonly movedBy: RecordedOf<'SubscriptionChanged'> | undefined }[] => {
  const { begunBy, decidedBy } = term;
  if (begunBy.type !== 'SubscriptionStarted' && begunBy.type !== 'SubscriptionRenewed') return [];
  const overBy = [decidedBy, next?.begunBy].filter((event) => event !== undefined);
  const own = changes.slice(
    turningPoint(changes, (change) => inFoldOrder(begunBy, change) < 0),
    turningPoint(changes, (change) => overBy.some((event) => inFoldOrder(event, change) < 0)),
  );
  let current: Term = { ...term, start: begunBy.data.termStart, end: begunBy.data.termEnd };
  const moves = own.map((movedBy) => {
    const before = current;
    const { termStart = current.start, termEnd = current.end } = movedBy.data;
    current = { ...term, begunBy: movedBy, start: termStart, end: termEnd };
    return { term: before, movedBy };
  });
  return [...moves, { term: current, movedBy: undefined }];
};

const endingTermsIn = (
  { subscriptionId, terms }: Subscription,
  { own, notices }: { readonly own: readonly SubscriptionEvent[]; readonly notices: readonly Noticed[] },
): readonly EndingTerm[] => {
  const cancellations = cancellationsOf(own);
  const said = [...own.filter((event) => saysItRenews(event) !== undefined), ...notices].sort(inFoldOrder);
  const changes = own
    .filter((event) => event.type === 'SubscriptionChanged')
    .filter(({ data }) => data.termStart !== undefined || data.termEnd !== undefined);
  return terms
    .flatMap((term, index) => movesOf(term, terms[index + 1], changes))
    .flatMap(({ term, movedBy }): readonly EndingTerm[] => {
      const { end, decidedBy } = term;
      if (end === undefined) return [];
      const lastSaid = lastBefore(said, ({ occurredAt }) => occurredAt > end);
      return [
        {
          subscriptionId,
          term: { ...term, end },
          renewsItself: lastSaid !== undefined && saysItRenews(lastSaid) === true,
          undecidedFrom: (at) => undecidedFrom(at, firstOf(movedBy, decidedBy), cancellations),
        },
      ];
    });
};

/**
 * Every term with an end, of all subscriptions, as often as its end was moved. With `from`, the subscriptions of which nothing was said
 * from then on are left out.
 */
export const endingTermsOf = (
  facts: Facts,
  subscriptions: readonly Subscription[],
  { from = '' }: { readonly from?: Instant | undefined } = {},
): readonly EndingTerm[] => {
  const bySubscription = factsBySubscription(facts);
  const noticed = noticesOf(facts, subscriptions);
  return subscriptions.flatMap((subscription) => {
    const { subscriptionId } = subscription;
    const own = bySubscription.get(subscriptionId) ?? [];
    if ((own.at(-1)?.occurredAt ?? '') < from) return [];
    return endingTermsIn(subscription, { own, notices: noticed.get(subscriptionId) ?? [] });
  });
};
