// Does a policy spare small direct deals the rules of handoffs, and no others?
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import {
  deliveryStarted,
  handoffOffered,
  handoffRejected,
  incompleteHandoffOffered,
  opened,
  partner,
  policyPublished,
  routeAgreed,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const floor = policyPublished({ smallDeals: [{ amountMinor: 100_000, currency: 'EUR' }] });
const wonFor = (amount: string, currency = 'EUR') =>
  recorded('DealClosed', { result: 'won', value: { amount, currency } }, { at: '2026-03-02' });
const start = opened('2026-02-01');
const direct = routeAgreed('2026-02-10');
const joined = recorded('ParticipantJoined', { org: partner, responsibilities: ['sell'] }, { at: '2026-02-01' });
const told = [
  ...[joined, handoffOffered('2026-03-03'), incompleteHandoffOffered('2026-03-04', { id: 'h2' })],
  deliveryStarted('2026-03-20'),
];
const spared = ['P3.1', 'P3.3', 'P3.4', 'P3.7'];

const flagged = (...events: readonly RecordedEvent[]) => {
  const history = given(start, ...events, ...told);
  return spared.filter((rule) => history.flagsAt('2026-06-01', rule).length > 0);
};

describe('a small direct deal', () => {
  test('raises none of these flags under a policy that spares it', () => {
    expect(flagged(direct, wonFor('999.99'))).toEqual(spared);
    expect(flagged(direct, wonFor('999.99'), floor)).toEqual([]);
  });

  test('is not spared that nothing was offered, without such a policy', () => {
    const silent = [start, direct, wonFor('999.99')];
    expect(given(...silent).flagsAt('2026-06-01', 'P3.2')).toHaveLength(1);
    expect(given(...silent, floor).verdictsAt('2026-06-01', 'P3.2')).toEqual([]);
  });

  test.each([
    ['of the amount itself', [direct, wonFor('1000.00')]],
    ['of another currency', [direct, wonFor('999.99', 'NOK')]],
    ['on another route', [routeAgreed('2026-02-10', 'two_tier'), wonFor('999.99')]],
    ['on no known route', [wonFor('999.99')]],
    ['of no known value', [direct, recorded('DealClosed', { result: 'won' }, { at: '2026-03-02' })]],
  ])('a deal %s is judged', (_, events) => {
    expect(flagged(...events, floor)).toEqual(spared);
  });

  test('is judged by the route that was agreed by then', () => {
    const early = routeAgreed('2026-02-05', 'two_tier');
    expect(flagged(early, direct, wonFor('999.99'), floor)).toEqual([]);
    const later = routeAgreed('2026-05-20', 'two_tier');
    expect(flagged(direct, wonFor('999.99'), later, floor)).toEqual([]);
  });

  test('is judged by what was known when the need arose', () => {
    const grown = recorded('DealRevised', { value: { amount: '5000', currency: 'EUR' } }, { at: '2026-03-03T12:00' });
    expect(flagged(direct, wonFor('999.99'), grown, floor)).toEqual(['P3.3', 'P3.4', 'P3.7']);
  });

  test('that is rejected again and again is still flagged', () => {
    const refused = [handoffRejected('2026-03-05'), handoffRejected('2026-03-09')];
    expect(given(start, direct, wonFor('1'), floor, ...refused).flagsAt('2026-06-01', 'P3.5')).toHaveLength(1);
  });
});
