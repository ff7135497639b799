// What do tests say most of an engagement? Its usual facts, each in a word, at an instant.
import type { RecordedEvent, RecordedOf } from '../../../events/catalog.ts';
import type { Route } from '../../../events/fields.ts';
import { derivedPartyOf, streamIdOf } from '../../../events/identifiers.ts';
import type { Stage } from '../../../events/stage.ts';
import { recorded, type Said, tenantId } from './events.ts';

export const partner = { system: 'salesforce', kind: 'account', id: '001000000000001AAA' };
export const subscriptionId = 'sub_1';

export const opened = (at: string, said: Said<'EngagementOpened'> = {}): RecordedOf<'EngagementOpened'> =>
  recorded('EngagementOpened', { leadPartner: partner, ...said }, { at });
export const outcomeAgreed = (at: string): RecordedOf<'OutcomeAgreed'> =>
  recorded('OutcomeAgreed', { outcomeId: 'recovery-time', metric: 'hours', target: 4 }, { at });
export const routeAgreed = (at: string, route: Route = 'direct', said: Partial<Said<'RouteAgreed'>> = {}) =>
  recorded('RouteAgreed', { route, ...said }, { at });
export const proposed = (at: string, said: Said<'SolutionProposed'> = {}): RecordedOf<'SolutionProposed'> =>
  recorded('SolutionProposed', said, { at });
export const won = (at: string): RecordedOf<'DealClosed'> => recorded('DealClosed', { result: 'won' }, { at });
export const lost = (at: string, said: Partial<Said<'DealClosed'>> = {}): RecordedOf<'DealClosed'> =>
  recorded('DealClosed', { result: 'lost', ...said }, { at });
/** The CRM's claim of an order, by default without its legs. */
export const placed = (at: string, said: Partial<Said<'OrderPlaced'>> = {}): RecordedOf<'OrderPlaced'> =>
  recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'order-1', ...said }, { at });
export const fulfilled = (at: string): RecordedOf<'OrderFulfilled'> =>
  recorded('OrderFulfilled', { orderId: 'order-1' }, { at });
export const blocked = (at: string, reason: Said<'OrderBlocked'>['reason'] = 'po_missing', orderId = 'order-1') =>
  recorded('OrderBlocked', { orderId, reason }, { at });
export const unblocked = (at: string, orderId = 'order-1'): RecordedOf<'OrderUnblocked'> =>
  recorded('OrderUnblocked', { orderId }, { at });
export const orderCancelled = (at: string, orderId = 'order-1'): RecordedOf<'OrderCancelled'> =>
  recorded('OrderCancelled', { orderId, reason: 'code:customer' }, { at });
export const deliveryStarted = (at: string, templateRef?: string): RecordedOf<'DeliveryStarted'> =>
  recorded('DeliveryStarted', templateRef === undefined ? {} : { templateRef }, { at });
export const goLive = (at: string): RecordedOf<'MilestoneReached'> =>
  recorded('MilestoneReached', { milestone: 'go_live' }, { at });
export const worked = (at: string, minutes: number, category: Said<'WorkLogged'>['category'] = 'implementation') =>
  recorded('WorkLogged', { workId: `work-${at}`, category, minutes }, { at });
export const customised = (at: string, minutes: number): RecordedOf<'DeviationRecorded'> =>
  recorded('DeviationRecorded', { kind: 'customisation', minutes }, { at });
export const reported = (at: string, ...sections: NonNullable<Said<'ValueReported'>['sections']>) =>
  recorded('ValueReported', { reportId: `report-${at}`, sections }, { at });
export const reopened = (at: string): RecordedOf<'DealReopened'> => recorded('DealReopened', {}, { at });
export const withdrawn = (at: string): RecordedOf<'EngagementWithdrawn'> => recorded('EngagementWithdrawn', {}, { at });
export const reinstated = (at: string): RecordedOf<'EngagementReinstated'> =>
  recorded('EngagementReinstated', {}, { at });
/** Another lead partner, or nobody. */
export const assigned = (at: string, lead: typeof partner | null): RecordedOf<'PartnerAssigned'> =>
  recorded('PartnerAssigned', { partner: lead, by: 'connection' }, { at });
export const suspended = (at: string): RecordedOf<'SubscriptionSuspended'> =>
  recorded('SubscriptionSuspended', { subscriptionId }, { at });
export const resumed = (at: string): RecordedOf<'SubscriptionReinstated'> =>
  recorded('SubscriptionReinstated', { subscriptionId }, { at });
export const trialled = (at: string, trialEnd: string): RecordedOf<'SubscriptionChanged'> =>
  recorded('SubscriptionChanged', { subscriptionId, trialEnd }, { at });
