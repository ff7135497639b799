// Which party of the tenant does a reference mean, and from which instant on?
import { describe, expect, test } from 'vitest';
import { partyIdOf } from '../../../domain/context/context.ts';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import type { Fact } from '../../../events/catalog.ts';
import type { LinkTarget } from '../../../events/control.ts';
import { derivedPartyOf, type ExternalId, identityStreamOf, parseStreamId } from '../../../events/identifiers.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import { loadContext } from '../../../functions/project/loadContext.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createCachedStreams } from '../../../functions/store/cachedStreams.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { fact, instant, recorded, tenantId } from '../../support/histories/events.ts';

const now = instant('2026-06-30');
const erp = (id: string): ExternalId => ({ system: 'erp', kind: 'partner', id });
const code = erp('code');
const account = erp('account');
const other = erp('other');
type Link = readonly [ExternalId, LinkTarget];

const partyOf = async (reference: ExternalId, ...links: readonly Link[]): Promise<string> => {
  const store = createMemoryEventStore();
  const recordFacts = createRecordFacts({ store, now: () => now, random: Math.random });
  for (const [external, to] of links) {
    const stream = identityStreamOf(tenantId, external);
    await recordFacts(stream, [fact('IdentityLinked', { external, to, reason: 'test' }, { at: '2026-03-01', stream })]);
  }
  const cache = createCachedStreams({ store, grown: async (tips) => new Set(tips.keys()) });
  const { context } = await loadContext(cache, { tenantId, events: [], now, references: [reference] });
  return partyIdOf(context, reference);
};

const ownOf = (reference: ExternalId): string => parseStreamId(derivedPartyOf(tenantId, reference)).id;
const to = (external: ExternalId): LinkTarget => ({ external });

test('its own party without a link, and the linked party with one', async () => {
  expect(await partyOf(code)).toBe(ownOf(code));
  expect(await partyOf(code, [code, { stream: `${tenantId}/party/p1` }])).toBe('p1');
  expect(await partyOf(code, [code, to(account)])).toBe(ownOf(account));
  expect(await partyOf(code, [code, to(account)], [account, { stream: `${tenantId}/party/p1` }])).toBe('p1');
});

test('its own party where a link leads out of the tenant, to no party, or in a circle', async () => {
  for (const stream of ['rival/party/p1', `${tenantId}/engagement/e1`, 'nowhere']) {
    expect(await partyOf(code, [code, { stream }]), stream).toBe(ownOf(code));
  }
  expect(await partyOf(code, [code, to(account)], [account, to(other)], [other, to(code)])).toBe(ownOf(code));
});

describe('an event of a party that occurs in 20 s', () => {
  const ahead = addMilliseconds(now, 20_000);
  const events = [recorded('EngagementOpened', { customer: code }, { at: '2026-03-01' })];
  const customerAt = async (at: string, said: Fact, occurredUntil?: string) => {
    const store = createMemoryEventStore();
    const recordFacts = createRecordFacts({ store, now: () => now, random: Math.random });
    await recordFacts(said.streamId, [said]);
    const cache = createCachedStreams({ store, grown: async (tips) => new Set(tips.keys()) });
    const { context } = await loadContext(cache, { tenantId, events, now: at, occurredUntil });
    const { head, nextDueAt } = rowsOf({ events, context, now: at });
    const { customerId, country } = head.columns;
    return { customerId, country, nextDueAt };
  };
  const linked = fact(
    'IdentityLinked',
    { external: code, to: to(account), reason: 'test' },
    { at: ahead, stream: identityStreamOf(tenantId, code) },
  );
  const registered = fact(
    'PartyRegistered',
    { party: code, roles: ['customer'], country: 'NO' },
    { at: ahead, stream: derivedPartyOf(tenantId, code) },
  );

  test('is due at that instant, and then in the rows', async () => {
    const before = { customerId: ownOf(code), country: null, nextDueAt: ahead };
    expect(await customerAt(now, linked)).toEqual(before);
    expect(await customerAt(ahead, linked)).toEqual({ customerId: ownOf(account), country: null });
    expect(await customerAt(now, registered)).toEqual(before);
    expect(await customerAt(ahead, registered)).toEqual({ customerId: ownOf(code), country: 'NO' });
  });

  test('is not due where an as-of ends before it', async () => {
    expect((await customerAt(now, linked, now)).nextDueAt).toBeUndefined();
  });
});
