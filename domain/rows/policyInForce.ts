// Which policy was in force at an instant, of those that a context knows?
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { Policy } from '../context/policy.ts';
import { lastBefore } from '../time/sortedSearch.ts';

/** The policy that held at an instant up to now. Where another policy is tried, it has always held. */
export const policyInForce = ({ policy, policies = [] }: Pick<Context, 'policy' | 'policies'>, at: Instant): Policy => {
  if (policies.at(-1)?.policy !== policy) return policy;
  return lastBefore(policies, ({ from }) => from !== undefined && from > at)?.policy ?? policy;
};
