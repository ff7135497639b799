// How was a customer's use of what it bought planned to grow, and in which months is little use expected?
import type { RecordedOf } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import type { Context } from '../../context/context.ts';
import { lastBefore } from '../../time/sortedSearch.ts';
import { customerWords } from '../customer.ts';
import type { Engagement } from '../engagement.ts';
import type { Facts } from '../facts.ts';

/** A plan that a handoff declares: its steps by day, from when it was declared on. */
export interface Ramp {
  readonly declaredBy: RecordedOf<'HandoffOffered'>;
  /** Sorted by day; at least one. */
  readonly steps: readonly { readonly from: Instant; readonly activeUnits: number }[];
}

/** The plans that an engagement's handoffs declare, in fold order. A later one replaces an earlier one. */
export const rampsOf = (facts: Facts): readonly Ramp[] =>
  facts.of('HandoffOffered').flatMap((declaredBy) => {
    const { ramp = [] } = declaredBy.data;
    if (ramp.length === 0) return [];
    const steps = ramp.map(({ from, activeUnits }) => ({ from: `${from}T00:00:00.000Z`, activeUnits }));
    return [{ declaredBy, steps: steps.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)) }];
  });

/**
 * The units that are to be used at an instant, by the plan that was declared by then: whoever plans afterwards excuses nothing.
 * Undefined without a plan.
 */
export const plannedUnitsAt = (ramps: readonly Ramp[], at: Instant): Ramp['steps'][number] | undefined => {
  const ramp = lastBefore(ramps, ({ declaredBy }) => declaredBy.occurredAt > at);
  if (ramp === undefined) return undefined;
  return lastBefore(ramp.steps, ({ from }) => from > at) ?? { from: at, activeUnits: 0 };
};

/** When the first use is planned by a plan; undefined if it plans none. */
export const firstUseOf = ({ steps }: Ramp): Instant | undefined =>
  steps.find(({ activeUnits }) => activeUnits > 0)?.from;

/** The months (1 to 12) in which little use is no sign of anything, by what was known of the customer's segment at an instant. */
export type QuietMonthsAt = (at: Instant) => readonly number[];

/** Finds the quiet months of an engagement's customer, by its segment and the policy. */
export const quietMonthsOf = (engagement: Engagement, { policy }: Pick<Context, 'policy'>): QuietMonthsAt => {
  if (Object.keys(policy.quietMonths).length === 0) return () => [];
  const words = customerWords(engagement, 'segment');
  return (at) => {
    const segment = lastBefore(words, ({ by }) => by.occurredAt > at)?.said;
    return segment === undefined ? [] : (policy.quietMonths[segment] ?? []);
  };
};
