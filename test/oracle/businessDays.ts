// Which instant is some business days after another? Weekdays, UTC, at the same time of day; a weekend counts from Monday 00:00.
import type { Instant } from '../../events/instant.ts';
import { days } from './life.ts';

const isWeekend = (at: Instant): boolean => [0, 6].includes(new Date(at).getUTCDay());

export const afterBusinessDays = (from: Instant, count: number): Instant => {
  let at = from;
  if (isWeekend(at)) {
    while (isWeekend(at)) at = days(at, 1);
    at = `${at.slice(0, 10)}T00:00:00.000Z`;
  }
  for (let left = count; left > 0; left -= 1) {
    at = days(at, 1);
    while (isWeekend(at)) at = days(at, 1);
  }
  return at;
};
