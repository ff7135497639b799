// Does a stage record the facts of a pack, each for itself?
import { beforeEach, describe, expect, test } from 'vitest';
import type { Failure } from '../../../functions/aws/failureLog.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createStageHandler } from '../../../functions/stages/stageHandler.ts';
import type { EventStore } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { fact, engagementStream as stream } from '../../support/histories/events.ts';
import { revisions, streamNamed } from '../project/revisions.ts';

const now = () => '2026-05-04T10:00:00.000Z';

let store: EventStore;
let appends: string[];
let failures: Failure[];

beforeEach(() => {
  const memory = createMemoryEventStore();
  appends = [];
  failures = [];
  store = {
    ...memory,
    append: (streamId, tip, facts, at) => {
      appends.push(`${facts.length} to ${streamId}`);
      return memory.append(streamId, tip, facts, at);
    },
  };
});

const handlerOf = (over: EventStore = store) =>
  createStageHandler({
    owner: 'sell',
    recordFacts: createRecordFacts({ store: over, now, random: () => 0 }),
    keepFailure: async (failure) => {
      failures.push(failure);
    },
    logger: { debug: () => undefined, error: () => undefined },
  });

const said = (messageId: string, detail: unknown) => ({
  messageId,
  body: JSON.stringify({ source: 'throughline.intake', 'detail-type': 'any', detail }),
});
const pack = (id: string, ...facts: readonly unknown[]) => said(id, { owner: 'sell', facts });
const failing = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('packs of facts', () => {
  test('are recorded with one commit per stream, whatever messages bring them', async () => {
    const [one, two, three] = revisions(stream, 3);
    const [other] = revisions(streamNamed('other'), 1);
    const batch = [pack('a', one, other), pack('b', two), said('c', three)];
    expect(await handlerOf()({ Records: batch })).toEqual(failing());
    expect(appends.sort()).toEqual([`1 to ${streamNamed('other')}`, `3 to ${stream}`].sort());
  });

  test('fail with each fact that fails, by its id, and the others are recorded once', async () => {
    const [ours, also] = revisions(stream, 2);
    const foreign = fact('DeliveryStarted', {}, { at: '2026-05-01' });
    const broken = { ...ours, eventId: 'broken', occurredAt: 'yesterday' };
    const batch = { Records: [pack('a', broken, ours, foreign), pack('b', also)] };
    const handle = handlerOf();
    expect(await handle(batch)).toEqual(failing('a'));
    expect(failures.map(({ eventId }) => eventId).sort()).toEqual(['broken', foreign.eventId].sort());
    expect(await handle({ Records: [pack('a', broken, ours, foreign)] })).toEqual(failing('a'));
    expect((await store.load(stream)).events.map(({ eventId }) => eventId)).toEqual([ours?.eventId, also?.eventId]);
  });

  test('of which all fail come again whole', async () => {
    const away: EventStore = { ...store, append: () => Promise.reject(new Error('away')) };
    const facts = revisions(stream, 2);
    expect(await handlerOf(away)({ Records: [pack('a', ...facts)] })).toEqual(failing('a'));
    expect(failures).toHaveLength(2);
    expect(await handlerOf()({ Records: [pack('a', ...facts)] })).toEqual(failing());
    expect((await store.load(stream)).events).toHaveLength(2);
  });

  test('without a fact are not understood', async () => {
    expect(await handlerOf()({ Records: [pack('a')] })).toEqual(failing('a'));
    expect(failures).toMatchObject([{ eventId: 'a', reason: expect.stringMatching(/^factNotUnderstood/) }]);
  });
});
