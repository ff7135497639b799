// Which histories may an engagement have? Arbitrary ones of systems' facts, restated, contradictory or in any order; and what a stream makes of them.
import fc from 'fast-check';
import { extend, type History, historyOf } from '../../../domain/history.ts';
import { decide } from '../../../domain/stages/decider.ts';
import type { Fact, RecordedEvent } from '../../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../../events/instant.ts';
import { fact } from './events.ts';
import { retractionsOf } from './retractions.ts';
import { saleSayings } from './saleSayings.ts';
import { saying } from './saying.ts';

/** The first instant of arbitrary histories, and some instants at which to look at them. */
export const beginning = '2025-01-01T08:00:00.000Z';
export const someNow: fc.Arbitrary<Instant> = fc.integer({ min: -5, max: 900 }).map((days) => addDays(beginning, days));

/** Instants that often coincide, or lie within the tolerance of each other. */
const at: fc.Arbitrary<Instant> = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, 0, 120_000, 240_000, 360_000))
  .map(([step, past]) => addMilliseconds(addDays(beginning, step * 13), past));

const org = fc
  .constantFrom('vendor', 'distributor', 'partner', 'isv', 'customer')
  .map((id) => ({ system: 'crm', kind: 'account', id }));
const price = fc.record({
  amountMinor: fc.integer({ min: 0, max: 90_000 }),
  currency: fc.constantFrom('EUR', 'EUR', 'NOK'),
});
const value = fc.record({
  amount: fc.constantFrom('100.00', '250', '0.125'),
  currency: fc.constantFrom('EUR', undefined),
});
const stage = fc.constantFrom(
  'sell' as const,
  'procure' as const,
  'deliver' as const,
  'report' as const,
  'renew' as const,
);
const pair = fc.record({ handoffId: fc.constantFrom('h1', 'h2', 'h3'), fromStage: stage, toStage: stage });
const subscriptionId = fc.constantFrom('s1', 's2');
const term = at.chain((termStart) =>
  fc.constantFrom(30, 90, 365).map((days) => ({ termStart, termEnd: addDays(termStart, days) })),
);
const billing = {
  price,
  billingPeriod: fc.constantFrom('P1M' as const, 'P1Y' as const, 'P3Y' as const),
  quantity: fc.integer({ min: 0, max: 50 }),
};
const leg = fc.record({
  seq: fc.integer({ min: 1, max: 3 }),
  component: fc.constantFrom('a', 'b'),
  seller: org,
  buyer: org,
  amount: price,
});
const fee = fc.record({ payee: org, payer: org, kind: fc.constant('listing'), amount: price });

/** States between which a source moves one object, so that events of one instant form a path, a circle or neither. */
const state = fc.constantFrom('10', '20', '30');
const moved: fc.Arbitrary<(at: Instant, seq: string) => Fact> = fc
  .record({ was: fc.option(state, { nil: undefined }), is: state }, { requiredKeys: ['is'] })
  .map(({ was, is }) => (occurredAt, seq) => ({
    ...fact(
      'SubscriptionChanged',
      { subscriptionId: 's1', quantity: Number(is) },
      { at: occurredAt, currency: 'EUR', sourceId: `${was} ${is} ${seq}`, seq: occurredAt },
    ),
    sourceState: { of: 's1', is, ...(was !== undefined && { was }) },
  }));

