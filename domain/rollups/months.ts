// Which calendar month is it, counted so that months can be added? All months are UTC's.
import type { Instant } from '../../events/instant.ts';

/** A month as a number: the next month's is one more. */
export type Place = number;

/** The place of a month, written as `YYYY-MM` or at the head of an instant. */
export const placeOf = (month: string): Place => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;

/** The month at a place, as `YYYY-MM`. */
export const monthAt = (place: Place): string =>
  `${String(Math.floor(place / 12)).padStart(4, '0')}-${String((place % 12) + 1).padStart(2, '0')}`;

/** The first instant of the month at a place. */
export const startOf = (place: Place): Instant => `${monthAt(place)}-01T00:00:00.000Z`;

/** How many months a window of retention spans (T12M, domain reference B0). */
export const windowMonths = 12;

/** The first month that has rows. A subscription that began earlier, or is said to have, counts as of it. */
export const firstPlace = placeOf('2000-01');
