// Does a stage record each fact that it owns once, name the messages that failed, and store their reasons?
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Owner } from '../../../domain/lifecycle.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { createKeepFailure, type Failure } from '../../../functions/aws/failureLog.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createStageHandler } from '../../../functions/stages/stageHandler.ts';
import type { EventStore } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, recorded, engagementStream as stream } from '../../support/histories/events.ts';
import { revisions, streamNamed } from '../project/revisions.ts';

const now = () => '2026-05-04T10:00:00.000Z';
const quiet = { debug: () => undefined, error: () => undefined };

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

const handlerOf = (owner: Owner, over: EventStore = store) =>
  createStageHandler({
    owner,
    recordFacts: createRecordFacts({ store: over, now, random: () => 0 }),
    keepFailure: async (failure) => {
      failures.push(failure);
    },
    logger: quiet,
  });

const message = (id: string, body: unknown) => ({
  messageId: id,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: { ApproximateReceiveCount: '3' },
});
const said = (id: string, detail: unknown) =>
  message(id, { source: 'throughline.intake', 'detail-type': 'any', detail });
const told = (id: string, detail: unknown) => message(id, { source: 'throughline', 'detail-type': 'any', detail });
const failing = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('facts from the intake', () => {
  test('are recorded with one commit per stream', async () => {
    const others = revisions(streamNamed('other'), 2);
    const batch = [...revisions(stream, 3), ...others].map((each, index) => said(`m${index}`, each));
    expect(await handlerOf('sell')({ Records: batch })).toEqual(failing());
    expect(appends.sort()).toEqual([`2 to ${streamNamed('other')}`, `3 to ${stream}`].sort());
  });

  test('are recorded once, although one batch or a later one repeats them', async () => {
    const handle = handlerOf('sell');
    const [once] = revisions(stream, 1);
    const batch = { Records: [said('a', once), said('b', once)] };
    expect(await handle(batch)).toEqual(failing());
    expect(await handle(batch)).toEqual(failing());
    expect((await store.load(stream)).events).toHaveLength(1);
  });

  test('of another owner fail, with the reason stored under the id of the event', async () => {
    const foreign = fact('DeliveryStarted', {}, { at: '2026-05-01' });
    const offered = { handoffId: 'h', fromStage: 'sell' as const, toStage: 'deliver' as const };
    const handoff = fact('HandoffOffered', offered, { at: '2026-05-01' });
    const [ours] = revisions(stream, 1);
    const batch = { Records: [said('a', foreign), said('b', ours), said('c', handoff)] };
    expect(await handlerOf('sell')(batch)).toEqual(failing('a', 'c'));
    expect(failures).toMatchObject([
      {
        eventId: foreign.eventId,
        reason: expect.stringMatching(/^notOwned: DeliveryStarted belongs to deliver/),
        receiveCount: 3,
      },
      { eventId: handoff.eventId, reason: expect.stringMatching(/^notOwned: HandoffOffered belongs to deliver/) },
    ]);
    expect(await handlerOf('deliver')({ Records: [said('c', handoff)] })).toEqual(failing());
  });

  test('that the schema refuses fail with the path; the others of the batch succeed', async () => {
    const [ours] = revisions(stream, 1);
    const broken = { ...ours, eventId: 'broken', occurredAt: 'yesterday' };
    expect(await handlerOf('sell')({ Records: [said('a', broken), said('b', ours)] })).toEqual(failing('a'));
    expect(failures).toMatchObject([
      { eventId: 'broken', reason: expect.stringContaining('occurredAt: expected an instant') },
    ]);
  });

  test('that are too large for a commit fail by name', async () => {
    const campaign = streamNamed('c1', 'campaign');
    const launched = (partners: number) =>
      fact(
        'CampaignLaunched',
        {
          campaignId: 'c1',
          kind: 'enablement',
          partners: Array(partners).fill({ system: 'crm', kind: 'account', id: 'x'.repeat(500) }),
        },
        { at: '2026-05-01', stream: campaign },
      );
    const batch = { Records: [said('a', launched(500)), said('b', launched(1))] };
    expect(await handlerOf('mobilize')(batch)).toEqual(failing('a'));
    expect(failures).toMatchObject([{ reason: expect.stringMatching(/^eventTooLarge: .* 204800 are allowed$/) }]);
  });

  test('of a stream that can not be read fail together; those of other streams succeed', async () => {
    const down: EventStore = {
      ...store,
      load: (streamId, from) =>
        streamId === stream ? Promise.reject(new Error('the store is down')) : store.load(streamId, from),
    };
    const batch = [...revisions(stream, 2), ...revisions(streamNamed('other'), 1)].map((each, index) =>
      said(`m${index}`, each),
    );
    expect(await handlerOf('sell', down)({ Records: batch })).toEqual(failing('m0', 'm1'));
    expect(failures.map(({ reason }) => reason)).toEqual(Array(2).fill('Error: the store is down'));
  });
});

