// Which link of an external id stands?
import { expect, test } from 'vitest';
import { linkOf } from '../../domain/context/identity.ts';
import { identityStreamOf } from '../../events/identifiers.ts';
import { recorded, tenantId } from '../support/histories/events.ts';

const external = { system: 'hub', kind: 'order', id: 'P' };
const stream = identityStreamOf(tenantId, external);
const link = (id: string, at: string) =>
  recorded('IdentityLinked', { external, to: { stream: `${tenantId}/engagement/${id}` }, reason: 'r' }, { at, stream });
const forPartner = { saidBy: { role: 'partner' as const, partyId: 'p' } };

test('the first link stands, and one that was said for a partner only where nobody else links the id', () => {
  const [a, b] = [link('a', '2026-01-01'), link('b', '2026-02-01')];
  expect(linkOf([a, b])).toBe(a);
  const claimed = { ...a, ...forPartner };
  expect(linkOf([claimed])).toBe(claimed);
  expect(linkOf([claimed, b])).toBe(b);
  expect(linkOf([])).toBeUndefined();
});
