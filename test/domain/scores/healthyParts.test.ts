// Do counts give the scores of the worked examples, and say how much is known?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HealthyCounts, type HealthyPart, healthyParts, scoresOf } from '../../../domain/scores/healthyParts.ts';

const nothing = { sum: 0, of: 0 };

const countsOf = (known: Partial<HealthyCounts>): HealthyCounts => ({
  ...{ acceptedBeforeStart: nothing, complete: nothing, acceptedInTime: nothing, withoutScopeGap: nothing },
  ...{ winsWithOutcome: nothing, outcomesWithTarget: nothing, outcomesMet: nothing },
  ...{ winsOnOffer: nothing, deliveriesOnTemplate: nothing, withoutDeviation: nothing, configReused: nothing },
  ...{ reportsInTime: nothing, sectionsCovered: nothing, reportsAcknowledged: nothing, subscriptionsMeasured: nothing },
  ...known,
});

const handoffs = {
  acceptedBeforeStart: { sum: 8, of: 10 },
  complete: { sum: 9, of: 10 },
  acceptedInTime: { sum: 7, of: 10 },
  withoutScopeGap: { sum: 9, of: 10 },
};

describe('clean handoffs', () => {
  it('score 82.5 in the worked example', () => {
    expect(scoresOf(countsOf(handoffs)).elements.h1).toBeCloseTo(82.5, 10);
  });

  it('leave out what is not known, down to half of the parts', () => {
    const half = { acceptedBeforeStart: { sum: 8, of: 10 }, complete: { sum: 9, of: 10 } };
    expect(scoresOf(countsOf(half)).elements.h1).toBeCloseTo(85, 10);
    expect(scoresOf(countsOf({ complete: { sum: 9, of: 10 } })).elements.h1).toBeUndefined();
  });
});

describe('work beside the template', () => {
  it.each([
    [0, 1],
    [35, 0.9],
    [350, 0],
    [1_000, 0],
  ])('of %i minutes of 1,000 leaves %d of the part', (sum, left) => {
    const known = { withoutDeviation: { sum, of: 1_000 }, winsOnOffer: { sum: 1, of: 1 } };
    expect(scoresOf(countsOf(known)).elements.h3).toBeCloseTo((100 * (1 + left)) / 2, 10);
  });
});

describe('all elements', () => {
  it('have no composite while under half of all parts are known', () => {
    const scores = scoresOf(countsOf(handoffs));
    expect(scores.coverage).toBeCloseTo(4 / 15, 10);
    expect(scores.composite).toBeUndefined();
  });

  it('weigh equally, whatever their number of parts', () => {
    const all = Object.fromEntries(healthyParts.map((part) => [part, { sum: 1, of: 1 }]));
    const known: Partial<Record<HealthyPart, { sum: number; of: number }>> = {
      ...all,
      withoutDeviation: { sum: 0, of: 1 },
    };
    const perfect = countsOf(known);
    expect(scoresOf(perfect)).toMatchObject({ composite: 100, coverage: 1 });
    const withoutOutcomes = {
      ...perfect,
      winsWithOutcome: nothing,
      outcomesWithTarget: nothing,
      outcomesMet: { sum: 0, of: 1 },
    };
    expect(scoresOf(withoutOutcomes)).toMatchObject({ composite: 100, elements: { h2: undefined } });
  });

  it('stay between 0 and 100, whatever the counts', () => {
    const count = fc.nat(20).chain((of) => fc.record({ sum: fc.nat(of), of: fc.constant(of) }));
    fc.assert(
      fc.property(fc.array(count, { minLength: healthyParts.length, maxLength: healthyParts.length }), (counts) => {
        const known = Object.fromEntries(healthyParts.map((part, index) => [part, counts[index] ?? nothing]));
        const { elements, composite, coverage } = scoresOf(countsOf(known));
        for (const score of [...Object.values(elements), composite]) {
          expect(score === undefined || (score >= 0 && score <= 100)).toBe(true);
        }
        expect(coverage).toBeLessThanOrEqual(1);
      }),
    );
  });
});
