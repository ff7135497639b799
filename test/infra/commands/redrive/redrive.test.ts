// Does what ended in a dead-letter queue get back to where it came from, and is nothing lost on the way, whatever fails?
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { commitOf } from '../../../../functions/store/commit.ts';
import { itemOf } from '../../../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../../../functions/store/eventStore.ts';
import { serveCommands } from '../../../../infra/commands/commandServer.ts';
import { deadLetterQueueNamed, deadLetterQueues } from '../../../../infra/commands/redrive/deadLetterQueues.ts';
import { deadLetters } from '../../../../infra/commands/redrive/deadLetterReasons.ts';
import { type Redriven, redrive } from '../../../../infra/commands/redrive/redriveQueue.ts';
import { onTarget, type Target } from '../../../../infra/commands/target.ts';
import type { CallInterceptor, ServiceCall } from '../../../../infra/local/core/callInterceptor.ts';
import { type Runtime, startRuntime } from '../../../../infra/local/runtime.ts';
import { fact } from '../../../support/histories/events.ts';
import { temporaryFolder } from '../../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const temporary = temporaryFolder();
const dataDir = `${temporary.folder}/data`;
let runtime: Runtime;
let calls: ServiceCall[] = [];
/** Stands before the operator's calls. */
let before: CallInterceptor = (_call, pass) => pass();
beforeAll(async () => {
  runtime = await startRuntime({
    dataDir,
    serveCommands,
    interceptors: [
      (call, pass) => {
        calls.push(call);
        return call.caller === 'operator' ? before(call, pass) : pass();
      },
    ],
  });
});
afterAll(async () => {
  await runtime.stop();
  temporary.remove();
});
beforeEach(() => {
  calls = [];
  before = (_call, pass) => pass();
});

const at = <T>(work: (site: Target) => Promise<T>): Promise<T> => onTarget({ dataDir }, work);
const redriveAll = (name: string): Promise<Redriven> =>
  at((site) => redrive({ site, queue: deadLetterQueueNamed(name, deadLetterQueues(site)), rate: 10_000 }));
const end = (queue: string, ...bodies: readonly unknown[]): void => {
  runtime.queueStore.sendAll(bodies.map((body) => ({ queue, body: JSON.stringify(body) })));
};
const countOf = (queue: string): number => {
  const { visible, inFlight, delayed } = runtime.queueStore.counts(queue);
  return visible + inFlight + delayed;
};

const when = '2026-05-04T10:00:00.000Z';
const opened = (id: string) => fact('EngagementOpened', {}, { at: when, stream: `acme/engagement/${id}` });
const enveloped = (said: { readonly type: string }, source = 'throughline.intake') => ({
  ...{ version: '0', id: 'an-id', source, 'detail-type': said.type, detail: said },
});
const eventsOf = (id: string) =>
  at(async ({ dynamo, output }) => {
    const Key = { stream: { S: `acme/engagement/${id}` }, version: { N: '1' } };
    return (await dynamo.send(new GetItemCommand({ TableName: output('EventsTable'), Key }))).Item?.events?.S ?? '[]';
  });
/** Puts a commit and works off what it brings. */
const recorded = async (id: string): Promise<void> => {
  const said = opened(id);
  const { commit } = commitOf({ streamId: said.streamId, tip: emptyTip, facts: [said], now: when });
  await at(({ dynamo, output }) =>
    dynamo.send(new PutItemCommand({ TableName: output('EventsTable'), Item: itemOf(commit) })),
  );
  await runtime.drained();
  calls = [];
};
/** The streams of which relay has put events. */
const relayed = (): readonly string[] =>
  calls
    .filter(({ caller, operation }) => caller === 'Relay' && operation === 'PutEvents')
    .flatMap(({ input }) => JSON.stringify(input).match(/acme\/engagement\/[a-z0-9-]+/g) ?? []);
const batchOf = (...ids: readonly string[]) => ({
  DDBStreamBatchInfo: {
    startSequenceNumber: '100',
    approximateArrivalOfFirstRecord: when,
    approximateArrivalOfLastRecord: when,
  },
  ...(ids.length > 0 && {
    streamKeys: ids.map((id) => ({ stream: { S: `acme/engagement/${id}` }, version: { N: '1' } })),
  }),
});

