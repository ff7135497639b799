// Is a person found in a message in every form in which systems name one, and nobody else in place of them?
import { describe, expect, it } from 'vitest';
import { pseudonymOf } from '../../../../events/freeText.ts';
import { createNames } from '../../../../infra/commands/erase/quotes.ts';

const names = createNames({
  ...{ tenantId: 'acme', reference: 'crm:user/42' },
  others: ['Anna Schmidt', 'anna.schmidt@example.com'],
});

describe('a message names the person', () => {
  it.each([
    ['by the reference', '{"toOwner":"crm:user/42"}'],
    ['by the reference, with an escaped slash', '{"toOwner":"crm:user\\/42"}'],
    ['by the name', '{"note":"ask Anna Schmidt."}'],
    ['by the name in capitals', 'ANNA SCHMIDT'],
    ['by the name in fields of their own', '{"FirstName":"Anna","Title":"Dr","LastName":"Schmidt"}'],
    ['by the name, turned round', 'Schmidt, Anna'],
    ['by the address', 'to=anna.schmidt@example.com'],
    ['by the address, percent-encoded', 'u=anna.schmidt%40example.com'],
    ['by the address with an escape', '{"mail":"anna.schmidt\\u0040example.com"}'],
  ])('%s', (_, text) => {
    expect(names(text)).toBe(true);
  });

  it.each([
    ['another person of the same first name', '{"FirstName":"Anna","LastName":"Schmidtke"}'],
    ['a longer reference', 'crm:user/421'],
    ['another system', 'xcrm:user/42'],
    ['both words far from each other', `Anna ${'.'.repeat(500)} Schmidt`],
    ['nobody', '{}'],
  ])('but not %s', (_, text) => {
    expect(names(text)).toBe(false);
  });
});

it('an address as the reference stands for the one that events hold, too', () => {
  const ofAddress = createNames({ tenantId: 'acme', reference: 'ann@example.com', others: [] });
  expect(ofAddress(`{"by":"${pseudonymOf('acme', 'ann@example.com')}"}`)).toBe(true);
  expect(ofAddress('Ann@Example.com')).toBe(true);
});

it('a message of a mebibyte is looked through in time that grows with its length', () => {
  for (const part of ['anna ', 'Anna Schmid', 'crm:user/4', 'a'])
    createNames({ tenantId: 'acme', reference: 'crm:user/42', others: ['Anna Schmidt'] })(
      part.repeat(2 ** 20 / part.length),
    );
});
