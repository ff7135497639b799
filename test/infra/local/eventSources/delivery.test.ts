// Do queues and streams reach real functions with AWS's semantics: redelivery, dead letters, partial answers, timeouts, crashes?
import { afterEach, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { properties } from '../../../../infra/local/core/json.ts';
import { createStreamReader } from '../../../../infra/local/eventSources/streamReader.ts';
import { type Runtime, startRuntime } from '../../../../infra/local/runtime.ts';
import {
  arnOf,
  assemble,
  fromQueue,
  fromStream,
  lambda,
  queue,
  type Resources,
  ref,
  table,
  temporaryFolder,
} from '../../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Notes every call in a table, then does what the messages say. */
const worker = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const db = new DynamoDBClient({});
  let calls = 0;
  const note = (id, text) => db.send(new PutItemCommand({ TableName: process.env.NOTES, Item: { id: { S: id }, text: { S: text } } }));
  export const handler = async (event, context) => {
    calls += 1;
    const bodies = event.Records.map((record) => record.body ?? record.dynamodb.NewImage.id.S);
    await note(context.awsRequestId, JSON.stringify({ bodies, calls, at: new Date().toISOString(), counts: event.Records.map((record) => record.attributes?.ApproximateReceiveCount) }));
    if (bodies.includes('throw')) throw new Error('as it was told');
    if (bodies.includes('crash')) process.exit(3);
    if (bodies.includes('hang')) await new Promise(() => setInterval(() => {}, 1000));
    const told = (body) => body.startsWith('fail') || (body === 'once' && calls === 1);
    const answers = { unknown: ['nobody'], empty: [''] };
    const listed = bodies.flatMap((body) => answers[body] ?? []);
    const failed = event.Records.filter((_, index) => told(bodies[index])).map((record) => record.messageId ?? record.dynamodb.SequenceNumber);
    return { batchItemFailures: [...listed, ...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };`;

const start = Date.UTC(2026, 0, 1);
const redrive = { RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 3 } };
const withQueue: Resources = {
  Notes: table('notes'),
  Dead: queue('dead'),
  Work: queue('work', { VisibilityTimeout: 60, ...redrive }),
  Do: lambda('do', { NOTES: ref('Notes') }, { Timeout: 5 }),
  Mapping: fromQueue('Do', 'Work'),
};

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function run(resources: Resources) {
  const temporary = temporaryFolder();
  endings.push(temporary.remove);
  const clock = manualClock(start);
  const template = await assemble(temporary.folder, resources, { do: worker });
  const timing = { backoff: 1, longestBackoff: 1 };
  const runtime = await startRuntime({ dataDir: `${temporary.folder}/data`, template, clock, timing });
  endings.push(() => runtime.stop());
  return { runtime, clock };
}

async function notes(runtime: Runtime): Promise<readonly { bodies: string[]; at: string; counts: string[] }[]> {
  const { Items } = await runtime.engine.call('Scan', { TableName: 'notes', ConsistentRead: true });
  const items = Array.isArray(Items) ? Items : [];
  return items
    .map((item) => JSON.parse(properties(item, 'note').object('text').text('S')))
    .sort((a, b) => (a.at === b.at ? a.calls - b.calls : a.at < b.at ? -1 : 1));
}

const send = (runtime: Runtime, ...bodies: string[]) =>
  runtime.queueStore.sendAll(bodies.map((body) => ({ queue: 'work', body })));
const bodiesOf = async (runtime: Runtime) => (await notes(runtime)).map(({ bodies }) => bodies.join(' '));

describe('a queue', () => {
  it('delivers a failed message again only after its visibility timeout; the function sees the runtime’s time', async () => {
    const { runtime, clock } = await run(withQueue);
    send(runtime, 'a', 'once', 'b');
    await runtime.drained();
    expect(runtime.queueStore.counts('work')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    clock.advance(59_999);
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['a once b']);
    clock.advance(1);
    await runtime.drained();
    const all = await notes(runtime);
    expect(all.map(({ bodies, counts }) => [bodies, counts])).toEqual([
      [
        ['a', 'once', 'b'],
        ['1', '1', '1'],
      ],
      [['once'], ['2']],
    ]);
    expect(all.map(({ at }) => at)).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z']);
    expect(runtime.queueStore.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('moves a message to its dead-letter queue after maxReceiveCount failed deliveries', async () => {
    const { runtime, clock } = await run(withQueue);
    send(runtime, 'fail');
    for (let minute = 0; minute < 5; minute += 1) {
      await runtime.drained();
      clock.advance(60_000);
    }
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['fail', 'fail', 'fail']);
    expect(runtime.queueStore.counts('dead').visible).toBe(1);
  });

  it.each(['unknown', 'empty'])(
    'counts an answer with an %s identifier as the failure of the whole batch',
    async (body) => {
      const { runtime } = await run(withQueue);
      send(runtime, 'a', body);
      await runtime.drained();
      expect(runtime.queueStore.counts('work').inFlight).toBe(2);
    },
  );

  it.each(['throw', 'crash', 'hang'])(
    'keeps a batch whose function was told to %s, and goes on with others',
    async (body) => {
      const { runtime } = await run(withQueue);
      send(runtime, body);
      await runtime.drained();
      send(runtime, 'after');
      await runtime.drained();
      expect(new Set(await bodiesOf(runtime))).toEqual(new Set([body, 'after']));
      expect(runtime.queueStore.counts('work').inFlight).toBe(1);
    },
  );

  it('delivers at most ten messages at once', async () => {
    const { runtime } = await run(withQueue);
    send(runtime, ...Array.from({ length: 25 }, (_, index) => `m${index}`));
    await runtime.drained();
    expect((await notes(runtime)).map(({ bodies }) => bodies.length)).toEqual([10, 10, 5]);
  });
});

describe('a stream', () => {
  const withStream = (properties: Readonly<Record<string, unknown>>): Resources => ({
    Notes: table('notes'),
    Things: table('things'),
    Lost: queue('lost'),
    Do: lambda('do', { NOTES: ref('Notes') }),
    Mapping: fromStream('Do', 'Things', {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: arnOf('Lost') } },
      ...properties,
    }),
  });
  const put = (runtime: Runtime, ...ids: string[]) =>
    runtime.engine.call('TransactWriteItems', {
      TransactItems: ids.map((id) => ({ Put: { TableName: 'things', Item: { id: { S: id } } } })),
    });

  /** The sequence numbers of the records that the stream still holds. */
  const numbersIn = async ({ engine: { call } }: Runtime): Promise<readonly string[]> => {
    const { records } = await createStreamReader(call, 'things').read(undefined, 100);
    return records.map(({ dynamodb }) => dynamodb.SequenceNumber);
  };

  it('continues from the lowest failure', async () => {
    const { runtime } = await run(withStream({}));
    await put(runtime, 'a', 'once', 'b');
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['a once b', 'once b']);
  });

  it('finds a poison record by halving, sends it to the on-failure queue with shard, numbers and keys, and continues', async () => {
    const { runtime } = await run(withStream({}));
    await put(runtime, 'a', 'throw', 'b', 'c');
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['a throw b c', 'a throw', 'a', 'throw', 'throw', 'throw', 'b c']);
    const [lost] = runtime.queueStore.receive('lost', 1);
    expect(JSON.parse(lost?.body ?? '{}')).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      DDBStreamBatchInfo: { startSequenceNumber: '2', endSequenceNumber: '2', batchSize: 1 },
      streamKeys: [{ id: { S: 'throw' } }],
    });
  });

  it('delivers only records that pass the filter, and counts the others as read', async () => {
    const filter = { dynamodb: { NewImage: { id: { S: [{ prefix: 'yes' }] } } } };
    const { runtime } = await run(withStream({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(filter) }] } }));
    await put(runtime, 'no-1', 'yes-1', 'no-2');
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['yes-1']);
  });

  it('is trimmed of records that all consumers have read, and its numbers continue', async () => {
    const { runtime } = await run(withStream({}));
    await put(runtime, 'a', 'b', 'c');
    await runtime.drained();
    // The pump trims too, and neither trims while the engine writes.
    await vi.waitFor(async () => {
      runtime.engine.streams?.trim('things', 3n);
      expect(await numbersIn(runtime)).toEqual(['3']);
    });
    await put(runtime, 'd');
    await runtime.drained();
    expect(runtime.engine.streams?.newest('things')).toBe(4n);
    expect(await bodiesOf(runtime)).toEqual(['a b c', 'd']);
  });
});

describe('a schedule', () => {
  const ticking: Resources = {
    Notes: table('notes'),
    Work: queue('work'),
    Do: lambda('do', { NOTES: ref('Notes') }),
    Mapping: fromQueue('Do', 'Work'),
    Tick: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: 'tick',
        ScheduleExpression: 'rate(1 minute)',
        Targets: [{ Arn: arnOf('Work'), Id: 'queue', Input: 'tick' }],
      },
    },
  };

  it('ticks by the runtime’s clock; missed ticks become one', async () => {
    const { runtime, clock } = await run(ticking);
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual([]);
    clock.advance(60_000);
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['tick']);
    clock.advance(630_000);
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['tick', 'tick']);
    clock.advance(30_000);
    await runtime.drained();
    expect(await bodiesOf(runtime)).toEqual(['tick', 'tick', 'tick']);
  });
});
