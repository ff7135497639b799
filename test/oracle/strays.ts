// What else may be said in a life, at any time beside the steps of the lifecycle?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays } from '../../events/instant.ts';
import {
  blocked,
  fulfilled,
  offerId,
  offerPublished,
  orderCancelled,
  placed,
  unblocked,
} from '../support/histories/engagementFacts.ts';
import { recorded, type Said } from '../support/histories/events.ts';
import { coSoldLegs, directLegs, marketplaceFee, twoTierLegs } from '../support/histories/legs.ts';

export type Make = (at: string) => RecordedEvent;

const day = (at: string, days: number): string => addDays(at, days).slice(0, 10);

const outcomes: readonly Make[] = [
  (at) => recorded('OutcomeAgreed', { outcomeId: 'o1', baseline: 1, target: 4, due: day(at, 60) }, { at }),
  (at) => recorded('OutcomeAgreed', { outcomeId: 'o1', baseline: 1, target: 5, due: day(at, 30) }, { at }),
  (at) => recorded('OutcomeAgreed', { outcomeId: 'o2', baseline: 9, target: 4, due: day(at, 90) }, { at }),
  (at) => recorded('OutcomeAgreed', { outcomeId: 'o3', target: 4, due: day(at, 60) }, { at }),
  (at) => recorded('OutcomeAgreed', { outcomeId: 'o4', metric: 'hours' }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'o3', value: 3 }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'o3', value: 3, met: false }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'o1', value: 3 }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'o1', value: 5 }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'o2', value: 6 }, { at }),
  (at) => recorded('OutcomeMeasured', { outcomeId: 'o2', value: 2 }, { at }),
];

const worked =
  (minutes: number, category: Said<'WorkLogged'>['category'] = 'implementation'): Make =>
  (at) =>
    recorded('WorkLogged', { workId: `${category} ${minutes} ${at}`, category, minutes }, { at });
const customised =
  (minutes: number, feature?: string): Make =>
  (at) =>
    recorded('DeviationRecorded', { kind: 'customisation', minutes, feature }, { at });
const started =
  (said: Said<'DeliveryStarted'>): Make =>
  (at) =>
    recorded('DeliveryStarted', said, { at });

const pairs = [
  { fromStage: 'sell', toStage: 'deliver' },
  { fromStage: 'procure', toStage: 'deliver' },
  { fromStage: 'deliver', toStage: 'report' },
  { fromStage: 'report', toStage: 'renew' },
] as const;

const complete = { toOwner: 'person:7', expectations: [{ textRef: 'doc:1' }], contextRef: 'doc:2' };

const handoffs: readonly Make[] = pairs.flatMap((pair, index): readonly Make[] => {
  const [one, two] = [`h${index}`, `h${index}b`];
  return [
    (at) => recorded('HandoffOffered', { ...pair, handoffId: one, ...complete }, { at }),
    (at) => recorded('HandoffOffered', { ...pair, handoffId: two, ...complete, toOwner: undefined }, { at }),
    (at) => recorded('HandoffOffered', { ...pair, handoffId: `${one}s`, ...complete, self: true }, { at }),
    (at) =>
      recorded(
        'HandoffOffered',
        { ...pair, handoffId: `${one}d`, contextRef: 'doc:2', acceptBy: addDays(at, 2) },
        { at },
      ),
    (at) => recorded('HandoffAccepted', { ...pair, handoffId: one }, { at }),
    (at) => recorded('HandoffRejected', { ...pair, handoffId: one }, { at }),
    (at) => recorded('HandoffRejected', { ...pair, handoffId: two }, { at }),
    (at) => recorded('HandoffRejected', { ...pair, handoffId: two }, { at }),
  ];
});

type Sections = Said<'ValueReported'>['sections'];

const ramp =
  (handoffId: string, ...steps: readonly (readonly [string, number])[]): Make =>
  (at) =>
    recorded(
      'HandoffOffered',
      {
        ...{ handoffId, fromStage: 'deliver', toStage: 'report', ...complete },
        ramp: steps.map(([from, activeUnits]) => ({ from, activeUnits })),
      },
      { at },
    );

const reports: readonly Make[] = [
  ...(['r1', 'r2', 'r3'] as const).map(
    (reportId): Make =>
      (at) =>
        recorded('ValueReported', { reportId: `${reportId} ${at}`, sections: ['business_impact', 'adoption'] }, { at }),
  ),
  ...([['adoption'], ['business_impact'], ['adoption', 'security']] satisfies Sections[]).map(
    (sections): Make =>
      (at) =>
        recorded('ValueReported', { reportId: `${sections.join()} ${at}`, sections }, { at }),
  ),
  (at) => recorded('RenewalProposed', {}, { at }),
  (at) => recorded('RenewalProposed', { subscriptionIds: ['sub_1'] }, { at }),
];

