// What are the sums over many customers in each month?
import { logos, type Measures, monthsOf, unknown } from './measures.ts';
import { type MonthView, type Moves, noMoves, sumOf } from './monthSeries.ts';
import type { Place } from './months.ts';

/** The sum of a measure in a month, over the customers for which it is known. */
export interface MeasureSum {
  start: number;
  end: number;
  moves: Moves;
  /**
   * The number of customers with revenue just before the window. `before` is their amount then, `after` that at its
   * end, and `retained` sums each customer's smaller amount.
   */
  cohort: number;
  before: number;
  after: number;
  retained: number;
  transferOut: number;
  transferIn: number;
}

/** The numbers of customers that the sums leave out. */
export interface Apart {
  /** Left out of the month, because an amount is not known. */
  unknown: number;
  /** Left out of the window, because an amount at its start or end is not known. */
  windowUnknown: number;
}

/** A month over all customers. */
export interface MonthSum {
  readonly money: Map<string, MeasureSum>;
  /** Undefined if no customer had revenue in any part of the window. */
  logos: MeasureSum | undefined;
  readonly apart: { readonly money: Apart; readonly logos: Apart };
  transferred: number;
}

const nothing = (): MeasureSum => ({
  start: 0,
  end: 0,
  moves: noMoves,
  cohort: 0,
  before: 0,
  after: 0,
  retained: 0,
  transferOut: 0,
  transferIn: 0,
});

const noMonth = (): MonthSum => ({
  money: new Map(),
  logos: undefined,
  apart: { money: { unknown: 0, windowUnknown: 0 }, logos: { unknown: 0, windowUnknown: 0 } },
  transferred: 0,
});

const addMonth = (sum: MeasureSum, { start, end, moves, window }: MonthView): void => {
  if (moves !== null && start !== null && end !== null) {
    sum.start += start;
    sum.end += end;
    sum.moves = sumOf(sum.moves, moves);
  }
  sum.transferOut += window.transferOut;
  sum.transferIn += window.transferIn;
  if (window.start === null || window.end === null || window.start === 0) return;
  sum.cohort += 1;
  sum.before += window.start;
  sum.after += window.end;
  sum.retained += Math.min(window.start, window.end);
};

const countApart = (apart: Apart, { moves, window }: MonthView): void => {
  if (moves === null) apart.unknown += 1;
  if (window.start === null || window.end === null) apart.windowUnknown += 1;
};

/** The months of all customers up to `until`. A measure has the months whose window holds any of it. */
export const monthSums = (customers: readonly Measures[], until: Place): ReadonlyMap<Place, MonthSum> => {
  const months = new Map<Place, MonthSum>();
  const monthOf = (place: Place): MonthSum => {
    const known = months.get(place) ?? noMonth();
    months.set(place, known);
    return known;
  };
  const addLogos = (view: MonthView): void => {
    const month = monthOf(view.place);
    month.logos ??= nothing();
    addMonth(month.logos, view);
    countApart(month.apart.logos, view);
    if (view.window.transferred) month.transferred += 1;
  };
  const addMoney = (currency: string, view: MonthView): void => {
    const { money } = monthOf(view.place);
    const sum = money.get(currency) ?? nothing();
    money.set(currency, sum);
    addMonth(sum, view);
  };
  for (const measures of customers) {
    for (const [measure, views] of monthsOf(measures, until)) {
      for (const view of views) {
        if (measure === logos) addLogos(view);
        else if (measure === unknown) countApart(monthOf(view.place).apart.money, view);
        else addMoney(measure, view);
      }
    }
  }
  return months;
};
