// Do the steps of any history add up to the revenue of each partner, at every instant?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadAt } from '../../../domain/engagement/engagement.ts';
import { factsBySubscription, inEffectAt } from '../../../domain/engagement/inEffect.ts';
import { bringsAt } from '../../../domain/engagement/revenueSteps.ts';
import { arrSteps } from '../../../domain/rows/arrSteps.ts';
import { engagementViewOf } from '../../../domain/rows/engagementRows.ts';
import { partyOf, type RowContext } from '../../../domain/rows/rowContext.ts';
import type { ColumnsOf } from '../../../domain/rows/table.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import { contextOf } from '../../support/contexts.ts';
import { recorded } from '../../support/histories/events.ts';
import { deliver, someFacts, someNow } from '../../support/histories/histories.ts';
import { org, tableAt } from '../../support/tabled.ts';

type Step = ColumnsOf<typeof arrSteps>;
const stepOf = (columns: unknown): Step => arrSteps.columns.parse(columns);

describe('in any history', () => {
  const moneyBy = (steps: readonly Step[], of: (step: Step) => unknown): ReadonlyMap<string, number> => {
    const sums = new Map<string, number>();
    for (const step of steps) {
      const key = `${of(step)} ${step.currency}`;
      const sum = (sums.get(key) ?? 0) + (step.toMinor ?? 0) - (step.fromMinor ?? 0);
      if (sum === 0) sums.delete(key);
      else sums.set(key, sum);
    }
    return sums;
  };

  /** What each partner carries at an instant, subscription by subscription. */
  const carriedAt = ({ engagement: facts, context }: RowContext, at: string): ReadonlyMap<string, number> => {
    const sums = new Map<string, number>();
    const own = factsBySubscription(facts);
    for (const { subscriptionId, terms, started } of facts.subscriptions) {
      const begins = terms.map(({ start }) => start).sort()[0];
      const { brings } = bringsAt(inEffectAt(own.get(subscriptionId) ?? [], at), at);
      if (begins === undefined || begins > at || brings === undefined || !('money' in brings)) continue;
      const { money } = brings;
      const key = `${partyOf(context, started?.data.partner ?? leadAt(facts, at))} ${money.currency}`;
      sums.set(key, (sums.get(key) ?? 0) + money.amountMinor);
    }
    return sums;
  };

  const withLeads = fc
    .tuple(someFacts, fc.array(fc.tuple(fc.constantFrom('p', 'q'), fc.integer({ min: 0, max: 800 })), { maxLength: 6 }))
    .map(([facts, leads]) => [
      ...deliver(facts),
      ...leads.map(([who, days], index) =>
        recorded(
          'PartnerAssigned',
          { partner: org(who), by: 'person' },
          { at: addMilliseconds('2025-01-01T08:00:00.000Z', days * 86_400_000), sourceId: `lead ${index}` },
        ),
      ),
    ]);

  it('the steps up to an instant add up to the revenue of each partner then', () => {
    fc.assert(
      fc.property(withLeads, someNow, someNow, (events, one, other) => {
        const [at, then] = [one, other].sort();
        const { rowContext } = engagementViewOf({ events, context: contextOf(), now: then ?? one });
        const steps = tableAt('arr_steps', then ?? one, events).map(({ columns }) => stepOf(columns));
        const come = steps.filter((step) => step.at <= (at ?? one));
        expect(moneyBy(come, ({ partnerId }) => partnerId)).toEqual(carriedAt(rowContext, at ?? one));
      }),
      { numRuns: 400 },
    );
  });

  it('transfers cancel each other out', () => {
    fc.assert(
      fc.property(withLeads, someNow, (events, then) => {
        const steps = tableAt('arr_steps', then, events).map(({ columns }) => stepOf(columns));
        const transfers = steps.filter(({ kind }) => kind === 'transferIn' || kind === 'transferOut');
        expect(moneyBy(transfers, ({ at, customerId }) => `${at} ${customerId}`)).toEqual(new Map());
      }),
    );
  });
});
