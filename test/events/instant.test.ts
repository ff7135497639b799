// Is every time that RFC 3339 allows read as the instant that it names, and is no other text read as one?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarDate, epochOf, Instant, instantOf, parseDate, parseInstant } from '../../events/instant.ts';

const two = (number: number): string => `${number}`.padStart(2, '0');
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const months = (year: number) => [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const dateText = ({ year, month, day }: Parts): string => `${`${year}`.padStart(4, '0')}-${two(month)}-${two(day)}`;

/** The next day, or the day before, counted on the calendar. */
const dayBeside = (date: Parts, step: 1 | -1): Parts => {
  const day = date.day + step;
  const length = months(date.year)[date.month - 1] ?? 0;
  if (day >= 1 && day <= length) return { ...date, day };
  const month = date.month + step;
  const [year, within] = month < 1 ? [date.year - 1, 12] : month > 12 ? [date.year + 1, 1] : [date.year, month];
  return { ...date, year, month: within, day: step === 1 ? 1 : (months(year)[within - 1] ?? 0) };
};

/** The same moment in UTC, by arithmetic on days and minutes: no Date takes part. */
const inUtc = (local: Parts, offsetMinutes: number): Parts => {
  const minutes = local.hour * 60 + local.minute - offsetMinutes;
  const day = minutes < 0 ? dayBeside(local, -1) : minutes >= 1440 ? dayBeside(local, 1) : local;
  const within = (minutes + 1440) % 1440;
  return { ...day, hour: Math.floor(within / 60), minute: within % 60 };
};

const someDate = fc
  .tuple(fc.integer({ min: 1, max: 9998 }), fc.integer({ min: 1, max: 12 }), fc.nat(30))
  .map(([year, month, day]) => ({ year, month, day: 1 + (day % (months(year)[month - 1] ?? 1)) }));

const someTime = fc.record({
  date: someDate,
  hour: fc.nat(23),
  minute: fc.nat(59),
  second: fc.nat(59),
  fraction: fc.option(fc.stringMatching(/^\d{1,40}$/)),
  between: fc.constantFrom('T', 't', ' '),
  zone: fc.oneof(
    fc.constantFrom('Z', 'z', '+00:00', '-00:00').map((text) => ({ text, minutes: 0 })),
    fc.tuple(fc.constantFrom(1, -1), fc.nat(23), fc.nat(59)).map(([sign, hours, minutes]) => ({
      text: `${sign === 1 ? '+' : '-'}${two(hours)}:${two(minutes)}`,
      minutes: sign * (hours * 60 + minutes),
    })),
  ),
});

describe('a time', () => {
  it('of any offset and precision is its instant in UTC, cut to milliseconds', () => {
    fc.assert(
      fc.property(someTime, ({ date, hour, minute, second, fraction, between, zone }) => {
        const local = { ...date, hour, minute };
        const tail = fraction === null ? '' : `.${fraction}`;
        const text = `${dateText(local)}${between}${two(hour)}:${two(minute)}:${two(second)}${tail}${zone.text}`;
        const utc = inUtc(local, zone.minutes);
        const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0');
        const instant = `${dateText(utc)}T${two(utc.hour)}:${two(utc.minute)}:${two(second)}.${milliseconds}Z`;
        expect(parseInstant(text)).toBe(instant);
        expect(Instant.safeParse(instant).success).toBe(true);
        expect(parseDate(text)).toBe(dateText(local));
      }),
      { numRuns: 1000 },
    );
  });

  it('is read on each day of the calendar, and on no other day', () => {
    for (const year of [1900, 2000, 2023, 2024, 2100]) {
      for (let month = 0; month <= 13; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const date = `${year}-${two(month)}-${two(day)}`;
          const exists = day >= 1 && day <= (months(year)[month - 1] ?? 0);
          expect([date, parseInstant(`${date}T10:00:00Z`)]).toEqual([
            date,
            exists ? `${date}T10:00:00.000Z` : undefined,
          ]);
          expect(parseDate(date)).toBe(exists ? date : undefined);
          expect([date, Instant.safeParse(`${date}T10:00:00.000Z`).success]).toEqual([date, exists]);
          expect([date, CalendarDate.safeParse(date).success]).toEqual([date, exists]);
        }
      }
    }
  });

  it.each([
    '2026-01-01T24:00:00Z',
    '2026-01-01T24:61:00Z',
    '2026-01-01T10:60:00Z',
    '2026-01-01T10:00:61Z',
    '2026-01-01T10:00:00+24:00',
    '2026-01-01T10:00:00+10:60',
    '2026-01-01T10:00:00.Z',
    '2026-01-01T10:00:00,5Z',
    '2026-1-1T10:00:00Z',
    '2026-09-01T09:00:00.370582GMT',
    '02026-01-01T10:00:00Z',
    ' 2026-01-01T10:00:00Z',
    '9999-12-31T23:59:59-00:01',
    '0000-01-01T00:00:00+00:01',
    'yesterday',
    '',
  ])('is not read from %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('that is a leap second is the last millisecond before midnight', () => {
    const last = '2016-12-31T23:59:59.999Z';
    expect(parseInstant('2016-12-31T23:59:60Z')).toBe(last);
    expect(parseInstant('2016-12-31T23:59:60.5Z')).toBe(last);
    expect(parseInstant('2016-12-31T15:59:60-08:00')).toBe(last);
    expect(parseInstant('2017-01-01T05:29:60+05:30')).toBe(last);
    expect(parseInstant('1997-06-30T23:59:60Z')).toBe('1997-06-30T23:59:59.999Z');
    expect(parseInstant('2016-12-31T23:59:60+01:00')).toBeUndefined();
    expect(parseInstant('2016-12-30T23:59:60Z')).toBeUndefined();
    expect(parseInstant('2016-12-31T23:58:60Z')).toBeUndefined();
    expect(parseInstant('2016-03-31T23:59:60Z')).toBeUndefined();
  });
});

describe('written and read by hand', () => {
  const first = Date.parse('0000-01-01T00:00:00.000Z');
  const last = Date.parse('9999-12-31T23:59:59.999Z');

  it('an instant is what a Date makes of it, in all years of four digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (epoch) => {
        const text = new Date(epoch).toISOString();
        expect(instantOf(epoch)).toBe(text);
        expect(epochOf(text)).toBe(epoch);
      }),
    );
  });

  it.each([
    '0000-01-01',
    '0000-02-29',
    '1900-02-28',
    '1900-03-01',
    '1969-12-31',
    '2000-02-29',
    '2024-12-31',
    '9999-12-31',
  ])('on %s too, and a millisecond before its midnight', (date) => {
    const midnight = `${date}T00:00:00.000Z`;
    expect(instantOf(epochOf(midnight))).toBe(midnight);
    expect(epochOf(midnight)).toBe(Date.parse(midnight));
    expect(instantOf(Date.parse(midnight) + 86_399_999)).toBe(`${date}T23:59:59.999Z`);
  });

  it('parts of a millisecond are cut, and other years are written as a Date does', () => {
    expect(instantOf(1.9)).toBe('1970-01-01T00:00:00.001Z');
    expect(instantOf(-1.9)).toBe(new Date(-1.9).toISOString());
    expect(instantOf(last + 1)).toBe(new Date(last + 1).toISOString());
    expect(() => instantOf(Number.NaN)).toThrow(RangeError);
  });
});
