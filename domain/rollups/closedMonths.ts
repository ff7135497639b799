// In which months do a partner's sums hold a price that it may not see?
import * as z from 'zod';
import { anyParty } from '../../events/audience.ts';
import { builtOnce } from '../../events/builtOnce.ts';
import { type Place, windowMonths } from './months.ts';
import type { Step } from './steps.ts';

/** A run of months, from the first to the last; null: it goes on. */
export const ClosedRun = builtOnce(() => z.tuple([z.int(), z.int().nullable()]));
export type ClosedRun = z.output<ReturnType<typeof ClosedRun>>;

/** All months: what an older release fed says nothing of the prices. */
export const allMonths: readonly ClosedRun[] = [[0, null]];

/**
 * The runs of months in which any price counts that the partner of the steps may not see, from steps in order of occurrence. A
 * partner that takes an engagement over gets its sums back once these prices are replaced, or end.
 */
export const closedRuns = (steps: readonly Step[]): readonly ClosedRun[] => {
  const runs: ClosedRun[] = [];
  let prices = 0;
  let from: Place | undefined;
  for (const { place, closedBefore, closedAfter } of steps) {
    if (closedBefore > 0 || closedAfter > 0) from ??= place;
    prices += closedAfter - closedBefore;
    if (from === undefined || prices > 0) continue;
    runs.push([from, place]);
    from = undefined;
  }
  return from === undefined ? runs : [...runs, [from, null]];
};

/**
 * The runs of months that are closed, from each month with whether it is. `goesOn` says whether the last month's run does: so it is not
 * only told a month later that it ended.
 */
export const runsOf = (months: ReadonlyMap<Place, boolean>, goesOn: boolean): readonly ClosedRun[] => {
  const runs: ClosedRun[] = [];
  const places = [...months.keys()].sort((a, b) => a - b);
  const last = places.at(-1);
  for (const place of places) {
    if (months.get(place) !== true) continue;
    const run = runs.at(-1);
    const to = place === last && goesOn ? null : place;
    if (run?.[1] === place - 1) runs[runs.length - 1] = [run[0], to];
    else runs.push([place, to]);
  }
  return runs;
};

const meets = (runs: readonly ClosedRun[], from: Place, to: Place): boolean =>
  runs.some(([first, last]) => first <= to && (last === null || last >= from));

/** Who may see the amounts of a partner's month and of its window: everyone who sees the row, or nobody but the vendor. */
export const seenInMonth = (runs: readonly ClosedRun[], place: Place) => ({
  amountsSeenBy: meets(runs, place, place) ? [] : [anyParty],
  windowSeenBy: meets(runs, place - windowMonths + 1, place) ? [] : [anyParty],
});

/** Who may see the amounts of the month after a month, if nothing changes. */
export const seenAfter = (runs: readonly ClosedRun[], place: Place): string[] =>
  meets(runs, place + 1, place + 1) ? [] : [anyParty];
