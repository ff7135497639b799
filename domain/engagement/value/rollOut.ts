// How was a customer's use of what it bought planned to grow, and in which months is little use expected?
import type { RecordedOf } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../../claims.ts';
import type { Context } from '../../context/context.ts';
import { inFoldOrder } from '../../history.ts';
import { firstWhere, lastBefore } from '../../time/sortedSearch.ts';
import { customerWords } from '../customer.ts';
import type { Engagement } from '../engagement.ts';
import type { Facts } from '../facts.ts';
import { handoffFacts } from '../handoffs.ts';

/** A plan that a handoff declares: its steps by day, from when it was declared on. */
export interface Ramp {
  readonly declaredBy: RecordedOf<'HandoffOffered'>;
  /** When the other side rejected the offer, and its plan with it. */
  readonly until: Instant | undefined;
  /** Sorted by day; at least one. */
  readonly steps: readonly { readonly from: Instant; readonly activeUnits: number }[];
}

/** Finds when an offer was rejected: by the first answer to it. */
const rejectionOf = (facts: Facts): ((offer: RecordedOf<'HandoffOffered'>) => Instant | undefined) => {
  const answers = Map.groupBy(
    handoffFacts(facts).filter(({ type }) => type !== 'HandoffOffered'),
    ({ data }) => data.handoffId,
  );
  return (offer) => {
    const answer = firstWhere(answers.get(offer.data.handoffId) ?? [], (event) => inFoldOrder(event, offer) > 0);
    return answer?.type === 'HandoffRejected' ? answer.occurredAt : undefined;
  };
};

/**
 * The plans that an engagement's handoffs declare, in fold order. A later one replaces an earlier one. A partner's plan that nobody
 * confirmed counts where nobody else declares one: it would excuse how the partner's own customer uses what it bought.
 */
export const rampsOf = (facts: Facts): readonly Ramp[] => {
  const declaring = facts.of('HandoffOffered').filter(({ data }) => (data.ramp ?? []).length > 0);
  const rejectedAt = rejectionOf(facts);
  return wordsFirst(declaring, unconfirmedIn(facts.events)).map((declaredBy) => {
    const steps = (declaredBy.data.ramp ?? []).map(({ from, activeUnits }) => ({
      from: `${from}T00:00:00.000Z`,
      activeUnits,
    }));
    return {
      declaredBy,
      until: rejectedAt(declaredBy),
      steps: steps.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)),
    };
  });
};

/** The plan in force at an instant: the last that was declared by then and not rejected by then. */
const rampAt = (ramps: readonly Ramp[], at: Instant): Ramp | undefined =>
  ramps.findLast(({ declaredBy, until }) => declaredBy.occurredAt <= at && (until === undefined || until > at));

/**
 * The units that are to be used at an instant, by the plan that was in force then: whoever plans afterwards excuses nothing.
 * Undefined without a plan.
 */
export const plannedUnitsAt = (ramps: readonly Ramp[], at: Instant): Ramp['steps'][number] | undefined => {
  const ramp = rampAt(ramps, at);
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
