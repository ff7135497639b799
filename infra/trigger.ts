// What wakes a function? A queue or a table's stream: the mapping, and the leave that it needs.
import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { DeadLetters } from './deadLetters.ts';
import { consume, readStream, sendTo } from './permissions.ts';
import type { WorkQueue } from './workQueue.ts';

export interface Trigger {
  readonly permissions: readonly PolicyStatement[];
  readonly attachTo: (handler: IFunction) => void;
}

/** Messages of a queue, ten at a time, at most `atOnce` batches at once (so that a burst waits in the queue). */
export const fromQueue = ({ queue }: WorkQueue, atOnce: number): Trigger => ({
  permissions: [consume(queue)],
  attachTo: (handler) => {
    new EventSourceMapping(handler, 'FromQueue', {
      target: handler,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maxConcurrency: atOnce,
      reportBatchItemFailures: true,
    });
  },
});

export interface Inserts {
  /** What an item must be, as a filter of its new image. */
  readonly newImage?: object;
  /** How many items at the most come at once. */
  readonly batch?: number;
}

/** New items of a table, in stream order a partition; what keeps failing goes to `failures` and the shard goes on. */
export const fromInserts = (
  table: TableV2,
  failures: DeadLetters,
  { newImage, batch = 100 }: Inserts = {},
): Trigger => {
  const streamArn = table.tableStreamArn;
  if (streamArn === undefined) throw new Error(`${table.node.path} has no stream: give it \`dynamoStream\`.`);
  return {
    permissions: [readStream(streamArn), sendTo(failures.queue)],
    attachTo: (handler) => {
      new EventSourceMapping(handler, 'FromStream', {
        target: handler,
        eventSourceArn: streamArn,
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: batch,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(12),
        onFailure: { bind: () => ({ destination: failures.queue.queueArn }) },
        filters: [
          FilterCriteria.filter({
            eventName: ['INSERT'],
            ...(newImage ? { dynamodb: { NewImage: newImage } } : {}),
          }),
        ],
      });
    },
  };
};
