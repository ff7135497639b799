// What else may be said in a life, at any time beside the steps of the lifecycle?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays } from '../../events/instant.ts';
import { recorded, type Said } from '../support/histories/events.ts';

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
  ];
});

type Sections = Said<'ValueReported'>['sections'];

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

export const strays: readonly Make[] = [...outcomes, ...work, ...handoffs, ...reports];
