// Is a partner flagged whose deliveries of an offer all differ, and is it not where that means nothing (P2.4)?
import { describe, expect, it } from 'vitest';
import { partnerRules } from '../../../../domain/patterns/partner/catalog.ts';
import { byInstant, type OfferUse } from '../../../../domain/patterns/partner/offerUse.ts';
import { instant } from '../../../support/histories/events.ts';
import { day, delivered } from '../../../support/histories/offerUses.ts';

const rule = partnerRules.find(({ id }) => id === 'P2.4');
const verdicts = (uses: readonly OfferUse[]) => rule?.verdicts(uses.toSorted(byInstant)) ?? [];

/** The first two deliveries, in which the partner learns. */
const learning = [delivered('2025-12-01', { fingerprint: 'x' }), delivered('2025-12-02', { fingerprint: 'y' })];
/** Deliveries of consecutive days with these configurations. */
const configured = (...fingerprints: readonly (string | null)[]): readonly OfferUse[] =>
  fingerprints.map((fingerprint, index) => delivered(day(index), { fingerprint }));
const taking = (...minutes: readonly number[]): readonly OfferUse[] =>
  minutes.map((each, index) => delivered(day(index), { minutes: each }));

describe('configurations', () => {
  it('raise it with the delivery that makes four of the last five distinct, and cite all five', () => {
    const [flag, ...others] = verdicts([...learning, ...configured('a', 'b', 'c', 'd', 'd')]);
    expect(others).toEqual([]);
    expect(flag).toMatchObject({
      subject: 'offer:suite',
      raisedAt: instant(day(4)),
      severity: 'high',
      openedBy: { factId: `fact-${day(4)}` },
      cleared: undefined,
    });
    expect(
      flag?.evidence.filter(({ kind }) => kind === 'event').map((piece) => 'eventId' in piece && piece.eventId),
    ).toEqual([0, 1, 2, 3, 4].map((index) => `event-${day(index)}`));
    expect(flag?.evidence).toContainEqual(expect.objectContaining({ value: 0.8, threshold: 0.8 }));
  });

  it('raise nothing while three of five are distinct, or only four deliveries are there', () => {
    expect(verdicts([...learning, ...configured('a', 'b', 'c', 'c', 'c')])).toEqual([]);
    expect(verdicts([...learning, ...configured('a', 'b', 'c', 'd')])).toEqual([]);
  });

  it('clear it once under 0.6 of the last five are distinct, and not at 0.6', () => {
    const four = [...learning, ...configured('a', 'b', 'c', 'd', 'd', 'd')];
    expect(verdicts(four)[0]?.cleared).toBeUndefined();
    const cleared = verdicts([...learning, ...configured('a', 'b', 'c', 'd', 'd', 'd', 'd')])[0]?.cleared;
    expect(cleared).toMatchObject({ at: instant(day(6)), eventId: `event-${day(6)}`, reason: 'deliveriesAlike' });
  });

  it('that are not all known say nothing', () => {
    expect(verdicts([...learning, ...configured('a', 'b', 'c', 'd', null)])).toEqual([]);
  });

  it('open a further episode after the first one is cleared', () => {
    const found = verdicts([...learning, ...configured('a', 'b', 'c', 'd', 'd', 'd', 'd', 'd', 'e', 'f', 'g')]);
    expect(found.map(({ raisedAt, cleared }) => [raisedAt, cleared?.at])).toEqual([
      [instant(day(4)), instant(day(6))],
      [instant(day(10)), undefined],
    ]);
  });
});

describe('minutes', () => {
  it('raise it above a coefficient of variation of 0.5, and not at it', () => {
    // Mean 100, standard deviation 50: the coefficient is 0.5 exactly.
    const four = { deliveries: 4, skipFirst: 0 };
    const limited = (uses: readonly OfferUse[]) => uses.map((use) => ({ ...use, thresholds: { 'P2.4': four } }));
    expect(verdicts(limited(taking(50, 150, 50, 150)))).toEqual([]);
    expect(verdicts(limited(taking(49, 151, 49, 151)))).toHaveLength(1);
  });

  it('clear it below 0.35', () => {
    const wild = [...learning, ...taking(100, 1000, 100, 1000, 100)];
    expect(verdicts(wild)[0]?.cleared).toBeUndefined();
    const calm = Array.from({ length: 5 }, (_, index) => delivered(day(5 + index), { minutes: 500 }));
    expect(verdicts([...wild, ...calm])[0]?.cleared).toMatchObject({ at: instant(day(9)) });
  });

  it('that nobody logged say nothing', () => {
    expect(verdicts([...learning, ...taking(100, 1000, 0, 1000, 100)])).toEqual([]);
  });
});

describe('no flag', () => {
  const different = configured('a', 'b', 'c', 'd', 'e');

  it('comes of the first two deliveries of an offer, in which the partner learns', () => {
    expect(verdicts(different)).toEqual([]);
    expect(verdicts([...learning.slice(1), ...different])).toEqual([]);
    expect(verdicts([...learning, ...different])).toHaveLength(1);
  });

  it('is raised on an integrator, whose business is custom, unless the policy says so', () => {
    const of = (roles: string[], thresholds = {}) =>
      [...learning, ...different].map((use) => ({ ...use, roles, thresholds }));
    expect(verdicts(of(['si']))).toEqual([]);
    expect(verdicts(of(['si', 'var']))).toHaveLength(1);
    expect(verdicts(of(['si'], { 'P2.4': { anyRole: true } }))).toHaveLength(1);
    expect(verdicts([...learning, ...different].map((use) => ({ ...use, roles: null })))).toHaveLength(1);
  });

  it('mixes offers, or takes what names none for one', () => {
    const mixed = different.map((use, index) => ({ ...use, offerId: index % 2 === 0 ? 'suite' : 'other' }));
    expect(verdicts([...learning, ...mixed])).toEqual([]);
    expect(verdicts([...learning, ...different].map((use) => ({ ...use, offerId: null })))).toEqual([]);
  });

  it('stays where later versions of the offer took the custom work in', () => {
    const published = instant(day(20));
    const promoted = (use: OfferUse): OfferUse => ({
      ...use,
      customisations: 1,
      promoted: [[published, 'version-2', 0]],
    });
    const [flag] = verdicts([...learning, ...different.map(promoted)]);
    expect(flag).toMatchObject({
      raisedAt: instant(day(4)),
      cleared: { at: published, eventId: 'version-2', engagementId: undefined, reason: 'promotedIntoOffer' },
    });
    // What was part of the offer before the delivery went live never raises it.
    const early = (use: OfferUse): OfferUse => ({
      ...use,
      customisations: 1,
      promoted: [[instant('2025-06-01'), 'v', 0]],
    });
    expect(verdicts([...learning, ...different.map(early)])).toEqual([]);
    const half = (use: OfferUse): OfferUse => ({ ...promoted(use), customisations: 2 });
    expect(verdicts([...learning, ...different.map(half)])[0]?.cleared).toBeUndefined();
  });
});
