// How long is the interval of a subscription's item, and how do items of several intervals add up?
import type { BillingPeriod } from '../../fields.ts';
import { integerAt, type Json, textAt } from '../sourceJson.ts';

/** An interval as a count of its smallest unit: days for days and weeks, months for months and years. */
export interface Interval {
  readonly unit: 'day' | 'month';
  readonly count: number;
  readonly period: BillingPeriod;
}

const units: ReadonlyMap<string, readonly [Interval['unit'], number, string]> = new Map([
  ['day', ['day', 1, 'D']],
  ['week', ['day', 7, 'W']],
  ['month', ['month', 1, 'M']],
  ['year', ['month', 12, 'Y']],
]);

/** The longest interval that Stripe allows is three years; a duration of ours has three digits. */
const longestCount = 999;

/** The interval of an item: its price holds it, in older API versions its plan. Undefined if it names none. */
export const intervalOf = (item: Json): Interval | undefined => {
  const recurring = textAt(item, 'price.recurring.interval') !== undefined ? 'price.recurring' : 'plan';
  const unit = units.get(textAt(item, `${recurring}.interval`) ?? '');
  const count =
    textAt(item, `${recurring}.interval_count`) === undefined ? 1 : integerAt(item, `${recurring}.interval_count`);
  if (unit === undefined || count === undefined || count < 1 || count > longestCount) return undefined;
  const [smallest, size, letter] = unit;
  // Twelve months are a year, so that both spellings are one period.
  const period = letter === 'M' && count % 12 === 0 ? `P${count / 12}Y` : `P${count}${letter}`;
  return { unit: smallest, count: count * size, period };
};

/** For comparison only: a month has more days than any number of weeks below it. */
const roughDays = ({ unit, count }: Interval): number => (unit === 'day' ? count : count * 30.4);

/** The longest of the intervals; undefined if there are none. */
export const longestOf = (intervals: readonly Interval[]): Interval | undefined =>
  [...intervals].sort((one, other) => roughDays(other) - roughDays(one))[0];

/** How often the short interval fits into the long one; undefined if it does not fit exactly. */
export const timesIn = (long: Interval, short: Interval): bigint | undefined =>
  long.unit === short.unit && long.count % short.count === 0 ? BigInt(long.count / short.count) : undefined;
