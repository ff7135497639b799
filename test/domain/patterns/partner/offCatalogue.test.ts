// Is a partner flagged that wins more than half of its last six deals without an offer of the catalogue (P2.6)?
import { expect, it } from 'vitest';
import { partnerRules } from '../../../../domain/patterns/partner/catalog.ts';
import { byInstant, type OfferUse } from '../../../../domain/patterns/partner/offerUse.ts';
import { instant } from '../../../support/histories/events.ts';
import { day, delivered, won } from '../../../support/histories/offerUses.ts';

const rule = partnerRules.find(({ id }) => id === 'P2.6');
const verdicts = (uses: readonly OfferUse[]) => rule?.verdicts(uses.toSorted(byInstant)) ?? [];

/** Wins of consecutive days: `x` without a published offer, `o` with one. */
const wins = (text: string): readonly OfferUse[] =>
  [...text].map((letter, index) => won(day(index), { published: letter === 'o' }));

it('is raised with the win that takes more than half of six off the catalogue', () => {
  expect(verdicts(wins('xxxooo'))).toEqual([]);
  const [flag, ...others] = verdicts(wins('xxxoox'));
  expect(others).toEqual([]);
  expect(flag).toMatchObject({ subject: 'wins', severity: 'medium', raisedAt: instant(day(5)), cleared: undefined });
  expect(flag?.evidence.filter(({ kind }) => kind === 'event')).toHaveLength(6);
});

it('needs six wins', () => {
  expect(verdicts(wins('xxxxx'))).toEqual([]);
});

it('clears at 0.3 or less of the last six', () => {
  expect(verdicts(wins('xxxxxxoooo'))[0]?.cleared).toBeUndefined();
  expect(verdicts(wins('xxxxxxooooo'))[0]?.cleared).toMatchObject({ at: instant(day(10)), reason: 'offersAgain' });
});

it('judges wins of one instant together, and deliveries not at all', () => {
  const together = wins('xxxooo').map((use, index) => (index < 5 ? use : { ...use, at: instant(day(9)) }));
  const last = won(day(9), { published: false, eventId: 'a', factId: 'a' });
  expect(verdicts([...together, last]).map(({ raisedAt }) => raisedAt)).toEqual([]);
  expect(verdicts(Array.from({ length: 9 }, (_, index) => delivered(day(index), { published: false })))).toEqual([]);
});

it('leaves integrators out, unless the policy says otherwise', () => {
  const of = (roles: string[], thresholds = {}) => wins('xxxxxx').map((use) => ({ ...use, roles, thresholds }));
  expect(verdicts(of(['si']))).toEqual([]);
  expect(verdicts(of(['si'], { 'P2.6': { anyRole: true } }))).toHaveLength(1);
});
