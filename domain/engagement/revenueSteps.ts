// From when on does a subscription bring what a year? Its steps: nothing, an amount, or one that is not known.
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { effectiveAt, gatherInEffect, type InEffect, type SubscriptionEvent } from './inEffect.ts';
import { arrOf, type Subscription } from './subscriptions.ts';

/** Why it is not known what a subscription brings. */
export const unknownReasons = ['priceUnknown', 'billingPeriodUnknown'] as const;

/** What a subscription brings a year; undefined: nothing. */
export type Brings = { readonly money: Money } | { readonly reason: (typeof unknownReasons)[number] } | undefined;

/** From an instant on, a subscription brings this, by this event. */
export interface RevenueStep {
  readonly at: Instant;
  readonly brings: Brings;
  readonly cause: SubscriptionEvent;
}

/** It brings nothing once it has ended, or at no price, whatever its billing period. */
const bringsOf = (inEffect: InEffect): Brings => {
  const { price, ended } = inEffect;
  if (ended !== undefined || price?.amountMinor === 0) return undefined;
  if (price === undefined) return { reason: 'priceUnknown' };
  const money = arrOf(inEffect);
  if (money === undefined) return { reason: 'billingPeriodUnknown' };
  return money.amountMinor > 0 ? { money } : undefined;
};

/**
 * What a subscription brings after each of its facts takes effect, in that order; several may share an instant, of which the
 * last holds. Nothing is brought before its first term: what takes effect earlier counts from then.
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
