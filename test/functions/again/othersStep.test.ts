// Does what an erased receipt said stay, although nobody can read any more whether it would say it today?
import { expect, it } from 'vitest';
import type { Connection } from '../../../events/sources/source.ts';
import { createOthersStep } from '../../../functions/again/othersStep.ts';
import type { StoredGone } from '../../../functions/again/runItems.ts';
import { createIdentityResolver } from '../../../functions/intake/identityResolver.ts';
import type { Receipt } from '../../../functions/receipts/receipt.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';

const now = () => '2026-12-01T00:00:00.000Z';
const connection: Connection = {
  ...{ connection: 'c-1', source: 'cloudevents', tenantId: 'acme', account: 'hub' },
  ...{ allowedTypes: [], mapping: { version: 2 } },
};
const erased: Receipt = {
  ...{ partition: 'acme#c-1', id: `${now()}#r-1`, status: 'erased', source: 'cloudevents', connectionId: 'c-1' },
  ...{ tenantId: 'acme', waitsUnder: [], message: { body: '', headers: {}, receivedAt: now() } },
};
const gone = (factId: string, stream: string): StoredGone => ({
  ...{ key: `${factId} ${stream}`, partition: 'acme#c-1', id: 'x', receipt: 'x', type: 'WorkLogged', factId, stream },
  ...{ said: 'e', stands: { eventId: 'e' }, translation: 2 },
});

it('keeps the facts that it lists, on their streams alone', async () => {
  const kept: string[] = [];
  const others = createOthersStep({
    identities: createIdentityResolver({ store: createMemoryEventStore(), now }),
    items: { keep: async (key) => void kept.push(key) },
  });
  const facts = [{ type: 'WorkLogged', factId: 'f1', eventId: 'e', stream: 's1' }];
  const all = [gone('f1', 's1'), gone('f1', 's2'), gone('f2', 's1')];
  await others(connection, [{ receipt: erased, facts, factsLeftOut: 0 }], all);
  expect(kept).toEqual(['f1 s1']);
});
