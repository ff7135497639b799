// What does a whole subscription cost in one billing period, or why is that not known?
import type { Money } from '../../money.ts';
import type { Json } from '../sourceJson.ts';
import { moneyOfStripe } from './currencies.ts';
import { discounted, type Line } from './discounts.ts';
import { idAt } from './event.ts';
import { type Interval, intervalOf, longestOf, timesIn } from './interval.ts';
import { itemSum } from './itemSum.ts';
import type { Items } from './items.ts';

export type PriceOf = { readonly price: Money } | { readonly priceReason: string };

export const productOf = (item: Json): string | undefined => idAt(item, 'price.product') ?? idAt(item, 'plan.product');

interface Priced {
  readonly lines: readonly Line[];
  readonly currency: string;
}

/** The sums of all items, each in its own interval and all in one currency; or the first reason why one is not known. */
const pricedItems = (items: readonly Json[], subscription: Json): Priced | { readonly reason: string } => {
  const lines: Line[] = [];
  const currencies = new Set<string>();
  for (const item of items) {
    const sum = itemSum(item, subscription);
    if ('reason' in sum) return sum;
    currencies.add(sum.currency);
    lines.push({ item, product: productOf(item), amount: sum.amount });
  }
  const [currency, ...others] = currencies;
  if (currency === undefined) return { reason: 'noItems' };
  return others.length > 0 ? { reason: 'mixedCurrencies' } : { lines, currency };
};

/** How often each item is billed in the longest of the intervals; or why they have no sum. */
const billings = (intervals: readonly (Interval | undefined)[]): readonly bigint[] | { readonly reason: string } => {
  const known = intervals.filter((interval) => interval !== undefined);
  const longest = longestOf(known);
  if (longest === undefined || known.length < intervals.length) return { reason: 'intervalUnknown' };
  const counts = known.map((interval) => timesIn(longest, interval)).filter((count) => count !== undefined);
  return counts.length < known.length ? { reason: 'mixedIntervals' } : counts;
};

const isReason = (
  value: readonly bigint[] | Priced | { readonly reason: string },
): value is { readonly reason: string } => 'reason' in value;

/**
 * The price of all items for the longest of their intervals, after discounts and without tax. It is exact, or it is
 * absent with its reason.
 */
export const priceOf = ({ items, cutOff }: Items, subscription: Json, now: number): PriceOf => {
  if (cutOff) return { priceReason: 'itemsCutOff' };
  const priced = pricedItems(items, subscription);
  if (isReason(priced)) return { priceReason: priced.reason };
  const intervals = items.map(intervalOf);
  const counts = billings(intervals);
  if (isReason(counts)) return { priceReason: counts.reason };
  const oneInterval = new Set(intervals.map((interval) => interval?.period)).size === 1;
  const lines = discounted({ subscription, lines: priced.lines, currency: priced.currency, oneInterval, now });
  if (lines === undefined) return { priceReason: 'discounted' };
  const sum = lines.reduce((total, { amount }, index) => total + amount * (counts[index] ?? 0n), 0n);
  const money = moneyOfStripe(sum, priced.currency);
  return money.ok ? { price: money.money } : { priceReason: money.reason };
};
