// How is a point in time written, so that comparing the texts compares the times?
import * as z from 'zod';

// A pattern instead of Date.parse, for speed: every load checks several instants of each event. It knows how long the
// months are, and which years have a February 29.
const written = new RegExp(
  `^(?:${[
    String.raw`\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))`,
    String.raw`(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29`,
  ].join('|')})T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$`,
);

/** An instant: `YYYY-MM-DDTHH:mm:ss.sssZ`, UTC. */
export const Instant = z
  .string()
  .regex(written, 'expected an instant such as 2026-07-11T09:00:00.000Z')
  .meta({ format: 'date-time' })
  .describe('An instant, UTC, to the millisecond.');
export type Instant = z.infer<typeof Instant>;

/** A calendar date: `YYYY-MM-DD`. */
export const CalendarDate = z.iso.date().describe('A calendar date, YYYY-MM-DD.');

const firstEpoch = Date.parse('0000-01-01T00:00:00.000Z');
const lastEpoch = Date.parse('9999-12-31T23:59:59.999Z');
const day = 86_400_000;

const upToHundred: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
const two = (number: number): string => upToHundred[number] ?? '';

// Years are counted from March 1, so that a leap day ends its year. An era is 400 of them: after it the calendar repeats.
const era = 146_097;
const epochDay = 719_468;

/** Milliseconds since 1970 as an instant. Written by hand, as the rules do so thousands of times for each engagement. */
export const instantOf = (epochMilliseconds: number): Instant => {
  if (!(epochMilliseconds >= firstEpoch && epochMilliseconds <= lastEpoch))
    return new Date(epochMilliseconds).toISOString();
  const whole = Math.trunc(epochMilliseconds);
  const days = Math.floor(whole / day);
  const eras = Math.floor((days + epochDay) / era);
  const ofEra = days + epochDay - eras * era;
  const leaps = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const years = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const months = Math.floor((5 * ofYear + 2) / 153);
  const year = eras * 400 + years + (months < 10 ? 0 : 1);
  const date = `${two(Math.floor(year / 100))}${two(year % 100)}-${two(months < 10 ? months + 3 : months - 9)}-${two(
    ofYear - Math.floor((153 * months + 2) / 5) + 1,
  )}`;
  const seconds = Math.floor((whole - days * day) / 1000);
  const milliseconds = whole - days * day - seconds * 1000;
  const minutes = Math.floor(seconds / 60);
  const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return `${date}T${time}.${Math.floor(milliseconds / 100)}${two(milliseconds % 100)}Z`;
};

/** An instant as milliseconds since 1970. Read by hand, as `instantOf` writes. */
export const epochOf = (instant: Instant): number => {
  if (instant.length !== 24) return Date.parse(instant);
  const digit = (at: number): number => instant.charCodeAt(at) - 48;
  const pair = (at: number): number => digit(at) * 10 + digit(at + 1);
  const month = pair(5);
  const year = pair(0) * 100 + pair(2) - (month > 2 ? 0 : 1);
  const eras = Math.floor(year / 400);
  const years = year - eras * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + pair(8) - 1;
  const days = eras * era + years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + ofYear - epochDay;
  return days * day + ((pair(11) * 60 + pair(14)) * 60 + pair(17)) * 1000 + digit(20) * 100 + pair(21);
};

/**
 * The instant `milliseconds` after another (before it, when negative). It stops at the first and the last instant that four digits
 * of a year can write: the text of a later one would come before all others.
 */
export const addMilliseconds = (instant: Instant, milliseconds: number): Instant =>
  instantOf(Math.min(lastEpoch, Math.max(firstEpoch, epochOf(instant) + milliseconds)));

/** The instant `days` times 24 hours after another. */
export const addDays = (instant: Instant, days: number): Instant => addMilliseconds(instant, days * day);

const form =
  /^((\d{4})-(\d\d)-(\d\d))(?:[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:\.(\d+))?)?(?:[Zz]|([+-])([01]\d|2[0-3]):?([0-5]\d))?)?$/;

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

const inStoredYears = (instant: string): boolean => instant.length === 24;

/** A leap second is read as the last millisecond before midnight, because our clock has no second 60. */
const endsLeapDay = (instant: Instant): Instant | undefined =>
  /-(?:06-30|12-31)T23:59:59/.test(instant) ? `${instant.slice(0, 19)}.999Z` : undefined;

/** The written day, and the instant; undefined if the text is no time or the day does not exist. */
const read = (text: string): { readonly date: string; readonly instant: Instant | undefined } | undefined => {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, date = '', year, month, day, hour = '00', minute = '00', second = '00', fraction = '', sign] = match;
  if (Number(month) < 1 || Number(month) > 12) return undefined;
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return undefined;
  const isLeap = second === '60';
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const local = epochOf(`${date}T${hour}:${minute}:${isLeap ? '59' : second}.${milliseconds}Z`);
  const offset = (Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0)) * 60_000;
  const instant = instantOf(sign === '-' ? local + offset : local - offset);
  const known = isLeap ? endsLeapDay(instant) : instant;
  if (known === undefined) return undefined;
  return { date, instant: inStoredYears(known) ? known : undefined };
};

/**
 * RFC 3339 text of any offset and precision as an instant: what lies below a millisecond is cut. A date alone is its
 * midnight, and a time without an offset is UTC. Undefined if the text is no time, or names a day or a second that does
 * not exist.
 */
export const parseInstant = (text: string): Instant | undefined => read(text)?.instant;

/** The day that a date, or a time of any offset, was written with; undefined if the text is neither. */
export const parseDate = (text: string): string | undefined => read(text)?.date;