export const cancelled = (at: string): RecordedOf<'CancellationAnnounced'> =>
  recorded('CancellationAnnounced', { subscriptionId }, { at });
export const retracted = (at: string, { eventId }: RecordedEvent): RecordedOf<'FactRetracted'> =>
  recorded('FactRetracted', { eventId, reason: 'code:wrong' }, { at });
export const renewalProposed = (at: string): RecordedOf<'RenewalProposed'> => recorded('RenewalProposed', {}, { at });

interface TermSaid {
  readonly from?: string;
  readonly to?: string;
  readonly subscription?: string;
}

const midnight = (date: string): string => `${date}T00:00:00.000Z`;

/** A subscription that starts at an instant; its term runs from that day, without an end unless `to` says one (a date). */
export const subscribed = (at: string, { from = at.slice(0, 10), to, subscription }: TermSaid = {}) =>
  recorded(
    'SubscriptionStarted',
    {
      subscriptionId: subscription ?? subscriptionId,
      kind: 'base_licence',
      quantity: 10,
      termStart: midnight(from),
      ...(to === undefined ? {} : { termEnd: midnight(to) }),
    },
    { at },
  );
export const renewed = (at: string, { from = at.slice(0, 10), to, subscription }: TermSaid = {}) =>
  recorded(
    'SubscriptionRenewed',
    {
      subscriptionId: subscription ?? subscriptionId,
      termStart: midnight(from),
      ...(to === undefined ? {} : { termEnd: midnight(to) }),
    },
    { at },
  );
export const ended = (at: string, said: Partial<Said<'SubscriptionEnded'>> = {}): RecordedOf<'SubscriptionEnded'> =>
  recorded('SubscriptionEnded', { subscriptionId, ...said }, { at });
export const used = (at: string, activeUnits: number): RecordedOf<'UsageMeasured'> =>
  recorded(
    'UsageMeasured',
    {
      subscriptionId,
      windowStart: midnight('2026-01-01'),
      windowEnd: midnight('2026-01-02'),
      activeUnits,
      metric: 'seats',
    },
    { at },
  );

export interface HandoffSaid {
  readonly id?: string;
  readonly from?: Stage;
  readonly to?: Stage;
}

const pairOf = ({ id = 'handoff-1', from = 'sell', to = 'deliver' }: HandoffSaid) => ({
  handoffId: id,
  fromStage: from,
  toStage: to,
});

/** A complete offer, by default from Sell to Deliver. */
export const handoffOffered = (at: string, said: HandoffSaid = {}): RecordedOf<'HandoffOffered'> =>
  recorded(
    'HandoffOffered',
    { ...pairOf(said), toOwner: 'person:7', expectations: [{ textRef: 'doc:1' }], contextRef: 'doc:2' },
    { at },
  );
/** An offer that lacks the new owner. */
export const incompleteHandoffOffered = (at: string, said: HandoffSaid = {}): RecordedOf<'HandoffOffered'> =>
  recorded('HandoffOffered', { ...pairOf(said), expectations: [{ textRef: 'doc:1' }], contextRef: 'doc:2' }, { at });
export const handoffAccepted = (at: string, said: HandoffSaid = {}): RecordedOf<'HandoffAccepted'> =>
  recorded('HandoffAccepted', pairOf(said), { at });
export const handoffRejected = (at: string, said: HandoffSaid = {}): RecordedOf<'HandoffRejected'> =>
  recorded('HandoffRejected', pairOf(said), { at });

export const policyPublished = (
  said: Partial<Said<'PolicyPublished'>>,
  { from = '2020-01-01', version = 1 }: { readonly from?: string; readonly version?: number } = {},
): RecordedEvent =>
  recorded(
    'PolicyPublished',
    { policyVersion: version, effectiveFrom: midnight(from), ...said },
    { at: from, stream: streamIdOf(tenantId, 'policy', 'policy') },
  );

export const offerId = 'backup-suite';
export const offerPublished = (at: string, said: Partial<Said<'OfferPublished'>> = {}): RecordedEvent =>
  recorded(
    'OfferPublished',
    { offerId, version: 1, components: [{ componentId: 'licence', kind: 'base_licence' }], ...said },
    { at, stream: streamIdOf(tenantId, 'offer', offerId) },
  );

/** The lead partner's registration with a holiday calendar. */
export const partnerRegistered = (calendarId: string): RecordedEvent =>
  recorded(
    'PartyRegistered',
    { party: partner, roles: ['msp'], calendarId },
    { at: '2020-01-01', stream: derivedPartyOf(tenantId, partner) },
  );
