// What is a measure in each month, from only those months in which it changed?
import { type Place, windowMonths } from './months.ts';

/** The movements of an amount, or of a customer, one number for each kind. */
export type Moves = readonly [
  added: number,
  expansion: number,
  reactivation: number,
  transferIn: number,
  contraction: number,
  churn: number,
  transferOut: number,
];

export const noMoves: Moves = [0, 0, 0, 0, 0, 0, 0];

/** The sum of both. Most months move nothing. */
export const sumOf = (a: Moves, b: Moves): Moves =>
  b === noMoves ? a : [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], a[6] + b[6]];

/** A month in which the measure changed: its amount at the end, and the movements. Null if not known. */
export type Entry = readonly [place: Place, end: number | null, moves: Moves | null];

/**
 * A month whose window holds a transfer. It has the amounts at the window's start and end without what was transferred,
 * and the transferred amounts.
 */
export type WindowEntry = readonly [
  place: Place,
  start: number | null,
  end: number | null,
  transferOut: number,
  transferIn: number,
];

/** One measure over time, in order of months. */
export interface Series {
  readonly entries: readonly Entry[];
  readonly windows: readonly WindowEntry[];
}

/** The window of twelve months that ends with a month. An amount is null if it is not known. */
export interface Window {
  readonly start: number | null;
  readonly end: number | null;
  readonly transferOut: number;
  readonly transferIn: number;
  /** Whether anything was transferred in it. */
  readonly transferred: boolean;
}

/** A measure in one month. An amount is null if it is not known. */
export interface MonthView {
  readonly place: Place;
  readonly start: number | null;
  readonly end: number | null;
  readonly moves: Moves | null;
  readonly window: Window;
}

/** The movements of a month in which nothing happens, after a month with this amount at its end. */
const carriedMoves = (end: number | null): Moves | null => (end === null ? null : noMoves);

/** Whether anything changed in a month. */
const isChange = (before: number | null, end: number | null, moves: Moves | null): boolean =>
  end !== before || (moves === null ? before !== null : moves.some((moved) => moved !== 0));

/**
 * A measure in each month up to `until` whose window holds any of it. Months without a change are included, because
 * their windows move on. A customer without revenue for a year has no further months, and so costs nothing more.
 */
export const viewsOf = ({ entries, windows }: Series, until: Place): readonly MonthView[] => {
  const first = entries[0]?.[0] ?? until + 1;
  const ends: (number | null)[] = [];
  const views: MonthView[] = [];
  let [nextEntry, nextWindow] = [0, 0];
  let end: number | null = 0;
  let alive = first;
  for (let place = first; place <= until; place += 1) {
    const start: number | null = end;
    let moves = carriedMoves(end);
    const entry = entries[nextEntry];
    if (entry !== undefined && entry[0] === place) {
      [, end, moves] = entry;
      nextEntry += 1;
    }
    if (entry?.[0] === place || end !== 0) alive = place + windowMonths - 1;
    ends.push(end);
    if (place > alive) {
      if (nextEntry === entries.length) break;
      continue;
    }
    while ((windows[nextWindow]?.[0] ?? until) < place) nextWindow += 1;
    const said = windows[nextWindow];
    const before = place - windowMonths - first;
    const window =
      said !== undefined && said[0] === place
        ? { start: said[1], end: said[2], transferOut: said[3], transferIn: said[4], transferred: true }
        : { start: before < 0 ? 0 : (ends[before] ?? null), end, transferOut: 0, transferIn: 0, transferred: false };
    views.push({ place, start, end, moves, window });
  }
  return views;
};

/**
 * The entries of a measure: those of its months, given in order, in which it changed. A month that is missing had an
 * amount of 0.
 */
export const entriesOf = (months: readonly Pick<MonthView, 'place' | 'end' | 'moves'>[]): readonly Entry[] => {
  let before: number | null = 0;
  return months.flatMap(({ place, end, moves }): readonly Entry[] => {
    const changed = isChange(before, end, moves);
    before = end;
    return changed ? [[place, end, moves]] : [];
  });
};
