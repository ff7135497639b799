// Which connections say the facts of one account?
import { expect, test } from 'vitest';
import { isSameAccount } from '../../../functions/again/sameAccount.ts';

const connection = (source: string, account: string, tenantId = 'acme') => ({
  ...{ connection: `c-${account}`, source, account, tenantId },
  ...{ allowedTypes: [], mapping: { version: 1 } },
});

const ofPartner = (partner: string) => ({ ...connection('stripe', 'a'), partner });

test.each([
  ['of one account', connection('salesforce', 'a'), connection('salesforce', 'a'), true],
  ['of two accounts', connection('salesforce', 'a'), connection('salesforce', 'b'), false],
  ['of two accounts over which ids are unique', connection('stripe', 'a'), connection('stripe', 'b'), true],
  ['of two tenants', connection('stripe', 'a'), connection('stripe', 'a', 'other'), false],
  ['of one account, of which one speaks for a partner', connection('stripe', 'a'), ofPartner('p'), false],
  ['of one account, which speak for two partners', ofPartner('p'), ofPartner('q'), false],
  ['of one account, which speak for one partner', ofPartner('p'), ofPartner('p'), true],
  ['of two sources', connection('stripe', 'a'), connection('cloudevents', 'a'), false],
])('two connections %s', (_, one, other, isSame) => {
  expect(isSameAccount(one, other)).toBe(isSame);
});
