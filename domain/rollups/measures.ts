// What is measured of a customer? Its amounts by currency, whether any amount is unknown, and whether it is there at all.
import { type MonthView, type Series, viewsOf } from './monthSeries.ts';
import type { Place } from './months.ts';

/** Whether the customer brings anything, in whatever currency: 1 or 0, null where that is not known. */
export const logos = 'logos';

/** Whether an amount is not known, in whatever currency: null, else 0. */
export const unknown = 'unknown';

/** Series by what they measure: a currency, `logos` or `unknown`. A measure that never was is absent. */
export type Measures = ReadonlyMap<string, Series>;

/** A currency says itself what is not known, but for the time before its first amount. */
const veiled = (view: MonthView, by: MonthView | undefined): MonthView =>
  by === undefined
    ? view
    : {
        ...view,
        start: by.start === null ? null : view.start,
        window: { ...view.window, start: by.window.start === null ? null : view.window.start },
      };

/** Every measure in its months. While some amount is not known, every currency is null: it may be of any. */
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