describe('messages that are not understood', () => {
  test.each([
    ['text that is not JSON', 'not json', 'notAnEvent'],
    ['JSON that is not an event', '{"hello":1}', 'notAnEvent'],
    ['an event of another system', JSON.stringify({ source: 'aws.s3', detail: {} }), 'sourceUnknown'],
    ['a fact without a type', JSON.stringify({ source: 'throughline.intake', detail: {} }), 'factNotUnderstood'],
  ])('%s: fails under the id of its message', async (_, body, reason) => {
    expect(await handlerOf('sell')({ Records: [message('m1', body)] })).toEqual(failing('m1'));
    expect(failures).toMatchObject([{ eventId: 'm1', messageId: 'm1', reason: expect.stringMatching(`^${reason}: `) }]);
  });

  test('an empty batch is answered; an event that is not a batch is an error', async () => {
    expect(await handlerOf('sell')({ Records: [] })).toEqual(failing());
    await expect(handlerOf('sell')({})).rejects.toThrow('not a batch of SQS messages');
    await expect(handlerOf('sell')({ Records: [{ body: '{}' }] })).rejects.toThrow('not a batch of SQS messages');
  });

  test('a reason that can not be stored does not change the answer', async () => {
    const handle = createStageHandler({
      owner: 'sell',
      recordFacts: createRecordFacts({ store, now, random: () => 0 }),
      keepFailure: () => Promise.reject(new Error('the table is down')),
      logger: quiet,
    });
    expect(await handle({ Records: [message('m1', '')] })).toEqual(failing('m1'));
  });
});

describe('recorded events that open the stage', () => {
  const options = { at: '2026-05-03', sourceId: 'closed' } as const;
  const won = recorded('DealClosed', { result: 'won' }, options);
  const restated = recorded(
    'DealClosed',
    { result: 'won', reason: 'price' },
    { ...options, at: '2026-05-04', version: 2 },
  );
  const entered = async (): Promise<readonly RecordedEvent[]> =>
    (await store.load(stream)).events.filter(({ type }) => type === 'StageEntered');

  test('get one StageEntered each, at their own instant', async () => {
    const handle = handlerOf('procure');
    for (let delivery = 0; delivery < 3; delivery += 1) {
      expect(await handle({ Records: [told('a', won)] })).toEqual(failing());
    }
    expect(await entered()).toMatchObject([
      { occurredAt: won.occurredAt, causationId: won.eventId, data: { stage: 'procure', openedBy: won.factId } },
    ]);
  });

  test.each([
    ['first', [won, restated]],
    ['last', [restated, won]],
  ] as const)('get no second StageEntered when they are restated: the original comes %s', async (_, order) => {
    const handle = handlerOf('procure');
    for (const opener of order) await handle({ Records: [told('a', opener)] });
    expect(await entered()).toHaveLength(1);
  });

  test('get two StageEntered where two events open one stage', async () => {
    const started = recorded('DeliveryStarted', {}, { at: '2026-05-04' });
    const fulfilled = recorded('OrderFulfilled', { orderId: 'O-1' }, { at: '2026-05-03' });
    await handlerOf('deliver')({ Records: [told('a', started), told('b', fulfilled)] });
    expect((await entered()).map(({ data }) => data)).toEqual([
      { stage: 'deliver', openedBy: started.factId },
      { stage: 'deliver', openedBy: fulfilled.factId },
    ]);
  });

  test('that open another stage, or none, fail by name', async () => {
    const lost = recorded('DealClosed', { result: 'lost' }, { at: '2026-05-03' });
    expect(await handlerOf('procure')({ Records: [told('a', lost)] })).toEqual(failing('a'));
    expect(await handlerOf('control')({ Records: [told('b', won)] })).toEqual(failing('b'));
    expect(failures.map(({ reason }) => reason)).toEqual([
      'notAnOpener: this DealClosed does not open procure',
      'notAnOpener: this DealClosed does not open control',
    ]);
  });

  test('a StageEntered from the intake fails: no stage owns it', async () => {
    const claim = { ...won, type: 'StageEntered', data: { stage: 'procure', openedBy: 'x' } };
    expect(await handlerOf('procure')({ Records: [said('a', claim)] })).toEqual(failing('a'));
    expect(failures).toMatchObject([{ reason: expect.stringMatching(/^notOwned: StageEntered belongs to nobody/) }]);
  });
});

describe('the failures table', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  test('holds each failure under the id of its event, for 90 days', async () => {
    const table = await engine.failuresTable();
    const keep = createKeepFailure({ client: engine.client, table, functionName: 'sell', now });
    await keep({ eventId: 'e1', reason: 'x'.repeat(5000), messageId: 'm1', receiveCount: 2 });
    const { Items } = await engine.client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'eventId = :id',
        ExpressionAttributeValues: { ':id': { S: 'e1' } },
      }),
    );
    expect(Items).toEqual([
      {
        eventId: { S: 'e1' },
        at: { S: now() },
        function: { S: 'sell' },
        reason: { S: 'x'.repeat(2000) },
        messageId: { S: 'm1' },
        receiveCount: { N: '2' },
        expiresAt: { N: String(Date.UTC(2026, 4, 4, 10) / 1000 + 90 * 86_400) },
      },
    ]);
  });
});
