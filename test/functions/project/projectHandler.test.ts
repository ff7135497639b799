// What does project answer for a batch, and what happens to a stream whose projection fails?
import { describe, expect, test } from 'vitest';
import { createProjectHandler } from '../../../functions/project/projectHandler.ts';
import { createCachedStreams } from '../../../functions/store/cachedStreams.ts';
import { hashOf } from '../../../functions/store/commit.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';

const quiet = { debug: () => undefined, error: () => undefined };

interface Played {
  readonly failing?: readonly string[];
  readonly queueDown?: boolean;
}

const handlerOf = ({ failing = [], queueDown = false }: Played) => {
  const projected: string[] = [];
  const asked: string[] = [];
  const kept: string[] = [];
  const handle = createProjectHandler({
    project: async (stream, look) => {
      projected.push(look === undefined ? stream : `${stream}, ${look}`);
      if (failing.includes(stream)) throw new Error(`no rows of ${stream}`);
      return 'written';
    },
    offer: createCachedStreams({ store: createMemoryEventStore(), grown: async () => new Set() }).offer,
    askAgain: async (streams) => {
      if (queueDown) throw new Error('the queue is out of reach');
      asked.push(...streams);
    },
    keepFailure: async ({ eventId, reason }) => void kept.push(`${eventId}: ${reason}`),
    logger: quiet,
  });
  return { handle, projected, asked, kept };
};

const commits = (...streams: readonly string[]) => ({
  Records: streams.map((stream, index) => ({
    eventSource: 'aws:dynamodb',
    dynamodb: { SequenceNumber: String(index + 1), Keys: { stream: { S: stream }, version: { N: '1' } } },
  })),
});

const messages = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({ eventSource: 'aws:sqs', messageId: `m${index + 1}`, body })),
});

describe('a batch of new commits', () => {
  test('has each stream projected once, however many commits it has', async () => {
    const { handle, projected } = handlerOf({});
    expect(await handle(commits('t/engagement/a', 't/engagement/b', 't/engagement/a'))).toEqual({
      batchItemFailures: [],
    });
    expect(projected).toEqual(['t/engagement/a', 't/engagement/b']);
  });

  test('sends a stream that fails to the queue and stores its reason, and the shard goes on', async () => {
    const { handle, asked, kept } = handlerOf({ failing: ['t/engagement/b'] });
    expect(await handle(commits('t/engagement/a', 't/engagement/b'))).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual(['t/engagement/b']);
    expect(kept).toEqual(['t/engagement/b: Error: no rows of t/engagement/b']);
  });

  test('is answered with the lowest failed record where the queue fails too', async () => {
    const { handle } = handlerOf({ failing: ['t/engagement/b', 't/engagement/c'], queueDown: true });
    const answer = await handle(commits('t/engagement/a', 't/engagement/b', 't/engagement/c'));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  });

  test('lets only that stream fail whose events are not understood, as a later release may write them', async () => {
    const { handle, projected, asked } = handlerOf({ failing: ['t/engagement/b'] });
    const text = '[{"type":"OfTomorrow"}]';
    const NewImage = {
      ...{ stream: { S: 't/engagement/b' }, version: { N: '1' } },
      ...{ events: { S: text }, hash: { S: hashOf('', text) } },
    };
    const { Records } = commits('t/engagement/a', 't/engagement/b');
    const batch = { Records: Records.map((record) => ({ ...record, dynamodb: { ...record.dynamodb, NewImage } })) };
    expect(await handle(batch)).toEqual({ batchItemFailures: [] });
    expect(projected).toEqual(['t/engagement/a, first', 't/engagement/b, first']);
    expect(asked).toEqual(['t/engagement/b']);
  });
});

describe('a batch of the queue', () => {
  test('has each head read from its table, which may not hold what this process has written', async () => {
    const { handle, projected } = handlerOf({});
    await handle(messages('{"stream":"t/engagement/a"}'));
    expect(projected).toEqual(['t/engagement/a, anew']);
  });

  test('is answered with each failed message, also with one that names no stream', async () => {
    const { handle, kept } = handlerOf({ failing: ['t/engagement/b'] });
    const answer = await handle(messages('{"stream":"t/engagement/a"}', '{"stream":"t/engagement/b"}', 'nonsense'));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm3' }, { itemIdentifier: 'm2' }] });
    expect(kept[0]).toBe('m3: notUnderstood: the message names no stream in the form {"stream": "…"}');
  });
});

test('an event that is neither is an error', async () => {
  await expect(handlerOf({}).handle({ Records: [{ eventSource: 'aws:s3' }] })).rejects.toThrow('neither a batch');
});
