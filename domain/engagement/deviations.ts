// Where do an engagement's facts break the rules of the lifecycle?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { epochOf, type Instant } from '../../events/instant.ts';
import { type Money, moneyOf } from '../../events/money.ts';
import type { Context } from '../context/context.ts';
import { tolerance } from '../time/tolerance.ts';
import { dealValues, moneyOfDeal } from './dealValues.ts';
import type { Engagement } from './engagement.ts';
import { cycleAt } from './journey.ts';
import type { Order } from './orders.ts';
import { legsComplete, paidByCustomer, paymentsOf } from './payments.ts';
import { unknownSubscriptions } from './unknownSubscriptions.ts';

/**
 * The kinds of breach that the facts can show (domain reference D3 and C8). A system's fact is never refused: a breach
 * is a deviation.
 */
export const deviationKinds = [
  'claimedTimeNotBelievable',
  'twoOpenings',
  'dealClosedTwice',
  'wonWithoutValue',
  'valueCurrencyUnknown',
  'orderClaimsDiffer',
  'possiblySameOrder',
  'legsDoNotConserve',
  'orderFulfilledUnknown',
  'creditAboveCharge',
  'handoffAnswerWithoutOffer',
  'handoffAnsweredTwice',
  'outcomeMeasuredNotAgreed',
  'renewalOfUnknownSubscription',
  'subscriptionChangedAfterEnd',
  'subscriptionUnknown',
] as const;
export type DeviationKind = (typeof deviationKinds)[number];

export interface Deviation {
  readonly kind: DeviationKind;
  /** What it is about: an order, a subscription, a cycle, a handoff, a field. */
  readonly about: string;
  /** The events that show it, in fold order. For orders that might be one, the events of each order stand together. */
  readonly eventIds: readonly string[];
}

type Check = (engagement: Engagement, context: Context) => readonly Deviation[];

const deviation = (kind: DeviationKind, about: string, events: readonly RecordedEvent[]): Deviation => ({
  kind,
  about,
  eventIds: events.map(({ eventId }) => eventId),
});

const groupedBy = <E>(events: readonly E[], keyOf: (event: E) => string): readonly (readonly [string, E[]])[] => [
  ...Map.groupBy(events, keyOf),
];

const claimedTimes: Check = ({ events }) =>
  events
    .filter((event) => event.claimedAt !== undefined)
    .map((event) => deviation('claimedTimeNotBelievable', event.claimedAt ?? '', [event]));

const openings: Check = (engagement) => {
  const opened = engagement.of('EngagementOpened');
  return opened.length > 1 ? [deviation('twoOpenings', engagement.engagementId, opened)] : [];
};

const closings: Check = (engagement) => {
  // After a reopening the deal is closed anew: that is no second closing.
  const closed = engagement.closings.flatMap(({ event, undoneBy }) => (undoneBy === undefined ? [event] : []));
  const byCycle = groupedBy(closed, (event) => `cycle ${cycleAt(engagement.journey, event.occurredAt)}`);
  const won = closed.filter((event) => event.data.result === 'won');
  return [
    ...byCycle
      .filter(([, events]) => events.length > 1)
      .map(([cycle, events]) => deviation('dealClosedTwice', cycle, events)),
    ...(dealValues(engagement).length === 0 ? won.map((event) => deviation('wonWithoutValue', 'value', [event])) : []),
  ];
};

const currencies: Check = (engagement) =>
  dealValues(engagement).flatMap((worth) =>
    worth.value === undefined || moneyOfDeal(worth) !== undefined
      ? []
      : [deviation('valueCurrencyUnknown', worth.value.amount, [worth.event])],
  );

const totalOf = (order: Order, context: Context): Money | undefined => {
  const { total } = order.said;
  if (total !== undefined) {
    const currency =
      total.currency ?? order.claims.map((claim) => claim.connectionCurrency).find((code) => code !== undefined);
    return currency === undefined ? undefined : moneyOf(total.amount, currency);
  }
  const paid = paidByCustomer(paymentsOf(order, context)).filter(({ component }) => component !== undefined);
  const [first] = paid;
  if (first === undefined || paid.some(({ currency }) => currency !== first.currency)) return undefined;
  return { amountMinor: paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0), currency: first.currency };
};

const claimantsOf = ({ claims }: Order): ReadonlySet<string> => new Set(claims.map(({ data }) => data.claimedBy));

const namedOrders = 5;

/**
 * Finds orders that might be one: their amounts are equal and their claimants differ. Two orders of one claimant are
 * never one.
 */
const mightBeOne = (placed: readonly Order[], context: Context): readonly Deviation[] => {
  const totals = placed.flatMap((order) => {
    const total = totalOf(order, context);
    return total === undefined || total.amountMinor <= 0
      ? []
      : [{ order, key: `${total.amountMinor} ${total.currency}` }];
  });
  return groupedBy(totals, ({ key }) => key).flatMap(([, group]) => {
    const byClaimants = groupedBy(group, ({ order }) => [...claimantsOf(order)].sort().join());
    const claimants = byClaimants.flatMap(([, [one]]) => (one === undefined ? [] : [claimantsOf(one.order)]));
    const alike = group
      .map(({ order }) => order)
      .filter((order) => claimants.some((other) => other.isDisjointFrom(claimantsOf(order))));
    if (alike.length === 0) return [];
    const ids = alike.slice(0, namedOrders).map(({ orderId }) => orderId);
    const more = alike.length > namedOrders ? ` and ${alike.length - namedOrders} more` : '';
    return [
      deviation(
        'possiblySameOrder',
        `${ids.join(', ')}${more}`,
        alike.flatMap(({ claims }) => claims),
      ),
    ];
  });
};

