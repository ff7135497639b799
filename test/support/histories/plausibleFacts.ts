// Which facts might an engagement have? Each is made at an instant; random histories draw of them.
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instantOf } from '../../../events/instant.ts';
import { rampDeclared, usedUntil } from './adoptionFacts.ts';
import {
  assigned,
  blocked,
  cancelled,
  customised,
  deliveryStarted,
  ended,
  fulfilled,
  goLive,
  handoffAccepted,
  handoffOffered,
  handoffRejected,
  incompleteHandoffOffered,
  lost,
  offerId,
  offerPublished,
  opened,
  orderCancelled,
  outcomeAgreed,
  partner,
  placed,
  policyPublished,
  proposed,
  reinstated,
  renewalProposed,
  renewed,
  reopened,
  reported,
  resumed,
  routeAgreed,
  subscribed,
  subscriptionId,
  suspended,
  trialled,
  unblocked,
  used,
  withdrawn,
  won,
  worked,
} from './engagementFacts.ts';
import { recorded, type Said } from './events.ts';
import { directLegs, marketplaceFee, resoldLegs, twoTierLegs } from './legs.ts';

const hour = 3_600_000;

export type Make = (at: string) => RecordedEvent;

const pairs = [
  { id: 'handoff-1', from: 'sell', to: 'deliver' },
  { id: 'handoff-2', from: 'deliver', to: 'report' },
  { id: 'handoff-3', from: 'report', to: 'renew' },
  { id: 'handoff-4', from: 'procure', to: 'deliver' },
] as const;

const daysAfter = (at: string, days: number): string => instantOf(Date.parse(at) + days * 24 * hour);

const joined: (
  at: string,
  responsibilities: NonNullable<Said<'ParticipantJoined'>['responsibilities']>,
  said?: Partial<Said<'ParticipantJoined'>>,
) => RecordedEvent = (at, responsibilities, said = {}) =>
  recorded('ParticipantJoined', { org: partner, responsibilities, ...said }, { at });

export const term = (at: string, days = 365) => ({ to: instantOf(Date.parse(at) + days * 24 * hour).slice(0, 10) });

const dayAfter = (at: string, days: number): string => instantOf(Date.parse(at) + days * 24 * hour).slice(0, 10);

