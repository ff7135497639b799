// What does control do when it hears of a merge?
import { expect, test } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createStageHandler } from '../../../functions/stages/stageHandler.ts';
import { understandMessage } from '../../../functions/stages/stageMessage.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { controlPattern } from '../../../infra/constructs/eventPatterns.ts';
import { recorded, tenantId } from '../../support/histories/events.ts';

const into = streamIdOf(tenantId, 'engagement', 'survivor');
const merged = recorded('EngagementMerged', { into, how: 'duplicate' }, { at: '2026-05-03' });
const body = JSON.stringify({ source: 'throughline', 'detail-type': merged.type, detail: merged });

test('it records what the survivor absorbed, once', async () => {
  const store = createMemoryEventStore();
  const failures: unknown[] = [];
  const handle = createStageHandler({
    owner: 'control',
    recordFacts: createRecordFacts({ store, now: () => '2026-05-04T00:00:00.000Z', random: () => 0 }),
    keepFailure: async (failure) => void failures.push(failure),
    logger: { debug: () => undefined, error: () => undefined },
  });
  for (const messageId of ['a', 'b']) {
    expect(await handle({ Records: [{ messageId, body, eventSource: 'aws:sqs' }] })).toEqual({ batchItemFailures: [] });
  }
  expect((await store.load(into)).events).toMatchObject([
    { type: 'EngagementAbsorbed', data: { from: merged.streamId, how: 'duplicate' }, causationId: merged.eventId },
  ]);
  expect(failures).toEqual([]);
});

test('a merge out of the tenant is refused by name, and touches no stream', () => {
  for (const foreign of ['rival/engagement/e1', `${tenantId}/party/p1`, 'somewhere']) {
    const detail = { ...merged, data: { ...merged.data, into: foreign } };
    expect(understandMessage('control', JSON.stringify({ source: 'throughline', detail }))).toMatchObject([
      { ok: false, reason: expect.stringMatching(/^notOurs/) },
    ]);
  }
});

test('its rule takes the event, and no other owner understands it', () => {
  expect(JSON.stringify(controlPattern)).toContain('EngagementMerged');
  expect(understandMessage('sell', body)).toMatchObject([{ ok: false, reason: expect.stringMatching(/^notAnOpener/) }]);
});
