// What is the annual recurring revenue of an engagement's subscriptions at any instant?
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { safeNumber } from '../quotient.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';
import { factsBySubscription } from './inEffect.ts';
import { type Idle, revenueSteps } from './revenueSteps.ts';
import { effectsOf, type Subscription } from './subscriptions.ts';

/** An amount, or why there is none. */
export type Amount = { readonly money: Money } | { readonly reason: string };

/** The annual recurring revenue at any instant, by the facts that are in effect then. */
export type ArrAt = (at: Instant) => Amount;

const byTime = (a: { readonly at: Instant }, b: { readonly at: Instant }): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : 0;

/** For each currency, the current revenue and the number of its subscriptions. */
type Sums = Map<string, { readonly amountMinor: bigint; readonly count: number }>;

const put = <Value>(values: Map<string, Value>, key: string, value: Value | undefined): void => {
  if (value === undefined) values.delete(key);
  else values.set(key, value);
};

const add = (sums: Sums, { amountMinor, currency }: Money, times: 1 | -1): void => {
  const known = sums.get(currency) ?? { amountMinor: 0n, count: 0 };
  const count = known.count + times;
  if (count === 0) sums.delete(currency);
  else sums.set(currency, { amountMinor: known.amountMinor + BigInt(times * amountMinor), count });
};

const amountOf = (sums: Sums, { unknown, idle }: Without): Amount => {
  const [reason] = [...unknown.values()].sort();
  if (reason !== undefined) return { reason };
  const [first, ...others] = sums;
  if (first === undefined) return withoutRevenue([...idle.values()]);
  if (others.length > 0) return { reason: 'mixedCurrencies' };
  const amountMinor = safeNumber(first[1].amountMinor);
  return amountMinor === undefined ? { reason: 'amountTooLarge' } : { money: { amountMinor, currency: first[0] } };
};

/** The subscriptions without a known revenue, and why. */
interface Without {
  readonly unknown: ReadonlyMap<string, string>;
  readonly idle: ReadonlyMap<string, Idle>;
}

/** Free subscriptions of one currency bring 0 in it; else the reason says why there is no amount. */
const withoutRevenue = (idle: readonly Idle[]): Amount => {
  const reasons = new Set(idle.map(({ why }) => why));
  if (reasons.has('suspended')) return { reason: 'suspended' };
  if (reasons.has('trial')) return { reason: 'trial' };
  const currencies = new Set(idle.flatMap((each) => (each.why === 'free' ? [each.currency] : [])));
  const [currency, ...others] = currencies;
  if (currency === undefined) return { reason: 'none' };
  return others.length > 0 ? { reason: 'mixedCurrencies' } : { money: { amountMinor: 0, currency } };
};

/**
 * The annual recurring revenue of the subscriptions active at an instant (domain reference B0), in minor units. A
 * subscription brings nothing in its trial and while it is suspended. Amounts in several currencies are not added. If
 * one amount is not known, the sum is not known either: a part is never the whole. Nor is there a sum that is too large
 * for an exact number.
 */
export const recurringOf = (facts: Facts, subscriptions: readonly Subscription[]): ArrAt => {
  const bySubscription = factsBySubscription(facts);
  const steps = subscriptions
    .flatMap((subscription) => {
      const { subscriptionId } = subscription;
      return revenueSteps(subscription, bySubscription.get(subscriptionId) ?? []).map((step) => ({
        ...step,
        subscriptionId,
      }));
    })
    .sort(byTime);
  const sums: Sums = new Map();
  const brought = new Map<string, Money>();
  const unknown = new Map<string, string>();
  const resting = new Map<string, Idle>();
  const amounts = steps.map(({ subscriptionId, at, brings, idle }) => {
    const before = brought.get(subscriptionId);
    if (before !== undefined) add(sums, before, -1);
    const money = brings !== undefined && 'money' in brings ? brings.money : undefined;
    const reason = brings !== undefined && 'reason' in brings ? (brings.because ?? brings.reason) : undefined;
    if (money !== undefined) add(sums, money, 1);
    put(brought, subscriptionId, money);
    put(unknown, subscriptionId, reason);
    put(resting, subscriptionId, idle);
    return { at, amount: amountOf(sums, { unknown, idle: resting }) };
  });
  return (at) => lastBefore(amounts, (step) => step.at > at)?.amount ?? { reason: 'none' };
};

/**
 * The instants at which the sum may change by time alone: a term begins, a trial ends, or an announced change,
 * suspension or end takes effect.
 */
export const arrTurns = (
  engagement: Facts & { readonly subscriptions: readonly Subscription[] },
): readonly Instant[] => [
  ...engagement.subscriptions.flatMap(({ terms }) => terms.map(({ start }) => start)),
  ...effectsOf(engagement),
];
