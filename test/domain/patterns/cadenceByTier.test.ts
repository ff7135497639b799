// Does P4.1 take the days of the customer's or the partner's tier, and a look at a live dashboard for a report?
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedPartyOf } from '../../../events/identifiers.ts';
import { usedUntil } from '../../support/histories/adoptionFacts.ts';
import { goLive, opened, partner, policyPublished } from '../../support/histories/engagementFacts.ts';
import { recorded, tenantId } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const customer = { system: 'salesforce', kind: 'account', id: '001000000000009AAA' };
const registered = (party: typeof partner, tier: string) =>
  recorded(
    'PartyRegistered',
    { party, tier, roles: ['var'] },
    { at: '2025-01-01', stream: derivedPartyOf(tenantId, party) },
  );

const live = [opened('2025-12-01', { customer }), goLive('2026-01-01')];
const byTier = policyPublished({ reportingDays: { gold: 31, annual: 380 } });
const dueOf = (...events: readonly RecordedEvent[]) =>
  given(...live, ...events)
    .verdictsAt('2026-01-02', 'P4.1')
    .flatMap((verdict) => (verdict.state === 'armed' ? verdict.dueAt : []));

describe('P4.1 by tier', () => {
  test.each([
    ['a tier of the partner with its own days', [byTier, registered(partner, 'gold')], '2026-02-01'],
    [
      'a tier of the customer, before that of the partner',
      [byTier, registered(partner, 'gold'), registered(customer, 'annual')],
      '2027-01-16',
    ],
    ['a tier that the policy does not name', [byTier, registered(partner, 'silver')], '2026-04-11'],
    ['no tier', [byTier], '2026-04-11'],
    ['a policy without tiers', [registered(partner, 'gold')], '2026-04-11'],
  ])('%s', (_, events, due) => {
    expect(dueOf(...events)).toEqual([`${due}T00:00:00.000Z`]);
  });

  test('an annual-only customer shows no flag for a year', () => {
    const annual = given(...live, byTier, registered(customer, 'annual'));
    expect(annual.flagsAt('2027-01-15', 'P4.1')).toEqual([]);
    expect(annual.flagsAt('2027-01-17', 'P4.1')).toHaveLength(1);
  });
});

describe('P4.1 and a live dashboard', () => {
  const look = (at: string, views: number) => usedUntil(at, views, { metric: 'dashboard_views' });

  test('a customer that looks at it needs no report in that time', () => {
    const looks = given(...live, look('2026-04-01', 3));
    expect(looks.flagsAt('2026-07-10', 'P4.1')).toEqual([]);
    expect(looks.flagsAt('2026-07-11', 'P4.1')).toHaveLength(1);
  });

  test('but one that nobody looks at shows nothing, and other use neither', () => {
    expect(given(...live, look('2026-04-01', 0)).flagsAt('2026-07-01', 'P4.1')).toHaveLength(1);
    expect(given(...live, usedUntil('2026-04-01', 3)).flagsAt('2026-07-01', 'P4.1')).toHaveLength(1);
  });
});
