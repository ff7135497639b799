// Where do an engagement's facts break the rules of the lifecycle?
import type { RecordedOf } from '../../events/catalog.ts';
import type { Context } from '../context/context.ts';
import { isLater } from '../time/tolerance.ts';
import { claimedValues, dealValues, moneyOfDeal } from './dealValues.ts';
import { careChecks, careKinds } from './deviations/customerCare.ts';
import { type CheckOf, type DeviationOf, deviation, groupedBy } from './deviations/deviation.ts';
import { lifeChecks, lifeKinds } from './deviations/life.ts';
import { orderChecks, orderKinds } from './deviations/orders.ts';
import { saleChecks, saleKinds } from './deviations/sale.ts';
import type { Engagement } from './engagement.ts';
import { originNamedBy } from './foreignOffers.ts';
import { cycleAt } from './journey.ts';
import { ordersAlike } from './ordersAlike.ts';
import { legsComplete } from './payments.ts';
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
  ...lifeKinds,
  'closingSuperseded',
  'orderSuperseded',
  'claimStandsAside',
  'valueClaimsDiffer',
  'offerNotConfirmed',
  'mergeInCircle',
  ...orderKinds,
  ...saleKinds,
  ...careKinds,
] as const;
export type DeviationKind = (typeof deviationKinds)[number];

export type Deviation = DeviationOf<DeviationKind>;

type Check = CheckOf<DeviationKind>;

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

const orders: Check = ({ orders: placed }, context) => [
  ...placed
    .filter(({ differences }) => differences.length > 0)
    .map((order) => deviation('orderClaimsDiffer', `${order.orderId}: ${order.differences.join(', ')}`, order.claims)),
  ...ordersAlike(placed, context).map(({ about, claims }) => deviation('possiblySameOrder', about, claims)),
  ...placed
    .filter((order) => order.said.legs.length > 0 && !legsComplete(order, context))
    .map((order) => deviation('legsDoNotConserve', order.orderId, order.claims)),
];

/** Another's offer, which only a partner names: it counts once a fact for the vendor names it too. */
const offers: Check = ({ offersLeftOut = [] }) =>
  groupedBy(offersLeftOut, (event) => originNamedBy(event).offerId ?? '').map(([offerId, events]) =>
    deviation('offerNotConfirmed', offerId, events),
  );

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
      return end !== undefined && isLater(at, end.at)
        ? [deviation('subscriptionChangedAfterEnd', event.data.subscriptionId, [end.event, event])]
        : [];
    },
  );
  return [...proposed, ...changed];
};

const unknown: Check = (engagement) =>
  [...unknownSubscriptions(engagement)].map(([id, events]) => deviation('subscriptionUnknown', id, events));

/** A closing or an order was replaced: both events are named, whoever said them. */
const replacements: Check = (engagement) =>
  [
    ...engagement
      .of('DealClosed')
      .map((event) => ({ kind: 'closingSuperseded' as const, about: event.data.result, event })),
    ...engagement
      .of('OrderPlaced')
      .map((event) => ({ kind: 'orderSuperseded' as const, about: event.data.orderId, event })),
  ].flatMap(({ kind, about, event: { supersedes, eventId } }) =>
    supersedes === undefined ? [] : [{ kind, about, eventIds: [supersedes, eventId] }],
  );

/** A partner's word stands aside, or names another value of the deal than the one that counts. */
const claims: Check = (engagement) => {
  const counted = dealValues(engagement).at(-1);
  return [
    ...engagement.stoodAside.map(({ claim, word }) => deviation('claimStandsAside', claim.type, [claim, word])),
    ...claimedValues(engagement).flatMap(({ event, value }) =>
      counted === undefined || value?.amount === counted.value?.amount
        ? []
        : [deviation('valueClaimsDiffer', value?.amount ?? 'cleared', [event, counted.event])],
    ),
  ];
};

/** Merges lead in a circle: the last of them doesn't count. */
const merges: Check = ({ mergeInCircle: merge }) =>
  merge === undefined ? [] : [deviation('mergeInCircle', merge.data.into, [merge])];

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
  ...lifeChecks,
  ...orderChecks,
  ...saleChecks,
  ...careChecks,
  replacements,
  merges,
  claims,
  offers,
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
