// When does something happen in a story? Its days count from the win and become instants; people act in working hours only.

/** A day of a story, with fractions: day 0 begins at midnight (UTC) before the deal is won. */
export type Day = number;

const dayLength = 86_400_000;

const instantOf = (epoch: number): string => new Date(Math.floor(epoch / 1000) * 1000).toISOString();

/** The midnight (UTC) at the beginning of a day. */
const midnightOf = (today: string): number => Date.parse(`${today.slice(0, 10)}T00:00:00.000Z`);

export interface Calendar {
  /** The exact instant, for actions of systems. */
  at(day: Day): string;
  /** The same day in working hours; a weekend day becomes the Friday before. The order of instants stays the same. */
  work(day: Day): string;
  /** The day of an instant. */
  dayOf(instant: string): Day;
  /** The beginning of today, as a day of the story: nothing happens after it. */
  readonly today: Day;
}

/** The calendar of a story whose deal is won so many days before today (after it, when negative). */
export const calendarOf = (today: string, wonDaysAgo: number): Calendar => {
  const zero = midnightOf(today) - wonDaysAgo * dayLength;
  return {
    today: wonDaysAgo,
    at: (day) => instantOf(zero + day * dayLength),
    work: (day) => {
      const midnight = zero + Math.floor(day) * dayLength;
      const fraction = day - Math.floor(day);
      const weekday = new Date(midnight).getUTCDay();
      // Work of a weekend moves to the last two hours of Friday.
      if (weekday === 6) return instantOf(midnight - dayLength + (16 + fraction) * 3_600_000);
      if (weekday === 0) return instantOf(midnight - 2 * dayLength + (17 + fraction) * 3_600_000);
      return instantOf(midnight + (7 + 9 * fraction) * 3_600_000);
    },
    dayOf: (instant) => (Date.parse(instant) - zero) / dayLength,
  };
};

const isWorkday = (epoch: number): boolean => ![0, 6].includes(new Date(epoch).getUTCDay());

/** The instant so many business days after another: at the same time of day; a weekend counts from Monday, 00:00. */
export const businessDaysAfter = (instant: string, days: number): string => {
  let epoch = isWorkday(Date.parse(instant)) ? Date.parse(instant) : midnightOf(instant);
  while (!isWorkday(epoch)) epoch += dayLength;
  for (let passed = 0; passed < days; passed += isWorkday(epoch) ? 1 : 0) epoch += dayLength;
  return new Date(epoch).toISOString();
};

/** The instant so many days after another. */
export const daysAfter = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * dayLength).toISOString();

/** The first instant of the month that begins so many months after an instant's own. */
export const monthAfter = (instant: string, months: number): string => {
  const date = new Date(instant);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months)).toISOString();
};

/** The same date a year later, when a term of one year ends. */
export const yearAfter = (instant: string): string => {
  const date = new Date(instant);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString();
};

/** The calendar date of an instant so many days after another. */
export const dateAfter = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * dayLength).toISOString().slice(0, 10);
