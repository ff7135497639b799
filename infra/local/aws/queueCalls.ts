// What do all calls of SQS share? The named queue, the entries of a batch, and the digests of bodies.
import { createHash } from 'node:crypto';
import type { QueueSettings } from '../storage/declaredQueues.ts';
import type { QueueStore } from '../storage/queueStore.ts';
import { AwsRefusal, type CallInput, type Operation, type PreparedCall } from './awsCall.ts';

/** The account in the URLs of queues. */
export const urlAccount = '000000000000';

export interface QueueCalls {
  readonly queueStore: QueueStore;
  readonly arnOf: (queue: string) => string;
  /** The settings of a queue; refuses one that doesn't exist. */
  readonly existing: (queue: string) => QueueSettings;
  /** A call on the queue of its QueueUrl; a queue that doesn't exist is refused when the call is carried out. */
  readonly onQueue: (
    action: string,
    run: (queue: string, input: CallInput, settings: QueueSettings) => object,
  ) => Operation;
}

export function createQueueCalls(options: {
  readonly queueStore: QueueStore;
  readonly region: string;
  readonly account: string;
}): QueueCalls {
  const { queueStore, region, account } = options;
  const arnOf = (queue: string): string => `arn:aws:sqs:${region}:${account}:${queue}`;
  const existing = (queue: string): QueueSettings => {
    const settings = queueStore.queue(queue);
    if (settings !== undefined) return settings;
    const message = `There is no queue "${queue}" here.`;
    throw new AwsRefusal('QueueDoesNotExist', message, 'AWS.SimpleQueueService.NonExistentQueue');
  };
  return {
    queueStore,
    arnOf,
    existing,
    onQueue:
      (action, run) =>
      (input): PreparedCall => {
        const queue = input.text('QueueUrl').split('/').at(-1) ?? '';
        return {
          permission: `sqs:${action}`,
          resources: [arnOf(queue)],
          run: () => ({ ...run(queue, input, existing(queue)) }),
        };
      },
  };
}

/** The entries of a batch by their ids. */
export function batchOf(input: CallInput, members: readonly string[]): readonly (readonly [string, CallInput])[] {
  const entries = input.structures('Entries', members).map((entry) => [entry.text('Id'), entry] as const);
  const refused = (name: string, message: string) => new AwsRefusal(name, message, `AWS.SimpleQueueService.${name}`);
  if (entries.length === 0) throw refused('EmptyBatchRequest', 'A batch must have at least one entry.');
  if (entries.length > 10) {
    throw refused('TooManyEntriesInBatchRequest', `A batch takes at most 10 entries, not ${entries.length}.`);
  }
  if (new Set(entries.map(([id]) => id)).size < entries.length) {
    throw refused('BatchEntryIdsNotDistinct', 'The ids of a batch must be distinct.');
  }
  return entries;
}

/** Picks the requested attributes. */
export function only(
  all: Readonly<Record<string, string>>,
  wanted: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has('All') || wanted.has(name)));
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
