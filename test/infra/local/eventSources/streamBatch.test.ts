// Is a stream's batch delivered as Lambda does: from its lowest failure, halved on errors, given up when its tries are used up?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchDelivery, deliverBatch } from '../../../../infra/local/eventSources/streamBatch.ts';
import type { StreamRecord } from '../../../../infra/local/eventSources/streamReader.ts';
import type { InvocationResult } from '../../../../infra/local/lambda/invocation.ts';

const record = (sequence: number): StreamRecord => ({
  eventID: String(sequence),
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  eventSourceARN: 'arn',
  dynamodb: { SequenceNumber: String(sequence) },
});
const records = (count: number): StreamRecord[] => Array.from({ length: count }, (_, index) => record(index + 1));
const numbers = (batch: readonly StreamRecord[]): string => batch.map((each) => each.dynamodb.SequenceNumber).join(' ');

const ok = (value: unknown = null): InvocationResult => ({ ok: true, value, requestId: 'r' });
const error: InvocationResult = {
  ok: false,
  error: { errorType: 'Error', errorMessage: 'no', stack: '' },
  requestId: 'r',
};
const failing = (...identifiers: readonly string[]): InvocationResult =>
  ok({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });

interface Story {
  readonly calls: string[];
  readonly checkpoints: string[];
  readonly lost: string[];
}

async function deliver(
  batch: readonly StreamRecord[],
  answer: (batch: readonly StreamRecord[], call: number) => InvocationResult,
  settings: Partial<BatchDelivery['mapping']> & { readonly tooOld?: (each: StreamRecord) => boolean } = {},
): Promise<Story> {
  const story: Story = { calls: [], checkpoints: [], lost: [] };
  await deliverBatch(batch, {
    mapping: { bisects: true, maximumRetries: 2, reportsItemFailures: true, ...settings },
    async invoke(piece) {
      story.calls.push(numbers(piece));
      return answer(piece, story.calls.length);
    },
    reached: ({ dynamodb }) => story.checkpoints.push(dynamodb.SequenceNumber),
    giveUp: (piece, { condition, attempts }) => story.lost.push(`${numbers(piece)}: ${condition} ${attempts}`),
    isTooOld: settings.tooOld ?? (() => false),
    pause: async () => {},
    isStopped: () => false,
  });
  return story;
}

describe('a batch that fails in part', () => {
  it('continues at its lowest failure', async () => {
    const story = await deliver(records(5), (_, call) => (call === 1 ? failing('4', '3') : ok()));
    expect(story).toEqual({ calls: ['1 2 3 4 5', '3 4 5'], checkpoints: ['2', '5'], lost: [] });
  });

  it.each([
    ['an unknown identifier', failing('9')],
    ['an empty identifier', failing('')],
    ['an entry without one', ok({ batchItemFailures: [{}] })],
  ])('with %s fails whole', async (_, answer) => {
    const story = await deliver(records(2), (_batch, call) => (call === 1 ? answer : ok()), { bisects: false });
    expect(story.calls).toEqual(['1 2', '1 2']);
  });

  it('is finished when the list of failures is empty, absent or null', async () => {
    for (const value of [{ batchItemFailures: [] }, {}, null, { batchItemFailures: null }]) {
      expect((await deliver(records(2), () => ok(value))).calls).toEqual(['1 2']);
    }
  });

  it('is finished with any answer where the mapping has no ReportBatchItemFailures', async () => {
    expect((await deliver(records(2), () => failing('1'), { reportsItemFailures: false })).calls).toEqual(['1 2']);
  });
});

describe('a batch that fails with an error', () => {
  const poison = (number: string) => (batch: readonly StreamRecord[]) =>
    numbers(batch).split(' ').includes(number) ? error : ok();

  it('is halved until the poison record is alone; only that record is retried and given up', async () => {
    const story = await deliver(records(4), poison('3'));
    expect(story).toEqual({
      calls: ['1 2 3 4', '1 2', '3 4', '3', '3', '3', '4'],
      checkpoints: ['2', '3', '4'],
      lost: ['3: RetryAttemptsExhausted 3'],
    });
  });

  it('is retried and given up as a whole, where it isn’t halved', async () => {
    const story = await deliver(records(2), poison('2'), { bisects: false });
    expect(story).toEqual({
      calls: ['1 2', '1 2', '1 2'],
      checkpoints: ['2'],
      lost: ['1 2: RetryAttemptsExhausted 3'],
    });
  });

  it('gives up records that are too old, and continues with the others', async () => {
    const story = await deliver(records(3), () => ok(), { tooOld: (each) => each.dynamodb.SequenceNumber === '1' });
    expect(story).toEqual({ calls: ['2 3'], checkpoints: ['1', '3'], lost: ['1: RecordAgeExceeded 0'] });
  });
});

it('loses and reorders nothing: every record is finished or given up, in order, and checkpoints only rise', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 20 })),
      fc.boolean(),
      fc.boolean(),
      async (count, poisoned, bisects, throws) => {
        const dealtWith = new Set<string>();
        const story = await deliver(
          records(count),
          (batch) => {
            const bad = batch.filter((each) => poisoned.includes(Number(each.dynamodb.SequenceNumber)));
            if (bad.length > 0 && throws) return error;
            const lowest = bad[0] === undefined ? batch.length : batch.indexOf(bad[0]);
            for (const each of batch.slice(0, lowest)) dealtWith.add(each.dynamodb.SequenceNumber);
            return failing(...bad.map((each) => each.dynamodb.SequenceNumber));
          },
          { bisects },
        );
        for (const lost of story.lost)
          for (const number of (lost.split(':')[0] ?? '').split(' ')) dealtWith.add(number);
        expect(dealtWith.size).toBe(count);
        expect(story.checkpoints.at(-1)).toBe(String(count));
        const checkpoints = story.checkpoints.map(Number);
        expect(checkpoints).toEqual([...checkpoints].sort((a, b) => a - b));
      },
    ),
  );
});
