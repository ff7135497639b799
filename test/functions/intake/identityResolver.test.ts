// Does the resolver read no more than it must?
import { expect, test } from 'vitest';
import { createIdentityResolver } from '../../../functions/intake/identityResolver.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { fact } from '../../support/histories/events.ts';

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
