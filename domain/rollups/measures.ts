// Which measures does a customer have, and what are they in each month?
import { type MonthView, type Series, viewsOf } from './monthSeries.ts';
import type { Place } from './months.ts';

/** The measure that says whether the customer has revenue, in any currency: 1 or 0, null if that is not known. */
export const logos = 'logos';

/** The measure that says whether an amount is unknown, in any currency: null if one is, else 0. */
export const unknown = 'unknown';

/** The series of each measure: a currency, `logos` or `unknown`. A measure that never had an amount is absent. */
export type Measures = ReadonlyMap<string, Series>;

/**
 * The view of a currency, with a start of null if `by` has none. A currency's own series says what is unknown, except
 * for the time before its first amount.
 */
const veiled = (view: MonthView, by: MonthView | undefined): MonthView =>
  by === undefined
    ? view
    : {
        ...view,
        start: by.start === null ? null : view.start,
        window: { ...view.window, start: by.window.start === null ? null : view.window.start },
      };

/**
 * Every measure in its months. While an amount is unknown every currency is null, because the amount may be in any of
 * them.
 */
export const monthsOf = (measures: Measures, until: Place): ReadonlyMap<string, readonly MonthView[]> => {
  const doubts = viewsOf(measures.get(unknown) ?? { entries: [], windows: [] }, until);
  const doubtsAt = new Map(doubts.map((view) => [view.place, view]));
  return new Map(
    [...measures].map(([measure, series]) => {
      if (measure === unknown) return [measure, doubts];
      const views = viewsOf(series, until);
      return [measure, measure === logos ? views : views.map((view) => veiled(view, doubtsAt.get(view.place)))];
    }),
  );
};