const orders: Check = ({ orders: placed }, context) => [
  ...placed
    .filter(({ differences }) => differences.length > 0)
    .map((order) => deviation('orderClaimsDiffer', `${order.orderId}: ${order.differences.join(', ')}`, order.claims)),
  ...mightBeOne(placed, context),
  ...placed
    .filter((order) => order.said.legs.length > 0 && !legsComplete(order, context))
    .map((order) => deviation('legsDoNotConserve', order.orderId, order.claims)),
];

const fulfilments: Check = (engagement) => {
  const keys = new Set(
    engagement.orders.flatMap(({ claims }) =>
      claims.flatMap(({ data }) => [data.orderId, data.agreementId, data.poNumber]),
    ),
  );
  return engagement
    .of('OrderFulfilled')
    .filter((event) => !keys.has(event.data.orderId))
    .map((event) => deviation('orderFulfilledUnknown', event.data.orderId, [event]));
};

const credits: Check = (engagement) => {
  const entries = engagement.of('LedgerEntryRecorded');
  const corrections = entries.filter(
    ({ data }) => data.correctsEntryId !== undefined && (data.kind === 'credit' || data.kind === 'refund'),
  );
  // If several entries have one id, the first is the charge.
  const byId = new Map(entries.toReversed().map((entry) => [entry.data.entryId, entry]));
  return groupedBy(corrections, ({ data }) => data.correctsEntryId ?? '').flatMap(([entryId, credited]) => {
    const charge = byId.get(entryId);
    const sum = credited.reduce((total, { data }) => total + data.amount.amountMinor, 0);
    return charge !== undefined && sum > charge.data.amount.amountMinor
      ? [deviation('creditAboveCharge', entryId, [charge, ...credited])]
      : [];
  });
};

const handoffs: Check = (engagement) => {
  const answers = engagement.events.filter(
    (event): event is RecordedOf<'HandoffAccepted' | 'HandoffRejected'> =>
      event.type === 'HandoffAccepted' || event.type === 'HandoffRejected',
  );
  const offered = new Set(engagement.of('HandoffOffered').map((event) => event.data.handoffId));
  return groupedBy(answers, ({ data }) => data.handoffId).flatMap(([handoffId, events]) => [
    ...(offered.has(handoffId) ? [] : [deviation('handoffAnswerWithoutOffer', handoffId, events)]),
    ...(events.length > 1 ? [deviation('handoffAnsweredTwice', handoffId, events)] : []),
  ]);
};

const outcomes: Check = (engagement) => {
  const agreed = new Set(engagement.of('OutcomeAgreed').map((event) => event.data.outcomeId));
  return engagement
    .of('OutcomeMeasured')
    .filter((event) => !agreed.has(event.data.outcomeId))
    .map((event) => deviation('outcomeMeasuredNotAgreed', event.data.outcomeId, [event]));
};

const laterThan = (at: Instant, other: Instant): boolean => epochOf(at) > epochOf(other) + tolerance;

const renewals: Check = (engagement) => {
  const known = new Map(engagement.subscriptions.map((subscription) => [subscription.subscriptionId, subscription]));
  const proposed = engagement
    .of('RenewalProposed')
    .flatMap((event) =>
      event.data.subscriptionIds
        .filter((id) => !known.has(id))
        .map((id) => deviation('renewalOfUnknownSubscription', id, [event])),
    );
  const changed = [...engagement.of('SubscriptionChanged'), ...engagement.of('SubscriptionRenewed')].flatMap(
    (event) => {
      const end = known.get(event.data.subscriptionId)?.ended;
      const at = event.type === 'SubscriptionChanged' ? (event.data.effectiveAt ?? event.occurredAt) : event.occurredAt;
      return end !== undefined && laterThan(at, end.at)
        ? [deviation('subscriptionChangedAfterEnd', event.data.subscriptionId, [end.event, event])]
        : [];
    },
  );
  return [...proposed, ...changed];
};

const unknown: Check = (engagement) =>
  [...unknownSubscriptions(engagement)].map(([id, events]) => deviation('subscriptionUnknown', id, events));

const checks: readonly Check[] = [
  claimedTimes,
  openings,
  closings,
  currencies,
  orders,
  fulfilments,
  credits,
  handoffs,
  outcomes,
  renewals,
  unknown,
];

const ranks = new Map(deviationKinds.map((kind, rank) => [kind, rank]));

const rankOf = ({ kind }: Deviation): number => ranks.get(kind) ?? ranks.size;

/**
 * Finds where an engagement's standing events deviate from the invariants of the lifecycle (domain reference D3 and
 * C8). The deviations are in the order of `deviationKinds`, then by `about`. Times within 5 minutes of each other are
 * simultaneous, and so are no breach.
 */
export const deviationsOf = (engagement: Engagement, context: Context): readonly Deviation[] =>
  checks
    .flatMap((check) => check(engagement, context))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.about < b.about ? -1 : a.about > b.about ? 1 : 0));