const sayings = fc.oneof(
  { weight: 8, arbitrary: saleSayings(at) },
  moved,
  moved,
  saying(
    'EngagementOpened',
    fc.record(
      {
        customer: org,
        leadPartner: org,
        segment: fc.constantFrom('smb', 'enterprise'),
        expectedValue: value,
        offerId: fc.constant('offer'),
      },
      { requiredKeys: [] },
    ),
    () => 'opportunity',
  ),
  saying('EngagementOpened', fc.constant({})),
  saying('CustomerIdentified', fc.record({ customer: org })),
  saying('PartnerAssigned', fc.record({ partner: fc.option(org), by: fc.constant('connection' as const) })),
  saying('DealRevised', fc.record({ value: fc.option(value), salesStage: fc.constantFrom('a', null) })),
  saying('DealRevised', fc.record({ currency: fc.constantFrom('EUR', 'USD') })),
  saying('DealReopened', fc.constant({})),
  saying('EngagementWithdrawn', fc.constant({})),
  saying('EngagementReinstated', fc.constant({})),
  saying('OutcomeAgreed', fc.record({ outcomeId: fc.constantFrom('o1', 'o2') })),
  saying('RouteAgreed', fc.record({ route: fc.constantFrom('two_tier' as const, 'direct' as const) })),
  saying('SolutionProposed', fc.record({ offerId: fc.constantFrom('offer', 'other'), value }, { requiredKeys: [] })),
  saying('DealClosed', fc.record({ result: fc.constantFrom('won' as const, 'won' as const, 'lost' as const), value })),
  saying(
    'OrderPlaced',
    fc.record({
      claimedBy: fc.constantFrom('seller_of_record' as const, 'crm' as const),
      orderId: fc.constantFrom('O1', 'O2', 'O3'),
      poNumber: fc.constantFrom('P1', undefined),
      legs: fc.array(leg, { maxLength: 4 }),
      fees: fc.array(fee, { maxLength: 2 }),
      total: value,
    }),
    ({ claimedBy, orderId }) => `${claimedBy} ${orderId}`,
  ),
  saying('OrderFulfilled', fc.record({ orderId: fc.constantFrom('O1', 'P1', 'O9') })),
  saying(
    'SubscriptionStarted',
    fc
      .tuple(
        fc.record({
          subscriptionId,
          kind: fc.constantFrom('base_licence' as const, 'add_on_service' as const),
          trialEnd: fc.option(at, { nil: undefined }),
          orderId: fc.constantFrom('O1', undefined),
          ...billing,
        }),
        term,
      )
      .map(([said, when]) => ({ ...said, ...when })),
    ({ subscriptionId: id }) => id,
  ),
  saying(
    'SubscriptionChanged',
    fc.record({
      subscriptionId,
      ...billing,
      effectiveAt: fc.option(at, { nil: undefined }),
      autoRenew: fc.constantFrom(undefined, true, false),
      termEnd: fc.option(at, { nil: undefined }),
    }),
  ),
  saying('SubscriptionChanged', fc.record({ subscriptionId, priceReason: fc.constantFrom('metered', 'tiered') })),
  saying('SubscriptionSuspended', fc.record({ subscriptionId, effectiveAt: fc.option(at, { nil: undefined }) })),
  saying('SubscriptionReinstated', fc.record({ subscriptionId })),
  saying(
    'CancellationAnnounced',
    fc.record({
      subscriptionId: fc.option(subscriptionId, { nil: undefined }),
      orderId: fc.constantFrom('O1', undefined),
      effectiveAt: fc.option(at, { nil: undefined }),
    }),
  ),
  saying(
    'SubscriptionRenewed',
    fc
      .tuple(fc.record({ subscriptionId, quantity: billing.quantity }), term)
      .map(([said, when]) => ({ ...said, ...when })),
  ),
  saying('SubscriptionEnded', fc.record({ subscriptionId, effectiveAt: fc.option(at, { nil: undefined }) })),
  saying(
    'HandoffOffered',
    fc
      .tuple(
        pair,
        fc.record({ toOwner: fc.constant('person:1'), contextRef: fc.constant('doc:1') }, { requiredKeys: [] }),
      )
      .map(([named, rest]) => ({ ...named, ...rest })),
  ),
  saying('HandoffAccepted', pair),
  saying('HandoffRejected', pair),
  saying('DeliveryStarted', fc.record({ templateRef: fc.constant('template:1') }, { requiredKeys: [] })),
  saying('MilestoneReached', fc.record({ milestone: fc.constantFrom('go_live' as const, 'first_value' as const) })),
  saying(
    'DeviationRecorded',
    fc.record({ kind: fc.constant('customisation' as const), minutes: fc.integer({ min: 0, max: 600 }) }),
  ),
  saying(
    'WorkLogged',
    fc.record({
      workId: fc.constantFrom('w1', 'w2', 'w3'),
      category: fc.constant('implementation' as const),
      minutes: fc.integer({ min: 0, max: 900 }),
    }),
  ),
  saying(
    'UsageMeasured',
    fc.record({
      subscriptionId,
      windowStart: fc.constant(beginning),
      windowEnd: at,
      activeUnits: fc.constantFrom(0, 0, 3),
      metric: fc.constant('users'),
    }),
  ),
  saying(
    'OutcomeMeasured',
    fc.record({ outcomeId: fc.constantFrom('o1', 'o2'), value: fc.integer(), met: fc.boolean() }),
  ),
  saying(
    'ValueReported',
    fc.record({
      reportId: fc.constantFrom('r1', 'r2'),
      sections: fc.subarray(['adoption' as const, 'business_impact' as const]),
    }),
  ),
  saying('RenewalProposed', fc.record({ subscriptionIds: fc.subarray(['s1', 's2', 's9']) })),
);

/** Of facts that say the same (one event id), the first: an id's repetition is the same message, time and all. */
const distinct = (facts: readonly Fact[]): readonly Fact[] => [
  ...new Map([...facts].reverse().map((said) => [said.eventId, said])).values(),
];

/**
 * Systems' facts about one engagement, as messages may say them: facts keyed on an object are restated, with the
 * source's own order in `sourceSeq`; some are taken back; nothing makes them coherent. Not empty; no two have one event id.
 */
export const someFacts: fc.Arbitrary<readonly Fact[]> = fc
  .array(fc.tuple(sayings, at, fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 30 })
  .map((said) => distinct(said.map(([say, when, seq]) => say(when, `000${seq}`))))
  .chain((facts) => fc.oneof(fc.constant([]), retractionsOf(facts, at)).map((back) => distinct([...facts, ...back])));

/** Deliveries of facts: each at least once, some repeated, in any order. */
export const deliveriesOf = (facts: readonly Fact[]): fc.Arbitrary<readonly Fact[]> =>
  fc
    .subarray([...facts])
    .chain((again) => fc.shuffledSubarray([...facts, ...again], { minLength: facts.length + again.length }));

/** What a stream holds after deliveries in an order: each is decided against what was recorded before it. */
export const deliver = (facts: readonly Fact[], from: History = historyOf([])): readonly RecordedEvent[] =>
  facts.reduce((history, delivered) => {
    const decision = decide(history, delivered);
    if (decision.outcome === 'refused') throw new Error(`refused: ${decision.reason} ${decision.detail}`);
    if (decision.outcome === 'unchanged') return history;
    const added = decision.events.map((event, index) => ({
      ...event,
      version: history.events.length + index + 1,
      recordedAt: addMilliseconds('2028-01-01T00:00:00.000Z', history.events.length),
    }));
    return extend(history, added);
  }, from).events;
