// What is the annual recurring revenue of an engagement's subscriptions at any instant?
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';
import { factsBySubscription } from './inEffect.ts';
import { revenueSteps } from './revenueSteps.ts';
import { effectsOf, type Subscription } from './subscriptions.ts';

/** An amount, or why there is none. */
export type Amount = { readonly money: Money } | { readonly reason: string };

/** The annual recurring revenue at any instant, by the facts that are in effect then. */
export type ArrAt = (at: Instant) => Amount;

const byTime = (a: { readonly at: Instant }, b: { readonly at: Instant }): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : 0;

/** For each currency, the current revenue and the number of its subscriptions. */
type Sums = Map<string, { readonly amountMinor: number; readonly count: number }>;

const add = (sums: Sums, { amountMinor, currency }: Money, times: 1 | -1): void => {
  const known = sums.get(currency) ?? { amountMinor: 0, count: 0 };
  const count = known.count + times;
  if (count === 0) sums.delete(currency);
  else sums.set(currency, { amountMinor: known.amountMinor + times * amountMinor, count });
};

const amountOf = (sums: Sums): Amount => {
  const [first, ...others] = sums;
  if (first === undefined) return { reason: 'none' };
  const [currency, { amountMinor }] = first;
  return others.length > 0 ? { reason: 'mixedCurrencies' } : { money: { amountMinor, currency } };
};

/**
 * The annual recurring revenue of the subscriptions active at an instant (domain reference B0), in minor units. A price
 * of 0 counts as none. Amounts in several currencies are not added, and an unknown amount is left out.
 */
export const recurringOf = (facts: Facts, subscriptions: readonly Subscription[]): ArrAt => {
  const bySubscription = factsBySubscription(facts);
  const steps = subscriptions
    .flatMap((subscription) => {
      const { subscriptionId } = subscription;
      return revenueSteps(subscription, bySubscription.get(subscriptionId) ?? []).map(({ at, brings }) => ({
        subscriptionId,
        at,
        brings: brings !== undefined && 'money' in brings ? brings.money : undefined,
      }));
    })
    .sort(byTime);
  const sums: Sums = new Map();
  const brought = new Map<string, Money>();
  const amounts = steps.map(({ subscriptionId, at, brings }) => {
    const before = brought.get(subscriptionId);
    if (before !== undefined) add(sums, before, -1);
    if (brings !== undefined) add(sums, brings, 1);
    if (brings === undefined) brought.delete(subscriptionId);
    else brought.set(subscriptionId, brings);
    return { at, amount: amountOf(sums) };
  });
  return (at) => lastBefore(amounts, (step) => step.at > at)?.amount ?? { reason: 'none' };
};

/**
 * The instants at which the sum may change by time alone: a term begins, or an announced change or end takes effect.
 */
export const arrTurns = (
  engagement: Facts & { readonly subscriptions: readonly Subscription[] },
): readonly Instant[] => [
  ...engagement.subscriptions.flatMap(({ terms }) => terms.map(({ start }) => start)),
  ...effectsOf(engagement),
];
