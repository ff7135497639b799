// How are calendar months (UTC) counted, so that months can be added?
import type { Instant } from '../../events/instant.ts';

/** A month as a number: the next month has the next number. */
export type Place = number;

/** The number of a month, from text that begins with `YYYY-MM`, such as an instant. */
export const placeOf = (month: string): Place => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;

/** The month with a number, as `YYYY-MM`. */
export const monthAt = (place: Place): string =>
  `${String(Math.floor(place / 12)).padStart(4, '0')}-${String((place % 12) + 1).padStart(2, '0')}`;

/** The first instant of the month with a number. */
export const startOf = (place: Place): Instant => `${monthAt(place)}-01T00:00:00.000Z`;

/** How many months a window of retention has (T12M, domain reference B0). */
export const windowMonths = 12;

/** The first month that has rows. An earlier start of a subscription counts as this month. */
export const firstPlace = placeOf('2000-01');
