// What starts a function? A queue or a table's stream, by a mapping with its permissions.
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
  /** Where failed work goes. */
  readonly failuresGo: string;
  readonly permissions: readonly PolicyStatement[];
  /** Attaches it to the function of that name. */
  readonly attachTo: (handler: IFunction, name: string) => void;
}

/** Messages of a queue in batches, of ten unless given. At most `atOnce` batches run at once, so a burst waits in the queue. */
export const fromQueue = ({ queue }: WorkQueue, atOnce: number, batch = 10): Trigger => ({
  from: 'queue',
  failuresGo: 'back to its queue, and then to that queue’s dead letters',
  permissions: [consume(queue)],
  attachTo: (handler) => {
    const mapping = new EventSourceMapping(handler, 'FromQueue', {
      target: handler,
      eventSourceArn: queue.queueArn,
      batchSize: batch,
      maxConcurrency: atOnce,
      reportBatchItemFailures: true,
    });
    acknowledge(
      mapping,
      'Serverless-LambdaEventSourceMappingDestination',
      'A destination is for streams. A failed message goes back to its queue, and after five deliveries to its dead letters.',
    );
  },
});

export interface Inserts {
  /** The effect of a late function, as a sentence for the alarm. */
  readonly lagMeans: string;
  /** Which items start the function, as a filter of the new image. */
  readonly newImage?: object;
  /** The largest batch, in items. */
  readonly batch?: number;
  /** Whether changes and removals of items count too. */
  readonly alsoChanges?: boolean;
  /** How long to collect items before a call; absent: no wait. */
  readonly window?: Duration;
  /** How many batches of a shard are worked on at once; the changes of one item stay in order. */
  readonly atOnce?: number;
}

/** The age of stream records when the function receives them, in milliseconds: the oldest of each minute. */
export const iteratorAge = (handler: IFunction): Metric =>
  handler.metric('IteratorAge', { statistic: 'Maximum', period: minute });

/** New items of a table. After the last failed retry, a batch goes to `failures` and the shard goes on. */
export const fromInserts = (
  table: TableV2,
  failures: DeadLetters,
  { lagMeans, newImage, batch = 100, alsoChanges = false, window, atOnce = 1 }: Inserts,
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
        ...(atOnce > 1 ? { parallelizationFactor: atOnce } : {}),
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
