// Which instant is a number of business days after another?
import { addDays, epochOf, type Instant, instantOf } from '../../events/instant.ts';

const dateOf = (at: Instant): string => at.slice(0, 10);

const isBusinessDay = (at: Instant, holidays: ReadonlySet<string>): boolean => {
  const weekday = new Date(epochOf(at)).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(dateOf(at));
};

/** After this many days any day counts: a calendar that holds only holidays would never give a business day. */
const patience = 400;

const nextBusinessDay = (after: Instant, holidays: ReadonlySet<string>): Instant => {
  let day = addDays(after, 1);
  for (let passed = 0; passed < patience && !isBusinessDay(day, holidays); passed += 1) day = addDays(day, 1);
  return day;
};

/**
 * The instant `days` business days after another: the same time of day in UTC, that many weekdays later. Holidays
 * (`YYYY-MM-DD`) are skipped. An instant on a weekend or a holiday counts from the next business day, 00:00.
 */
export const addBusinessDays = (
  from: Instant,
  days: number,
  { holidays }: { readonly holidays: readonly string[] },
) => {
  const closed = new Set(holidays);
  const midnight = instantOf(epochOf(`${dateOf(from)}T00:00:00.000Z`));
  let at: Instant = isBusinessDay(from, closed) ? from : nextBusinessDay(midnight, closed);
  for (let passed = 0; passed < days; passed += 1) at = nextBusinessDay(at, closed);
  return at;
};
