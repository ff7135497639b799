// In which order do wins and deliveries count, whose business repeats, and what may an engagement feed?
import { expect, it } from 'vitest';
import { byInstant, FedUse, isRepeating, type OfferUse } from '../../../../domain/patterns/partner/offerUse.ts';
import { instant } from '../../../support/histories/events.ts';
import { delivered, won } from '../../../support/histories/offerUses.ts';

it('sorts uses by their instants, and those of one instant by their events', () => {
  const uses = [
    won('2026-03-01', { eventId: 'b' }),
    won('2026-01-01', { eventId: 'z' }),
    won('2026-03-01', { eventId: 'a' }),
    won('2026-02-01', { eventId: 'y' }),
    won('2026-03-01', { eventId: 'c' }),
  ];
  const sorted = (list: readonly OfferUse[]) => [...list].sort(byInstant).map(({ eventId }) => eventId);
  expect(sorted(uses)).toEqual(['z', 'y', 'a', 'b', 'c']);
  expect(sorted(uses.toReversed())).toEqual(['z', 'y', 'a', 'b', 'c']);
  const [one = won('2026-01-01')] = uses;
  expect(byInstant(one, { ...one })).toBe(0);
});

it.each([
  [null, true],
  [[], true],
  [['var'], true],
  [['msp', 'si'], true],
  [['si'], false],
  [['distributor', 'isv'], false],
])('takes the business of a partner with the roles %j as one that repeats: %s', (roles, repeats) => {
  expect(isRepeating(won('2026-01-01', { roles }))).toBe(repeats);
});

it('reads what an engagement feeds as it was fed', () => {
  const fed = ({ engagementId: _, ...use }: OfferUse) => use;
  const uses = [
    won('2026-01-01', { thresholds: { 'P2.1': { days: 30, acceptance: true } } }),
    delivered('2026-02-01', {
      promoted: [[instant('2026-03-01'), 'event', 60]],
      earned: { minor: 100, hourMinor: 5, from: instant('2026-01-01') },
      roles: null,
    }),
  ];
  for (const use of uses) expect(FedUse().parse(fed(use))).toEqual(fed(use));
  for (const wrong of [{ kind: 'loss' }, { type: 'OrderPlaced' }, { promoted: [['2026-03-01']] }, { other: 1 }])
    expect(FedUse().safeParse({ ...fed(won('2026-01-01')), ...wrong }).success).toBe(false);
});
