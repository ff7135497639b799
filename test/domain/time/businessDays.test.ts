// Do business days keep the time of day, count weekdays only, and skip holidays?
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { addBusinessDays } from '../../../domain/time/businessDays.ts';
import { epochOf, instantOf } from '../../../events/instant.ts';

const none = { holidays: [] };
const friday = '2026-03-06T14:30:00.000Z';

test.each([
  ['within a week', '2026-03-02T09:00:00.000Z', 3, '2026-03-05T09:00:00.000Z'],
  ['over a weekend', friday, 1, '2026-03-09T14:30:00.000Z'],
  ['a working week', friday, 5, '2026-03-13T14:30:00.000Z'],
  ['two working weeks', friday, 10, '2026-03-20T14:30:00.000Z'],
  ['none', friday, 0, friday],
  ['none from a Saturday: Monday 00:00', '2026-03-07T14:30:00.000Z', 0, '2026-03-09T00:00:00.000Z'],
  ['from a Saturday, counted from Monday 00:00', '2026-03-07T14:30:00.000Z', 5, '2026-03-16T00:00:00.000Z'],
  ['from the last moment of a Sunday', '2026-03-08T23:59:59.999Z', 1, '2026-03-10T00:00:00.000Z'],
  ['from the first moment of a Monday', '2026-03-09T00:00:00.000Z', 1, '2026-03-10T00:00:00.000Z'],
])('%s', (_case, from, days, expected) => {
  expect(addBusinessDays(from, days, none)).toBe(expected);
});

const told = z
  .object({ input: z.array(z.tuple([z.string(), z.int(), z.array(z.string())])), expected: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/cases/ok-unit-business-days.json', import.meta.url), 'utf8')));

test.each(told.input.map((input, index) => [...input, told.expected[index]] as const))(
  'as others got wrong: from %s, %i days',
  (from, days, holidays, expected) => expect(addBusinessDays(from, days, { holidays })).toBe(expected),
);

test('a holiday in between is skipped', () => {
  expect(addBusinessDays(friday, 1, { holidays: ['2026-03-09'] })).toBe('2026-03-10T14:30:00.000Z');
});

test('an instant on a holiday counts from the next business day, 00:00', () => {
  expect(addBusinessDays('2026-03-06T14:30:00.000Z', 1, { holidays: ['2026-03-06'] })).toBe('2026-03-10T00:00:00.000Z');
});

test('a calendar with only holidays still gives an instant', () => {
  const holidays = Array.from({ length: 1000 }, (_, day) => instantOf(Date.UTC(2026, 2, 6 + day)).slice(0, 10));
  expect(epochOf(addBusinessDays(friday, 2, { holidays }))).toBeGreaterThan(epochOf(friday));
});

const anInstant = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }).map(instantOf);

test('n days and then m days are n + m days, and the result is a weekday, never an earlier one', () => {
  fc.assert(
    fc.property(anInstant, fc.nat(20), fc.nat(20), (from, n, m) => {
      const after = addBusinessDays(from, n + m, none);
      expect(addBusinessDays(addBusinessDays(from, n, none), m, none)).toBe(after);
      expect([1, 2, 3, 4, 5]).toContain(new Date(epochOf(after)).getUTCDay());
      expect(after >= from).toBe(true);
    }),
  );
});
