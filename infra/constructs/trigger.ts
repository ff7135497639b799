// What wakes a function? A queue or a table's stream: the mapping, and the leave that it needs.
import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from './acknowledge.ts';
import type { DeadLetters } from './deadLetters.ts';
import { consume, readStream, sendTo } from './permissions.ts';
import { minute, PipelineAlarm } from './pipelineAlarm.ts';
import type { WorkQueue } from './workQueue.ts';

export interface Trigger {
  readonly from: 'queue' | 'stream';
  /** Where what fails goes. */
  readonly failuresGo: string;
  readonly permissions: readonly PolicyStatement[];
  /** Attaches it to the function of that name. */
  readonly attachTo: (handler: IFunction, name: string) => void;
}

/** Messages of a queue, ten at a time, at most `atOnce` batches at once (so that a burst waits in the queue). */
export const fromQueue = ({ queue }: WorkQueue, atOnce: number): Trigger => ({
  from: 'queue',
  failuresGo: 'back to its queue, and then to that queue’s dead letters',
  permissions: [consume(queue)],
  attachTo: (handler) => {
    const mapping = new EventSourceMapping(handler, 'FromQueue', {
      target: handler,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maxConcurrency: atOnce,
      reportBatchItemFailures: true,
    });
    acknowledge(
      mapping,
      'Serverless-LambdaEventSourceMappingDestination',
      'A destination is for streams. What fails here goes back to its queue, and after five deliveries to its dead letters.',
    );
  },
});

export interface Inserts {
  /** What it means that the function is behind the stream. */
  readonly lagMeans: string;
  /** What an item must be, as a filter of its new image. */
  readonly newImage?: object;
  /** How many items at the most come at once. */
  readonly batch?: number;
  /** Also what was changed or removed. */
  readonly alsoChanges?: boolean;
  /** How long items gather before the function is called; absent: not at all. */
  readonly window?: Duration;
}

/** How old what a function takes from a stream is by then, in milliseconds: the oldest of each minute. */
export const iteratorAge = (handler: IFunction): Metric =>
  handler.metric('IteratorAge', { statistic: 'Maximum', period: minute });

/** New items of a table; what keeps failing goes to `failures` and the shard goes on. */
export const fromInserts = (
  table: TableV2,
  failures: DeadLetters,
  { lagMeans, newImage, batch = 100, alsoChanges = false, window }: Inserts,
): Trigger => {
  const streamArn = table.tableStreamArn;
  if (streamArn === undefined) throw new Error(`${table.node.path} has no stream: give it \`dynamoStream\`.`);
  return {
    from: 'stream',
    failuresGo: 'from the stream to dead letters of their own',
    permissions: [readStream(streamArn), sendTo(failures.queue)],
    attachTo: (handler, name) => {
      new EventSourceMapping(handler, 'FromStream', {
        target: handler,
        eventSourceArn: streamArn,
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: batch,
        ...(window ? { maxBatchingWindow: window } : {}),
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(12),
        onFailure: { bind: () => ({ destination: failures.queue.queueArn }) },
        filters: [
          FilterCriteria.filter({
            eventName: alsoChanges ? ['INSERT', 'MODIFY', 'REMOVE'] : ['INSERT'],
            ...(newImage ? { dynamodb: { NewImage: newImage } } : {}),
          }),
        ],
      });
      new PipelineAlarm(handler, 'LagAlarm', {
        name: `${name}-lag`,
        says: `${name} has been over five minutes behind its table's stream for five minutes. ${lagMeans}`,
        metric: iteratorAge(handler),
        threshold: Duration.minutes(5).toMilliseconds(),
        periods: 5,
      });
    },
  };
};

/** Items of a table that are new, changed or removed. */
export const fromChanges = (
  table: TableV2,
  failures: DeadLetters,
  changes: Omit<Inserts, 'alsoChanges' | 'newImage'>,
): Trigger => fromInserts(table, failures, { ...changes, alsoChanges: true });
