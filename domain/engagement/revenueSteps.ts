// How much revenue a year does a subscription bring, and from when on?
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { effectiveAt, gatherInEffect, type InEffect, type SubscriptionEvent } from './inEffect.ts';
import { arrOf, type Subscription } from './subscriptions.ts';

/** Why a subscription's revenue is not known. */
export const unknownReasons = ['priceUnknown', 'billingPeriodUnknown'] as const;

/** A subscription's revenue a year; undefined if there is none. */
export type Brings = { readonly money: Money } | { readonly reason: (typeof unknownReasons)[number] } | undefined;

/** A subscription's revenue from an instant on, and the event that caused it. */
export interface RevenueStep {
  readonly at: Instant;
  readonly brings: Brings;
  readonly cause: SubscriptionEvent;
}

/** There is no revenue after the end of the subscription, nor at a price of 0, whatever the billing period. */
const bringsOf = (inEffect: InEffect): Brings => {
  const { price, ended } = inEffect;
  if (ended !== undefined || price?.amountMinor === 0) return undefined;
  if (price === undefined) return { reason: 'priceUnknown' };
  const money = arrOf(inEffect);
  if (money === undefined) return { reason: 'billingPeriodUnknown' };
  return money.amountMinor > 0 ? { money } : undefined;
};

/**
 * A subscription's revenue after each of its facts takes effect, in that order. If several steps share an instant, the
 * last one holds. There is no revenue before the first term: a fact that takes effect earlier counts from its start.
 */
export const revenueSteps = (
  { terms }: Pick<Subscription, 'terms'>,
  own: readonly SubscriptionEvent[],
): readonly RevenueStep[] => {
  const [begins] = terms.map(({ start }) => start).sort();
  if (begins === undefined) return [];
  const gathered = gatherInEffect();
  return own
    .map((event, place) => ({ at: effectiveAt(event), event, place }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, event, place }) => {
      gathered.add(event, place);
      return { at: at < begins ? begins : at, brings: bringsOf(gathered.now()), cause: event };
    });
};
