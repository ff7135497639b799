// How does a function get a permission? For single actions, on single resources.
import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StreamKind } from '../../domain/lifecycle.ts';
import type { WorkQueue } from './workQueue.ts';

export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] });

/** These actions on a table's items; not on its indexes. */
export const onTable = (table: TableV2, ...actions: readonly TableAction[]): PolicyStatement =>
  allow(
    actions.map((action) => `dynamodb:${action}`),
    [table.tableArn],
  );

/**
 * These actions on a table's items, only in partitions whose keys match one of the patterns. The condition also demands a
 * key: `ForAllValues` alone would allow a call without one.
 */
export const onPartitions = (
  table: TableV2,
  patterns: readonly string[],
  ...actions: readonly TableAction[]
): PolicyStatement => {
  const statement = onTable(table, ...actions);
  statement.addCondition('ForAllValues:StringLike', { 'dynamodb:LeadingKeys': [...patterns] });
  statement.addCondition('Null', { 'dynamodb:LeadingKeys': 'false' });
  return statement;
};

/** These actions on streams of these kinds (`{tenant}/{kind}/{id}`), as far as a pattern can tell them apart. */
export const onStreams = (
  events: TableV2,
  kinds: readonly StreamKind[],
  ...actions: readonly TableAction[]
): PolicyStatement =>
  onPartitions(
    events,
    kinds.map((kind) => `*/${kind}/*`),
    ...actions,
  );

/** Queries of one index of a table. */
export const onIndex = (table: TableV2, index: string): PolicyStatement =>
  allow(['dynamodb:Query'], [`${table.tableArn}/index/${index}`]);

/** Messages to these queues. */
export const sendTo = (...queues: readonly Queue[]): PolicyStatement =>
  allow(
    ['sqs:SendMessage'],
    queues.map((queue) => queue.queueArn),
  );

/** How many messages are in these work queues, and in their dead-letter queues. */
export const depthOf = (queues: readonly WorkQueue[]): PolicyStatement =>
  allow(
    ['sqs:GetQueueAttributes'],
    queues.flatMap(({ queue, deadLetters }) => [queue.queueArn, deadLetters.queue.queueArn]),
  );

/** Events on a bus, with one source name only: so translate can't send a fact as a recorded event. */
export const putOn = (bus: EventBus, source: string): PolicyStatement => {
  const statement = allow(['events:PutEvents'], [bus.eventBusArn]);
  statement.addCondition('StringEquals', { 'events:source': source });
  return statement;
};

/** The permissions that a mapping needs to receive messages from a queue. */
export const consume = (queue: Queue): PolicyStatement =>
  allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]);

/** The permissions that a mapping needs to read a table's stream. */
export const readStream = (streamArn: string): PolicyStatement =>
  allow(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    [streamArn],
  );

/** Reads of single secrets under a path of the parameter store. */
export const readSecrets = (scope: Construct, path: string): PolicyStatement =>
  allow(
    ['ssm:GetParameter'],
    [
      Stack.of(scope).formatArn({
        service: 'ssm',
        resource: 'parameter',
        resourceName: `${path.replace(/^\//, '')}/*`,
      }),
    ],
  );

/** Writes to a function's own log. */
export const writeLog = (logGroupArn: string): PolicyStatement =>
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroupArn]);
