// Does the resolver read no more than it must?
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LinkTarget } from '../../../events/control.ts';
import { derivedEngagementOf, type ExternalId, identityStreamOf } from '../../../events/identifiers.ts';
import { createIdentityResolver, type Look } from '../../../functions/intake/identityResolver.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { storeCalls } from '../../support/storeCalls.ts';

test('whether a stream has begun is read until it has', async () => {
  const now = '2026-06-30T12:00:00.000Z';
  const store = createMemoryEventStore();
  let loads = 0;
  const load: typeof store.load = (...asked) => {
    loads += 1;
    return store.load(...asked);
  };
  const identities = createIdentityResolver({ store: { ...store, load }, now: () => now });
  const opened = fact('EngagementOpened', {}, { at: '2026-06-01' });
  expect(await identities.hasBegun(opened.streamId)).toBe(false);
  await store.append(opened.streamId, emptyTip, [opened], now);
  for (const _ of [1, 2, 3]) expect(await identities.hasBegun(opened.streamId)).toBe(true);
  expect(loads).toBe(2);
});

describe('the links of many ids', () => {
  const tenantId = 'acme';
  const now = '2026-06-30T12:00:00.000Z';
  const deal = (id: string): ExternalId => ({ system: 'crm', kind: 'opportunity', id });
  const seat = (id: string): ExternalId => ({ system: 'crm', kind: 'seat', id });

  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  const begin = async () => {
    const calls = storeCalls(engine);
    const store = createDynamoEventStore({ client: calls.client, table: await engine.eventsTable() });
    const link = async (external: ExternalId, to: LinkTarget) => {
      const streamId = identityStreamOf(tenantId, external);
      const said = fact('IdentityLinked', { external, to, reason: 'test' }, { at: '2026-06-01', stream: streamId });
      await store.append(streamId, emptyTip, [said], now);
      calls.taken();
    };
    return { calls, link, identities: createIdentityResolver({ store, now: () => now }) };
  };

  test('cost one call where none is linked, and each is looked for again by the next look', async () => {
    const { calls, link, identities } = await begin();
    const deals = Array.from({ length: 60 }, (_, index) => deal(`d-${index}`));
    const look: Look = new Map();
    await identities.lookAhead(tenantId, deals, look);
    for (const primary of deals) {
      const stream = derivedEngagementOf(tenantId, primary);
      expect(await identities.resolve(tenantId, { primary }, look)).toEqual({ stream });
    }
    expect(calls.taken()).toEqual(['BatchGetItem events']);
    await link(deal('d-1'), { stream: 'acme/engagement/e-1' });
    const later: Look = new Map();
    await identities.lookAhead(tenantId, deals, later);
    const led = await identities.resolve(tenantId, { primary: deal('d-1') }, later);
    expect(led).toEqual({ stream: 'acme/engagement/e-1' });
    expect(calls.taken()).toEqual(['BatchGetItem events', 'Query events']);
  });

  test('and of the ids to which they lead cost one call more', async () => {
    const { calls, link, identities } = await begin();
    for (const id of ['1', '2']) await link(seat(id), { external: deal(id) });
    const look: Look = new Map();
    await identities.lookAhead(tenantId, ['1', '2', '3'].map(seat), look);
    expect(calls.taken().toSorted()).toEqual([
      ...['BatchGetItem events', 'BatchGetItem events'],
      ...['Query events', 'Query events'],
    ]);
    for (const id of ['1', '2']) {
      const stream = derivedEngagementOf(tenantId, deal(id));
      expect(await identities.resolve(tenantId, { secondary: seat(id) }, look)).toEqual({ stream });
    }
    expect(await identities.resolve(tenantId, { secondary: seat('3') }, look)).toEqual({ missing: [seat('3')] });
    expect(calls.taken()).toEqual([]);
  });
});
