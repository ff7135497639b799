// What are a Stripe subscription's quantity, price and term, in any version of the API?
import { type BillingPeriod, Quantity } from '../../fields.ts';
import type { Money } from '../../money.ts';
import { type Json, numberAt, secondsAt } from '../sourceJson.ts';
import { intervalOf, longestOf } from './interval.ts';
import { itemsOf, mayMixIntervals } from './items.ts';
import { priceOf, productOf } from './price.ts';

/** What all items of a subscription agree on. A field on which they differ is absent. */
export interface Plan {
  readonly quantity?: number | undefined;
  /** The price of all units for one period, without tax. It is absent if it is not exactly known: then the reason stands. */
  readonly price?: Money;
  readonly priceReason?: string;
  /** The longest of the items' intervals. */
  readonly billingPeriod?: BillingPeriod | undefined;
  readonly product?: string | undefined;
  /** The term is the period of the items with the longest interval. */
  readonly termStart?: string | undefined;
  readonly termEnd?: string | undefined;
}

const agreed = <T>(values: readonly (T | undefined)[]): T | undefined =>
  new Set(values).size === 1 ? values[0] : undefined;

const earliest = (times: readonly (string | undefined)[]): string | undefined =>
  times.filter((time) => time !== undefined).sort()[0];

const quantityOf = (item: Json | undefined): number | undefined => {
  const read = Quantity.safeParse(numberAt(item, 'quantity'));
  return read.success ? read.data : undefined;
};

/**
 * The plan of a subscription object. Its items hold the term; before API version 2025-03-31 the subscription itself
 * held it. `now` is the second of the event.
 */
export const planOf = (subscription: Json, now: number): Plan => {
  const found = itemsOf(subscription);
  const { items, cutOff } = found;
  const intervals = items.map(intervalOf);
  const longest = longestOf(intervals.filter((interval) => interval !== undefined));
  // Items that are cut off may be longer than those that are shown.
  const known = !cutOff || !mayMixIntervals(subscription);
  const leading = items.filter((_, index) => longest === undefined || intervals[index]?.period === longest.period);
  const term = (field: string) =>
    known ? (earliest(leading.map((item) => secondsAt(item, field))) ?? secondsAt(subscription, field)) : undefined;
  return {
    quantity: items.length === 1 && !cutOff ? quantityOf(items[0]) : undefined,
    ...priceOf(found, subscription, now),
    billingPeriod: known ? longest?.period : undefined,
    product: cutOff ? undefined : agreed(items.map(productOf)),
    termStart: term('current_period_start'),
    termEnd: term('current_period_end'),
  };
};