const work: readonly Make[] = [
  started({}),
  started({ plannedMinutes: 400 }),
  started({ templateRef: 'template:1', plannedMinutes: 800 }),
  started({ templateRef: 'template:2' }),
  ...[60, 100, 250, 250, 500, 500, 1000].map((minutes) => worked(minutes)),
  worked(500, 'presales'),
  worked(900, 'support'),
  ...[50, 100, 100, 150, 200, 400].map((minutes) => customised(minutes)),
];

const proposal =
  (said: Said<'SolutionProposed'>): Make =>
  (at) =>
    recorded('SolutionProposed', said, { at });

const commitments = [{ id: 'c1', capability: 'restore' }];

const promises: readonly Make[] = [
  proposal({}),
  proposal({ offerId, commitments }),
  proposal({ offerId, offerVersion: 1, commitments: [...commitments, { id: 'c2', capability: 'backup' }] }),
  proposal({ offerId, offerVersion: 2, commitments }),
  (at) => recorded('DeviationRecorded', { kind: 'scope_gap', commitmentId: 'c1' }, { at }),
  (at) => recorded('DeviationRecorded', { kind: 'scope_gap', commitmentId: 'c2' }, { at }),
  (at) => recorded('CommitmentSettled', { commitmentId: 'c1', how: 'withdrawn' }, { at }),
  (at) => recorded('CommitmentSettled', { commitmentId: 'c2', how: 'changeOrder' }, { at }),
  (at) => offerPublished(at, { version: 2, capabilities: ['backup', 'restore'] }),
];

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const joined =
  (id: string, said: Partial<Said<'ParticipantJoined'>> = {}): Make =>
  (at) =>
    recorded('ParticipantJoined', { org: org(id), ...said }, { at });

/** Handoffs that plan how use grows: some soon, some late, and one that is taken back. */
const ramps: readonly Make[] = [
  (at) => ramp('h2r', [day(at, 0), 10], [day(at, 90), 50])(at),
  (at) => ramp('h2r', [day(at, -20), 40], [day(at, 200), 100])(at),
  (at) => ramp('h2s', [day(at, 120), 80])(at),
  (at) => recorded('HandoffRejected', { handoffId: 'h2r', fromStage: 'deliver', toStage: 'report' }, { at }),
];

const people: readonly Make[] = [
  joined('p1', { responsibilities: ['sell', 'bill'] }),
  joined('p1', { responsibilities: ['deliver', 'support'] }),
  joined('p2', { responsibilities: ['bill', 'deliver'] }),
  joined('p2', { responsibilities: ['support'] }),
  joined('p2', { responsibilities: [] }),
  joined('p3', { responsibilities: ['advise'] }),
  (at) => joined('p3', { responsibilities: ['bill', 'deliver'], from: addDays(at, 10) })(at),
  (at) => joined('p3', { responsibilities: ['deliver', 'support'], until: addDays(at, 40) })(at),
];

/** What may be agreed, proposed and ordered. */
export const agreements: readonly Said<'RouteAgreed'>[] = [
  { route: 'direct' },
  { route: 'direct' },
  { route: 'two_tier' },
  { route: 'co_sell' },
  { route: 'marketplace', marketplace: 'aws' },
  { route: 'marketplace', marketplace: 'azure' },
  { route: 'direct', buyerPreference: 'marketplace' },
  { route: 'two_tier', buyerPreference: 'direct', reason: 'code:contract' },
  { route: 'direct', buyerPreference: 'direct' },
  { route: 'direct', inSteps: true },
];
export const proposals: readonly Said<'SolutionProposed'>[] = [
  {},
  { offerId },
  { offerId, commitments },
  { offerId, offerVersion: 1 },
];
export const orders: readonly Partial<Said<'OrderPlaced'>>[] = [
  {},
  { legs: directLegs },
  { legs: twoTierLegs },
  { legs: coSoldLegs },
  { legs: directLegs, fees: marketplaceFee },
  { legs: twoTierLegs, routeReason: 'code:stock' },
  { route: 'marketplace' },
];

const routes: readonly Make[] = [
  ...agreements.map(
    (said): Make =>
      (at) =>
        recorded('RouteAgreed', said, { at }),
  ),
  ...orders.map(
    (said, index): Make =>
      (at) =>
        placed(at, { orderId: `order-${index + 1}`, ...said }),
  ),
  (at) => proposal({ expiresAt: day(at, 20) })(at),
  (at) => proposal({ expiresAt: day(at, 5) })(at),
  (at) => fulfilled(at),
  (at) => blocked(at),
  (at) => blocked(at, 'legal'),
  (at) => blocked(at, 'other'),
  (at) => blocked(at, 'marketplace_not_enabled'),
  (at) => unblocked(at),
  (at) => orderCancelled(at),
];

export const strays: readonly Make[] = [
  ...outcomes,
  ...work,
  ...handoffs,
  ...reports,
  ...promises,
  ...ramps,
  ...ramps,
  ...people,
  ...routes,
];
