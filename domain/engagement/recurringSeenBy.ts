// Which parties may see the recurring revenue of an engagement's subscriptions, at any instant?
import { anyParty } from '../../events/audience.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';
import { factsBySubscription } from './inEffect.ts';
import { type PriceSeers, tallyOf } from './priceTally.ts';
import { type RevenueStep, revenueSteps } from './revenueSteps.ts';
import type { Subscription } from './subscriptions.ts';

/** The event whose price a step counts; undefined if the step counts none. */
export const countedPrice = ({ brings, idle, pricedBy }: RevenueStep): RecordedEvent | undefined =>
  brings !== undefined || idle?.why === 'free' ? pricedBy : undefined;

/**
 * The parties that may see the sum of `recurringOf` at any instant: those that may see each price in it. Without a price
 * there is nothing to hide.
 */
export const recurringSeenBy = (
  facts: Facts,
  subscriptions: readonly Subscription[],
  seersOf: PriceSeers,
): ((at: Instant) => string[]) => {
  const bySubscription = factsBySubscription(facts);
  const steps = subscriptions
    .flatMap((subscription) =>
      revenueSteps(subscription, bySubscription.get(subscription.subscriptionId) ?? []).map((step) => ({
        step,
        subscriptionId: subscription.subscriptionId,
      })),
    )
    .sort((a, b) => (a.step.at < b.step.at ? -1 : a.step.at > b.step.at ? 1 : 0));
  const counted = new Map<string, RecordedEvent>();
  const tally = tallyOf(seersOf);
  const moments = steps.map(({ step, subscriptionId }) => {
    const before = counted.get(subscriptionId);
    if (before !== undefined) tally.remove(before);
    counted.delete(subscriptionId);
    const price = countedPrice(step);
    if (price !== undefined) {
      counted.set(subscriptionId, price);
      tally.add(price);
    }
    return { at: step.at, seenBy: tally.seenBy() };
  });
  return (at) => lastBefore(moments, (moment) => moment.at > at)?.seenBy ?? [anyParty];
};
