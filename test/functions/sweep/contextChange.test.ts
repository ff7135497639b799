// Which recorded links change the context of a tenant's engagements?
import { expect, test } from 'vitest';
import type { ExternalId } from '../../../events/identifiers.ts';
import { contextChanges } from '../../../functions/sweep/contextChange.ts';
import { recorded } from '../../support/histories/events.ts';

const stripe = (kind: string, id: string): ExternalId => ({ system: 'stripe', kind, id });
const reference: ExternalId = { system: 'reference', kind: 'engagement', id: 'ENG-1' };
const deal: ExternalId = { system: 'crm', kind: 'deal', id: '1' };

const link = (external: ExternalId, to: ExternalId) =>
  recorded(
    'IdentityLinked',
    { external, to: { external: to }, reason: 'test' },
    { at: '2026-01-01', stream: 'acme/identity/1' },
  );

test.each([
  ['a subscription to a reference', stripe('subscription', 's'), reference],
  ['an invoice to its subscription', stripe('invoice', 'i'), stripe('subscription', 's')],
  [
    'a contract to its order',
    { system: 'salesforce:o', kind: 'Contract', id: 'c' },
    { system: 'salesforce:o', kind: 'Order', id: 'o' },
  ],
  ['a reference to a deal', reference, deal],
])('%s concerns no party: no head is read for it', (_what, external, to) => {
  expect(contextChanges([link(external, to)])).toEqual([]);
});

test('an account to another account may be a party: heads that rest on it are brought up to date', () => {
  const change = link({ system: 'crm', kind: 'account', id: 'a' }, { system: 'erp', kind: 'customer', id: 'b' });
  expect(contextChanges([change])).toEqual([{ tenantId: 'acme', changed: { 'acme/identity/1': 1 } }]);
});
