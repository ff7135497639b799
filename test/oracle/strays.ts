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

export const strays: readonly Make[] = [...outcomes, ...work];
