// Are registrations that exclude each other found across engagements, with the windows of both?
import { expect, test } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { org, partyId } from '../../support/tabled.ts';

const registered = (
  engagement: string,
  partner: string,
  at: string,
  { customer = 'c', offerId = 'o', id = 'r' } = {},
) =>
  recorded(
    'DealRegistered',
    { registrationId: id, customer: org(customer), partner: org(partner), offerId, protectedUntil: '2026-05-01' },
    { at, stream: streamIdOf(tenantId, 'engagement', engagement) },
  );

const first = registered('e1', 'p', '2026-02-01');
const conflictsAt = (...events: Parameters<typeof monthsAt>[2]) =>
  monthsAt('registration_conflicts', '2026-06-01', [first, ...events]);

test('two registrations of one customer and offer in two engagements are a conflict, with the windows of both', () => {
  const rows = conflictsAt(registered('e2', 'q', '2026-03-01'));
  expect([...rows]).toEqual([
    [
      `${partyId('c')}#e1#r#e2#r`,
      {
        ...{ lastEventId: null, policyVersion: null, leadPartnerId: null, leadPartner: null },
        ...{ customerId: partyId('c'), customer: 'crm/account/c', offerId: 'o' },
        ...{ earlierEngagementId: 'e1', earlierRegistrationId: 'r', laterEngagementId: 'e2', laterRegistrationId: 'r' },
        ...{ earlierPartnerId: partyId('p'), earlierPartner: 'crm/account/p' },
        ...{ laterPartnerId: partyId('q'), laterPartner: 'crm/account/q' },
        ...{ earlierFrom: instant('2026-02-01'), earlierUntil: instant('2026-05-02') },
        ...{ laterFrom: instant('2026-03-01'), laterUntil: instant('2026-05-02') },
        ...{ conflictFrom: instant('2026-03-01'), conflictUntil: instant('2026-05-02') },
      },
    ],
  ]);
});

test('so are two of one engagement', () => {
  expect([...conflictsAt(registered('e1', 'q', '2026-03-01', { id: 'r2' })).keys()]).toEqual([
    `${partyId('c')}#e1#r#e1#r2`,
  ]);
});

test.each([
  ['of another customer', registered('e2', 'q', '2026-03-01', { customer: 'd' })],
  ['of another offer', registered('e2', 'q', '2026-03-01', { offerId: 'x' })],
  ['for the same partner', registered('e2', 'p', '2026-03-01')],
  ['after the last day of the first', registered('e2', 'q', '2026-05-02')],
])('a registration %s is none', (_, other) => {
  expect([...conflictsAt(other)]).toEqual([]);
});
