// How do the local queues answer SQS's calls?
import type { QueueStore } from '../storage/queueStore.ts';
import type { Operation, Operations } from './awsCall.ts';
import { createQueueCalls, only, type QueueCalls, urlAccount } from './queueCalls.ts';
import { receivingOperations } from './queueReceiving.ts';
import { sendingOperations } from './queueSending.ts';

/** The URL of a queue on the host that answers for it. */
function queueUrl(host: string, queue: string): string {
  return `http://${host}/${urlAccount}/${queue}`;
}

const getQueueUrl =
  ({ arnOf, existing }: QueueCalls): Operation =>
  (input, host) => {
    const queue = input.text('QueueName');
    return {
      permission: 'sqs:GetQueueUrl',
      resources: [arnOf(queue)],
      run() {
        existing(queue);
        return { QueueUrl: queueUrl(host, queue) };
      },
    };
  };

const getQueueAttributes = ({ queueStore, arnOf, onQueue }: QueueCalls): Operation =>
  onQueue('GetQueueAttributes', (queue, input, settings) => {
    const { visible, inFlight, delayed } = queueStore.counts(queue);
    const { redrive } = settings;
    const all: Readonly<Record<string, string>> = {
      QueueArn: arnOf(queue),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
      DelaySeconds: String(settings.delaySeconds),
      ...(redrive && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: arnOf(redrive.deadLetterQueue),
          maxReceiveCount: redrive.maxReceiveCount,
        }),
      }),
    };
    return { Attributes: only(all, new Set(input.texts('AttributeNames'))) };
  });

/**
 * SQS's operations on standard queues, with the input members that each one reads. A receive answers at once, without a wait for
 * `WaitTimeSeconds`: SQS may answer an empty list at any time too.
 */
export function queueOperations(options: {
  readonly queueStore: QueueStore;
  readonly region: string;
  readonly account: string;
}): Operations {
  const calls = createQueueCalls(options);
  return new Map([
    ...sendingOperations(calls),
    ...receivingOperations(calls),
    ['GetQueueUrl', [['QueueName', 'QueueOwnerAWSAccountId'], getQueueUrl(calls)]],
    ['GetQueueAttributes', [['QueueUrl', 'AttributeNames'], getQueueAttributes(calls)]],
  ]);
}