describe('dead letters of a work queue', () => {
  it('go back to it unchanged, and their work is done', async () => {
    end('Sell-Work-DeadLetters', ...Array.from({ length: 23 }, (_, index) => enveloped(opened(`back-${index}`))));
    expect(await redriveAll('SellDeadLetters')).toMatchObject({ messages: 23, sent: 23, left: 0, notUnderstood: [] });
    await runtime.drained();
    expect(countOf('Sell-Work-DeadLetters')).toBe(0);
    expect(await eventsOf('back-22')).toContain('EngagementOpened');
  });

  it('that are ticks of the clock are deleted, because newer ticks have replaced them', async () => {
    end('Sweep-Work-DeadLetters', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
    expect(await redriveAll('sweep-dead-letters')).toMatchObject({ messages: 1, sent: 0, ticks: 1 });
    expect(countOf('Sweep-Work-DeadLetters')).toBe(0);
  });
});

describe('nothing is lost', () => {
  const refuse: CallInterceptor = async (call, pass) => {
    if (!call.operation.startsWith('SendMessage')) return pass();
    throw new Error('the queue is out of reach');
  };

  it('where the queue can’t be reached: all messages stay, and the next try sends them', async () => {
    end('Sell-Work-DeadLetters', enveloped(opened('kept-1')), enveloped(opened('kept-2')));
    before = refuse;
    await expect(redriveAll('SellDeadLetters')).rejects.toThrow(
      '0 messages of SellDeadLetters were redriven, then one',
    );
    expect(runtime.queueStore.counts('Sell-Work-DeadLetters')).toMatchObject({ visible: 2, inFlight: 0 });
    before = (_call, pass) => pass();
    expect(await redriveAll('SellDeadLetters')).toMatchObject({ messages: 2, sent: 2 });
  });

  it('where messages can’t be deleted: they are sent again, and recorded once', async () => {
    end('Sell-Work-DeadLetters', enveloped(opened('twice')));
    before = async (call, pass) => {
      if (!call.operation.startsWith('DeleteMessage')) return pass();
      throw new Error('cut off');
    };
    await expect(redriveAll('SellDeadLetters')).rejects.toThrow();
    before = (_call, pass) => pass();
    runtime.queueStore.makeInFlightVisible();
    expect(await redriveAll('SellDeadLetters')).toMatchObject({ messages: 1 });
    await runtime.drained();
    expect(JSON.parse(await eventsOf('twice'))).toMatchObject([{ type: 'EngagementOpened' }, { type: 'StageEntered' }]);
  });

  it('of a message that is not understood: it stays, and the messages after it are sent', async () => {
    end('Project-StreamFailures', { nothing: 'known' }, batchOf('behind'));
    const done = await redriveAll('ProjectStreamFailures');
    expect(done).toMatchObject({ messages: 1, sent: 1 });
    expect(done.notUnderstood).toEqual([expect.stringContaining('is not a record of a stream’s batch')]);
    // At once, and not when its time out of sight is over: whoever lists it sees it.
    expect(runtime.queueStore.counts('Project-StreamFailures')).toMatchObject({ visible: 1, inFlight: 0 });
  });
});

describe('a failed batch of a stream', () => {
  it('of relay goes on the bus again, from the store, without other commits', async () => {
    await recorded('relay-1');
    await recorded('relay-2');
    end('Relay-StreamFailures', batchOf('relay-1'));
    expect(await redriveAll('RelayStreamFailures')).toMatchObject({ messages: 1, sent: 1 });
    await runtime.drained();
    expect(relayed()).toContain('acme/engagement/relay-1');
    expect(relayed()).not.toContain('acme/engagement/relay-2');
  });

  it('of relay on AWS, which names no items, becomes everything recorded at about that time', async () => {
    await recorded('relay-3');
    end('Relay-StreamFailures', batchOf());
    await redriveAll('RelayStreamFailures');
    await runtime.drained();
    expect(relayed()).toEqual(expect.arrayContaining([1, 2, 3].map((id) => `acme/engagement/relay-${id}`)));
    // What was recorded now, by the tests before, is of another time.
    expect(relayed()).not.toContain('acme/engagement/back-1');
  });

  it('of project goes to its queue, each stream once', async () => {
    end('Project-StreamFailures', batchOf('relay-1', 'relay-1', 'relay-2'));
    expect(await redriveAll('ProjectStreamFailures')).toMatchObject({ messages: 1, sent: 2 });
  });

  it('of translate is offered again, by its key or, without a key, by sweep', async () => {
    const keyed = { ...batchOf(), streamKeys: [{ partition: { S: 'acme#stripe' }, id: { S: '2026#1' } }] };
    end('Translate-StreamFailures', keyed, batchOf());
    expect(await redriveAll('TranslateStreamFailures')).toMatchObject({ messages: 2, sent: 2 });
    const bodies = calls
      .filter(({ operation }) => operation === 'SendMessageBatch')
      .map(({ input }) => JSON.stringify(input));
    expect(bodies.some((body) => body.includes('acme#stripe'))).toBe(true);
    expect(bodies.some((body) => body.includes('receipts'))).toBe(true);
  });
});

describe('an unowned fact', () => {
  it('goes on the bus once; if it comes back, it stays', async () => {
    end('Foundation-Pipeline-Unowned', enveloped({ type: 'NeverHeardOf' }));
    expect(await redriveAll('UnownedFacts')).toMatchObject({ messages: 1, sent: 1, left: 1 });
    expect(countOf('Foundation-Pipeline-Unowned')).toBe(1);
  });

  it('that is not an event stays, and the messages after it are sent', async () => {
    runtime.queueStore.sendAll([{ queue: 'Foundation-Pipeline-Unowned', body: 'no JSON' }]);
    end('Foundation-Pipeline-Unowned', enveloped({ type: 'HeardOfNever' }));
    const done = await redriveAll('UnownedFacts');
    // With it goes what came back in the test before.
    expect(done).toMatchObject({ messages: 2, sent: 2 });
    expect(done.notUnderstood).toEqual([expect.stringMatching(/is not an event of the bus: no JSON$/)]);
  });
});

describe('--list', () => {
  const keep = (eventId: string, reason: string) =>
    at(({ dynamo, output }) => {
      const Item = { eventId: { S: eventId }, at: { S: when }, reason: { S: reason } };
      return dynamo.send(new PutItemCommand({ TableName: output('FailuresTable'), Item }));
    });
  const listed = async (name: string) => (await at(deadLetters)).find(({ queue }) => queue.name === name);

  it('counts every queue, and gives the oldest message’s reason', async () => {
    const said = opened('listed');
    end('Sell-Work-DeadLetters', { ...enveloped(said), detail: { owner: 'sell', facts: [opened('held'), said] } });
    await keep(said.eventId, 'refused: by a rule');
    const names = (await at(deadLetters)).map(({ queue }) => queue.name);
    expect(names).toEqual(names.toSorted());
    const since = expect.stringMatching(/^\d{4}-/);
    expect(await listed('SellDeadLetters')).toMatchObject({ messages: 1, since, reason: 'refused: by a rule' });
    expect(await listed('RenewDeadLetters')).toMatchObject({ messages: 0 });
    expect(countOf('Sell-Work-DeadLetters')).toBe(1);
  });

  it('gives relay’s own reason for a commit, even where project failed on its stream too', async () => {
    const stream = 'acme/engagement/failed-twice';
    for (const whose of ['Relay', 'Project']) end(`${whose}-Work-DeadLetters`, { stream, version: 1 });
    const { Messages = [] } = await at(({ sqs, output }) =>
      sqs.send(new ReceiveMessageCommand({ QueueUrl: output('RelayDeadLetters'), VisibilityTimeout: 0 })),
    );
    await keep(Messages[0]?.MessageId ?? '', 'of relay');
    await keep(stream, 'of project');
    expect(await listed('RelayDeadLetters')).toMatchObject({ reason: 'of relay' });
    expect(await listed('ProjectDeadLetters')).toMatchObject({ reason: 'of project' });
  });

  it('lists the queues that exist when a name is unknown', async () => {
    await expect(redriveAll('Sel')).rejects.toThrow(/There is no dead-letter queue "Sel"; there are .*SellDeadLetters/);
  });

  it('knows the origin of every queue', async () => {
    const queues = await at(async (site) => deadLetterQueues(site));
    expect(queues.filter(({ origin }) => origin.kind === 'nobody').map(({ name }) => name)).toEqual([
      'EventStoreChanged',
    ]);
    expect(queues.filter(({ origin }) => 'url' in origin && origin.url === '')).toEqual([]);
  });
});
