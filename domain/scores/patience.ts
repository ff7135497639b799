// How long may a customer wait for the next report, from an instant on?
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { Policy } from '../context/policy.ts';
import { cadenceBroken, daysOf as reportDaysBy } from '../patterns/cadenceBroken.ts';
import type { View } from '../patterns/pattern.ts';
import { lastBefore } from '../time/sortedSearch.ts';

/** A timer keeps the policy that armed it: the one in force at that instant, else the one of the context. */
const policyAt = ({ policy, policies = [] }: Context, at: Instant): Policy => {
  if (policies.at(-1)?.policy !== policy) return policy;
  return lastBefore(policies, ({ from }) => from !== undefined && from > at)?.policy ?? policy;
};

/**
 * In days, by the instant at which the customer was last shown value: as rule P4.1 counts them, by the tier of the customer or the lead
 * partner, under the policy that was in force then.
 */
export const reportDaysFrom = (view: View): ((at: Instant) => number) => {
  const { context } = view;
  const byPolicy = new Map<Policy, (at: Instant) => number>();
  return (at) => {
    const policy = policyAt(context, at);
    let days = byPolicy.get(policy);
    if (days === undefined) {
      const { days: usual } = cadenceBroken.thresholds.parse(policy.thresholds[cadenceBroken.id] ?? {});
      days = reportDaysBy({ ...view, context: { ...context, policy } }, usual);
      byPolicy.set(policy, days);
    }
    return days(at);
  };
};
