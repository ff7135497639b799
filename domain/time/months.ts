// Where does a calendar month begin and end, UTC, and how is time counted that leaves some months out?
import { addDays, addMilliseconds, epochOf, type Instant } from '../../events/instant.ts';

/** A calendar month, such as `2026-04`. */
export type Month = string;

/** The month of an instant, UTC. */
export const monthOf = (at: Instant): Month => at.slice(0, 7);

/** The first instant of a month. */
export const startOfMonth = (month: Month): Instant => `${month}-01T00:00:00.000Z`;

/** The month after another. */
export const monthAfter = (month: Month): Month => monthOf(addDays(startOfMonth(month), 31));

/** The first month that begins at or after an instant. */
export const firstMonthFrom = (at: Instant): Month =>
  startOfMonth(monthOf(at)) >= at ? monthOf(at) : monthAfter(monthOf(at));

/** The number of a month in its year, 1 to 12. */
export const numberOf = (month: Month): number => Number(month.slice(5));

/** After so many months the count ends, also where all months are left out. */
const patience = 1_200;

/** The instant `days` times 24 hours after another, where the time in some months of each year (1 to 12) does not count. */
export const addDaysOutside = (from: Instant, days: number, quiet: readonly number[]): Instant => {
  const end = addDays(from, days);
  if (quiet.length === 0) return end;
  let at = from;
  let left = epochOf(end) - epochOf(from);
  for (let passed = 0; passed < patience; passed += 1) {
    const next = startOfMonth(monthAfter(monthOf(at)));
    const counts = quiet.includes(numberOf(monthOf(at))) ? 0 : epochOf(next) - epochOf(at);
    if (counts >= left && counts > 0) return addMilliseconds(at, left);
    left -= counts;
    at = next;
  }
  return at;
};
