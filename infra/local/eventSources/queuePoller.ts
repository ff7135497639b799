// How do a queue's messages reach a function? A poller sends them in batches; finished messages are deleted, failed ones become visible again.
import { createHash } from 'node:crypto';
import type { Activity } from '../core/activity.ts';
import { arn, place } from '../core/awsNames.ts';
import type { QueueMappingPlan } from '../core/plan.ts';
import { outsideRequests } from '../core/requestScope.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import type { Message, QueueStore } from '../storage/queueStore.ts';
import { readBatchAnswer } from './batchAnswer.ts';

export interface QueuePoller {
  readonly queue: string;
  /** Checks for messages soon; many calls lead to one check. */
  wake(): void;
  /** Takes no more messages. Messages that it holds are finished, or become visible again. */
  stop(): void;
}

export interface QueuePollerOptions {
  readonly mapping: QueueMappingPlan;
  readonly queueStore: QueueStore;
  readonly invoke: (event: unknown) => Promise<InvocationResult>;
  readonly activity: Activity;
  /** How many batches may be worked on at once. */
  readonly atOnce: number;
  /** Whether work can be kept now; while it can't, messages stay where they are. */
  readonly mayWork: () => boolean;
  readonly log: (line: string) => void;
}

/** The event of an SQS batch, as Lambda makes it. */
function sqsEvent(queue: string, messages: readonly Message[]): unknown {
  return {
    Records: messages.map((message) => ({
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receiveCount),
        SentTimestamp: String(message.sentAt),
        SenderId: place.account,
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
        ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
      },
      messageAttributes: Object.fromEntries(
        Object.entries(message.attributes).map(([name, value]) => [name, { stringValue: value, dataType: 'String' }]),
      ),
      md5OfBody: createHash('md5').update(message.body).digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: arn.queue(queue),
      awsRegion: place.region,
    })),
  };
}

/** Makes the poller of a mapping; it waits for `wake`. */
export function createQueuePoller(options: QueuePollerOptions): QueuePoller {
  const { mapping, queueStore, invoke, activity, atOnce, mayWork, log } = options;
  const { queue, batchSize, reportsItemFailures } = mapping;
  let working = 0;
  let looking = false;
  let stopped = false;

  async function work(messages: readonly Message[]): Promise<void> {
    const result = await invoke(sqsEvent(queue, messages));
    if (stopped && !result.ok) return;
    const identifiers = messages.map(({ messageId }) => messageId);
    const answer = readBatchAnswer(result, { identifiers, reportsItemFailures });
    // A failed message stays in flight, and becomes visible again after its visibility timeout.
    if (answer.kind === 'failed') return;
    const dealtWith = messages.filter(({ messageId }) => answer.kind === 'done' || !answer.failed.has(messageId));
    queueStore.delete(
      queue,
      dealtWith.map(({ receiptHandle }) => receiptHandle),
    );
  }

  /** A queue that can't be read or written now: its messages stay there, or come again after their visibility timeout. */
  const failed = (error: unknown): void =>
    log(`${mapping.function}: the queue ${queue} could not be worked on: ${String(error)}`);

  function receive(): readonly Message[] {
    try {
      return queueStore.receive(queue, batchSize);
    } catch (error) {
      // The next wake tries again.
      failed(error);
      return [];
    }
  }

  function look(): void {
    looking = false;
    while (!stopped && working < atOnce && mayWork()) {
      const messages = receive();
      if (messages.length === 0) return;
      working += 1;
      const end = activity.begin();
      void work(messages)
        .catch(failed)
        .finally(() => {
          working -= 1;
          look();
          end();
        });
    }
  }

  return {
    queue,
    wake() {
      if (looking || stopped) return;
      looking = true;
      // On the next turn of the event loop, so that messages that arrive together make one batch.
      outsideRequests(() => setImmediate(look));
    },
    stop() {
      stopped = true;
    },
  };
}
