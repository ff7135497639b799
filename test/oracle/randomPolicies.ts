// Which policies may come into force in a life? None in most; in others one or two, at any time, with other days to wait.
import fc from 'fast-check';
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import { policyPublished } from '../support/histories/engagementFacts.ts';
import type { Said } from '../support/histories/events.ts';
import { everythingObserved } from '../support/histories/observing.ts';

type Thresholds = NonNullable<Said<'PolicyPublished'>['thresholds']>;

/** Each a policy of its own: what it leaves out is as by default. */
const thresholds: readonly Thresholds[] = [
  { 'P1.3': { days: 20 }, 'P1.4': { days: 30 }, 'P3.3': { days: 1 } },
  { 'P1.3': { days: 90 }, 'P3.3': { days: 10 }, 'P4.1': { days: 31 }, 'P5.5': { direct: 10, marketplace: 50 } },
  { 'P4.1': { days: 150 }, 'P4.6': { days: 7 }, 'P4.7': { graceDays: 20 }, 'P5.6': { businessDays: 2 } },
  { 'P4.4': { days: 40 }, 'P4.6': { days: 60 }, 'P5.6': { businessDays: 9 }, 'P1.4': { days: 200 } },
  {},
];
/** The segment of the customers, whose business has its seasons by some policies. */
export const segment = 'retail';
const offerDays = [undefined, 2, 12] as const;

export const policies = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        days: fc.constantFrom(-300, -300, -300, 0, 20, 60, 90, 150, 250, 400),
        said: fc.nat(thresholds.length - 1),
        offer: fc.nat(offerDays.length - 1),
        isSeasonal: fc.boolean(),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  },
);
type Random = typeof policies extends fc.Arbitrary<infer Value> ? Value : never;

/** The policies as their stream holds them. They observe all of history, as the first does. */
export const policyFacts = (said: Random, beginning: Instant): readonly RecordedEvent[] => {
  const ordered = said.toSorted((a, b) => a.days - b.days);
  // Seasons hold for the whole life: what becomes of a flag when they change is not compared.
  const isSeasonal = ordered[0] !== undefined && ordered[0].days < 0 && ordered[0].isSeasonal;
  return ordered.map(({ days, said: which, offer }, index) => {
    const withinBusinessDays = offerDays[offer];
    return policyPublished(
      {
        ...{ observedFrom: everythingObserved, thresholds: thresholds[which] },
        ...(isSeasonal ? { quietMonths: { [segment]: [1, 2, 7, 8, 9] } } : {}),
        handoffs: [
          { fromStages: ['sell', 'procure'], toStage: 'deliver', withinBusinessDays },
          { fromStages: ['deliver'], toStage: 'report' },
          { fromStages: ['report'], toStage: 'renew' },
        ],
      },
      { from: addDays(beginning, days).slice(0, 10), version: index + 2 },
    );
  });
};