/** Facts that never end the engagement, or count its cycles. */
export const plain: readonly Make[] = [
  opened,
  (at) => opened(at, { offerId }),
  outcomeAgreed,
  proposed,
  (at) => proposed(at, { offerId, offerVersion: 1 }),
  won,
  fulfilled,
  deliveryStarted,
  (at) => deliveryStarted(at, 'template:1'),
  goLive,
  renewalProposed,
  (at) => reported(at, 'adoption'),
  (at) => reported(at, 'business_impact'),
  (at) => used(at, 0),
  (at) => used(at, 3),
  ...[2, 6, 9].map(
    (units): Make =>
      (at) =>
        usedUntil(at, units),
  ),
  (at) => rampDeclared(at, { from: at.slice(0, 10), activeUnits: 4 }),
  (at) => recorded('OutcomeAgreed', { outcomeId: 'margin', baseline: 1, target: 4, due: dayAfter(at, 60) }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'margin', value: 3 }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'margin', value: 5 }, { at }),
  (at) => recorded('ValueReported', { reportId: 'report-1', sections: ['business_impact', 'adoption'] }, { at }),
  (at) => recorded('ValueReported', { reportId: 'd-1', sections: ['business_impact'], form: 'dashboard' }, { at }),
  (at) => recorded('ReportAcknowledged', { reportId: 'report-1' }, { at }),
  (at) => worked(at, 500),
  (at) => customised(at, 130),
  (at) => recorded('DeviationRecorded', { kind: 'customisation', minutes: 130, feature: 'archive' }, { at }),
  (at) => recorded('DeliveryStarted', { plannedMinutes: 600 }, { at }),
  (at) => proposed(at, { offerId, commitments: [{ id: 'c1', capability: 'restore' }] }),
  (at) => proposed(at, { offerId, offerVersion: 2, commitments: [{ id: 'c1', capability: 'restore' }] }),
  (at) => recorded('DeviationRecorded', { kind: 'scope_gap', commitmentId: 'c1' }, { at }),
  (at) => recorded('CommitmentSettled', { commitmentId: 'c1', how: 'withdrawn' }, { at }),
  (at) => recorded('CommitmentSettled', { commitmentId: 'c1', how: 'delivered' }, { at }),
  (at) => joined(at, ['sell', 'bill']),
  (at) => joined(at, ['deliver', 'support'], { from: daysAfter(at, 20) }),
  (at) => joined(at, ['bill', 'deliver', 'support'], { until: daysAfter(at, 60) }),
  (at) => joined(at, ['advise']),
  ...(['direct', 'marketplace', 'two_tier', 'co_sell'] as const).map(
    (route): Make =>
      (at) =>
        routeAgreed(at, route),
  ),
  (at) => routeAgreed(at, 'direct', { buyerPreference: 'marketplace' }),
  (at) => routeAgreed(at, 'two_tier', { reason: 'code:contract' }),
  (at) => routeAgreed(at, 'direct', { inSteps: true }),
  (at) => placed(at, { legs: directLegs }),
  (at) => placed(at, { claimedBy: 'distributor', poNumber: 'po-1', legs: twoTierLegs }),
  (at) => placed(at, { orderId: 'order-2', legs: resoldLegs }),
  (at) => placed(at, { orderId: 'order-3', poNumber: 'po-1', fees: marketplaceFee }),
  (at) => proposed(at, { expiresAt: instantOf(Date.parse(at) + 20 * 24 * hour).slice(0, 10) }),
  (at) => recorded('DealRevised', { expectedClose: instantOf(Date.parse(at) + 30 * 24 * hour).slice(0, 10) }, { at }),
  (at) => placed(at, { orderId: 'order-2', routeReason: 'code:stock' }),
  (at) => blocked(at),
  (at) => blocked(at, 'legal', 'order-2'),
  (at) => blocked(at, 'other'),
  (at) => unblocked(at),
  (at) => unblocked(at, 'po-1'),
  (at) => orderCancelled(at, 'order-2'),
  ...pairs.flatMap((pair): readonly Make[] => [
    (at) => handoffOffered(at, pair),
    (at) => incompleteHandoffOffered(at, pair),
    (at) => handoffAccepted(at, pair),
    (at) => handoffRejected(at, pair),
    (at) =>
      recorded(
        'HandoffOffered',
        { handoffId: pair.id, fromStage: pair.from, toStage: pair.to, acceptBy: daysAfter(at, 2) },
        { at },
      ),
    (at) =>
      recorded(
        'HandoffOffered',
        { handoffId: pair.id, fromStage: pair.from, toStage: pair.to, acceptBy: daysAfter(at, 400) },
        { at },
      ),
  ]),
];

export const lifetime: readonly Make[] = [
  (at) => subscribed(at, term(at)),
  (at) => subscribed(at, term(at, 180)),
  (at) => renewed(at, term(at)),
  (at) => recorded('SubscriptionRenewed', { subscriptionId, termStart: at, quantity: 6 }, { at }),
  (at) => ended(at, { reason: 'unused' }),
  ended,
  (at) => ended(at, { effectiveAt: instantOf(Date.parse(at) + 40 * 24 * hour) }),
  lost,
  (at) => lost(at, { reason: 'procurement' }),
];

/** Facts that take something back, or say it again. */
export const turns: readonly Make[] = [
  reopened,
  withdrawn,
  reinstated,
  (at) => assigned(at, null),
  (at) => assigned(at, partner),
  suspended,
  resumed,
  (at) => trialled(at, instantOf(Date.parse(at) + 30 * 24 * hour)),
  cancelled,
  (at) => recorded('SubscriptionChanged', { subscriptionId, autoRenew: true, quantity: 7 }, { at }),
  (at) => recorded('RenewalNoticed', { endsAt: daysAfter(at, 60), autoRenew: true }, { at }),
];

export const around: readonly Make[] = [
  (at) => offerPublished(at, { version: 1, routes: ['direct'] }),
  (at) => offerPublished(at, { version: 2, routes: ['two_tier', 'marketplace'], marketplaces: ['aws'] }),
  (at) => offerPublished(at, { version: 2, capabilities: ['backup'], features: ['archive'] }),
  (at) => offerPublished(at, { version: 3, capabilities: ['restore'] }),
  (at) => policyPublished({ thresholds: { 'P4.1': { days: 31 }, 'P1.3': { days: 10 } } }, { from: at.slice(0, 10) }),
];
