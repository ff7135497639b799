// Is an address in data found, and is its path told without the address itself?
import { expect, it } from 'vitest';
import { addressIn } from '../../events/personalData.ts';

it.each([
  [{ a: [{ b: 'ask ann@example.com' }] }, ['a', '0', 'b']],
  [{ a: { 'ann@example.com': 1 } }, ['a', '(an e-mail address)']],
  [{ a: 'https://example.com/ann@example.com', b: 'at @ noon' }, undefined],
])('%j', (data, path) => {
  expect(addressIn(data)).toEqual(path);
});
