// How much revenue a year does a subscription bring, and from when on?
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { effectiveAt, gatherInEffect, type InEffect, type SubscriptionEvent } from './inEffect.ts';
import { arrOf, type Subscription } from './subscriptions.ts';

/** Why a subscription's revenue is not known. */
export const unknownReasons = ['priceUnknown', 'billingPeriodUnknown', 'amountTooLarge'] as const;

/** A subscription's revenue a year, or why it is not known; undefined if there is none. */
export type Brings =
  | { readonly money: Money }
  | {
      readonly reason: (typeof unknownReasons)[number];
      /** What the adapter says of the price, such as `metered`. */
      readonly because: string | undefined;
    }
  | undefined;

/** Why a subscription that has not ended brings no revenue. */
export type Idle = { readonly why: 'trial' | 'suspended' } | { readonly why: 'free'; readonly currency: string };

/** A subscription's revenue from an instant on, and the event that caused it. */
export interface RevenueStep {
  readonly at: Instant;
  readonly brings: Brings;
  /** Undefined if it brings revenue, or has ended. */
  readonly idle: Idle | undefined;
  /** The event that named the price, or why it is not known. */
  readonly pricedBy: SubscriptionEvent | undefined;
  readonly cause: SubscriptionEvent;
}

/**
 * What a subscription brings at an instant, by what is in effect then. There is no revenue after its end, in its trial,
 * while it is suspended, and at a price of 0, whatever the billing period.
 */
export const bringsAt = (inEffect: InEffect, at: Instant): Pick<RevenueStep, 'brings' | 'idle'> => {
  const { price, priceReason, ended, suspended, trialEnd } = inEffect;
  if (ended !== undefined) return { brings: undefined, idle: undefined };
  if (suspended) return { brings: undefined, idle: { why: 'suspended' } };
  if (trialEnd !== undefined && trialEnd > at) return { brings: undefined, idle: { why: 'trial' } };
  if (price === undefined) return { brings: { reason: 'priceUnknown', because: priceReason }, idle: undefined };
  if (price.amountMinor === 0) return { brings: undefined, idle: { why: 'free', currency: price.currency } };
  const money = arrOf(inEffect);
  if (money === undefined) {
    const reason = inEffect.billingPeriod === undefined ? 'billingPeriodUnknown' : 'amountTooLarge';
    return { brings: { reason, because: undefined }, idle: undefined };
  }
  return money.amountMinor > 0
    ? { brings: { money }, idle: undefined }
    : { brings: undefined, idle: { why: 'free', currency: price.currency } };
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
  return [
    ...own.map((event, place) => ({ at: effectiveAt(event), event, place })),
    ...own.flatMap((event) => trialEndsIn(event).map((at) => ({ at, event, place: undefined }))),
  ]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, event, place }) => {
      if (place !== undefined) gathered.add(event, place);
      const from = at < begins ? begins : at;
      const inEffect = gathered.now();
      return { at: from, ...bringsAt(inEffect, from), pricedBy: inEffect.pricedBy, cause: event };
    });
};

/** A trial's end is a step too: revenue may begin then without a fact. A trial that was over already is none. */
const trialEndsIn = (event: SubscriptionEvent): readonly Instant[] => {
  const { trialEnd } = 'trialEnd' in event.data ? event.data : {};
  return trialEnd !== undefined && trialEnd > effectiveAt(event) ? [trialEnd] : [];
};
