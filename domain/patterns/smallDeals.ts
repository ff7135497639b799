// Is a deal so small, and sold directly, that the policy asks for no handoffs?
import type { Instant } from '../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import type { Context } from '../context/context.ts';
import { dealValues, moneyOfDeal } from '../engagement/dealValues.ts';
import type { Facts } from '../engagement/facts.ts';
import { lastBefore } from '../time/sortedSearch.ts';

/**
 * Tells whether the deal is small at an instant: its agreed route is `direct`, and its value is below the amount that the policy names in
 * its currency. A deal whose route or value is not known by then is not small. Where the vendor or a system names a route, a partner's
 * unconfirmed word does not count.
 */
export const isSmallIn = (facts: Facts, { policy }: Pick<Context, 'policy'>): ((at: Instant) => boolean) => {
  const floors = new Map(policy.smallDeals.map(({ currency, amountMinor }) => [currency, amountMinor]));
  if (floors.size === 0) return () => false;
  const routes = wordsFirst(facts.of('RouteAgreed'), unconfirmedIn(facts.events));
  const values = dealValues(facts);
  return (at) => {
    if (lastBefore(routes, ({ occurredAt }) => occurredAt > at)?.data.route !== 'direct') return false;
    const worth = lastBefore(values, ({ event }) => event.occurredAt > at);
    const money = worth === undefined ? undefined : moneyOfDeal(worth);
    const floor = floors.get(money?.currency ?? '');
    return money !== undefined && floor !== undefined && money.amountMinor < floor;
  };
};
