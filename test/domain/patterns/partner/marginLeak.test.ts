// Is a partner flagged whose delivery earns 15 points less than planned, until three in a row are as planned (P2.5)?
import { expect, it } from 'vitest';
import { partnerRules } from '../../../../domain/patterns/partner/catalog.ts';
import { byInstant, type OfferUse } from '../../../../domain/patterns/partner/offerUse.ts';
import { instant } from '../../../support/histories/events.ts';
import { day, delivered } from '../../../support/histories/offerUses.ts';

const rule = partnerRules.find(({ id }) => id === 'P2.5');
const verdicts = (uses: readonly OfferUse[]) => rule?.verdicts(uses.toSorted(byInstant)) ?? [];

/** A delivery that earned 1,000.00; an hour costs 60.00, so that ten minutes more cost one point. */
const earning = (at: string, minutes: number, said: Partial<OfferUse> = {}): OfferUse =>
  delivered(at, {
    ...{ minutes, plannedMinutes: 600, offerId: null },
    earned: { minor: 100_000, hourMinor: 6_000, from: instant(at) },
    ...said,
  });

it('is raised at 15 points, and not below', () => {
  expect(verdicts([earning(day(0), 749)])).toEqual([]);
  const [flag] = verdicts([earning(day(0), 750)]);
  expect(flag).toMatchObject({
    subject: 'deliveries',
    raisedAt: instant(day(0)),
    severity: 'high',
    cleared: undefined,
  });
  expect(flag?.evidence).toContainEqual(expect.objectContaining({ kind: 'value', value: 15, threshold: 15 }));
  expect(flag?.evidence).toContainEqual(expect.objectContaining({ kind: 'event', eventId: `event-${day(0)}` }));
});

it('is raised when something was earned, where that comes after the go-live', () => {
  const late = earning(day(0), 900, { earned: { minor: 100_000, hourMinor: 6_000, from: instant(day(9)) } });
  expect(verdicts([late])).toMatchObject([{ raisedAt: instant(day(9)) }]);
});

it('clears with the third delivery in a row within 5 points', () => {
  const after = (...minutes: readonly number[]) =>
    verdicts([earning(day(0), 900), ...minutes.map((each, index) => earning(day(1 + index), each))])[0]?.cleared;
  expect(after(650, 600)).toBeUndefined();
  expect(after(650, 600, 300)).toMatchObject({ at: instant(day(3)), reason: 'marginAsPlanned' });
  expect(after(650, 651, 650, 650)).toBeUndefined();
  expect(after(650, 651, 650, 650, 650)).toMatchObject({ at: instant(day(5)) });
});

it('is quiet without a plan, without revenue or without what work costs', () => {
  expect(verdicts([earning(day(0), 9_000, { plannedMinutes: null })])).toEqual([]);
  expect(verdicts([earning(day(0), 9_000, { earned: null })])).toEqual([]);
});

it('follows the policy of the delivery', () => {
  const mild = { thresholds: { 'P2.5': { points: 30, deliveries: 1 } } };
  expect(verdicts([earning(day(0), 800, mild)])).toEqual([]);
  const cleared = verdicts([earning(day(0), 900, mild), earning(day(1), 600)])[0]?.cleared;
  expect(cleared).toMatchObject({ at: instant(day(1)) });
});

it('skips the first two deliveries of an offer, in which the partner learns', () => {
  const of = (offerId: string, at: string, said: Partial<OfferUse> = {}) => earning(at, 900, { offerId, ...said });
  const learning = [of('suite', day(0)), of('vault', day(1)), of('suite', day(2)), of('vault', day(3))];
  expect(verdicts(learning)).toEqual([]);
  expect(verdicts([...learning, of('vault', day(4))])).toMatchObject([{ raisedAt: instant(day(4)) }]);
  const strict = { thresholds: { 'P2.5': { skipFirst: 0 } } };
  expect(verdicts([of('suite', day(0), strict)])).toHaveLength(1);
  expect(verdicts([of('suite', day(0)), of('suite', day(1), { earned: null }), of('suite', day(2))])).toHaveLength(1);
});

it('is quiet of a delivery that earned nothing', () => {
  const earned = (minor: number) => ({ minor, hourMinor: 6_000, from: instant(day(0)) });
  expect(verdicts([earning(day(0), 9_000, { earned: earned(0) })])).toEqual([]);
  expect(verdicts([earning(day(0), 9_000, { earned: earned(1) })])).toHaveLength(1);
});

it('takes deliveries by when their margin was known, and those of one instant by their events', () => {
  const known = (at: string, minutes: number, eventId: string) =>
    earning(at, minutes, { eventId, earned: { minor: 100_000, hourMinor: 6_000, from: instant(day(9)) } });
  const opener = (...uses: readonly OfferUse[]) => verdicts(uses).map(({ openedBy }) => openedBy.eventId);
  expect(opener(known(day(0), 900, 'b'), known(day(1), 900, 'a'), known(day(2), 900, 'c'))).toEqual(['a']);
  expect(opener(known(day(0), 900, 'a'), known(day(1), 900, 'b'))).toEqual(['a']);
  expect(opener(known(day(0), 900, 'a'), earning(day(5), 900, { eventId: 'z' }))).toEqual(['z']);
});
