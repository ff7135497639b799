// What goes to the on-failure queue of a stream mapping? Lambda's record of the batch's position, with the keys of its items.
import { randomUUID } from 'node:crypto';
import { arn } from '../core/awsNames.ts';
import type { Clock } from '../core/clock.ts';
import type { GivenUpBecause } from './streamBatch.ts';
import type { StreamRecord } from './streamReader.ts';

export interface Failure {
  readonly function: string;
  readonly streamArn: string;
  readonly shard: string;
  readonly records: readonly StreamRecord[];
  readonly condition: GivenUpBecause;
  readonly attempts: number;
  readonly clock: Clock;
}

const instantOf = (record: StreamRecord | undefined, clock: Clock): string =>
  new Date((record?.dynamodb.ApproximateCreationDateTime ?? clock.now() / 1000) * 1000).toISOString();

/**
 * The message's body. On AWS, a redrive can read the batch from the stream by its record numbers. Here the records may be deleted
 * after all consumers have read them, so `streamKeys` (which AWS doesn't send) names the items.
 */
export function failureRecord(failure: Failure): string {
  const { records, condition, attempts, shard, streamArn, clock } = failure;
  const first = records[0];
  const last = records.at(-1);
  return JSON.stringify({
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${arn.function(failure.function)}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    ...(condition === 'RetryAttemptsExhausted'
      ? { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' } }
      : {}),
    version: '1.0',
    timestamp: new Date(clock.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId: shard,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: instantOf(first, clock),
      approximateArrivalOfLastRecord: instantOf(last, clock),
      batchSize: records.length,
      streamArn,
    },
    streamKeys: records.map(({ dynamodb }) => dynamodb.Keys),
  });
}
