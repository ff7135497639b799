// How does a function talk to AWS? One low-level client a service, its connections kept alive, its patience bounded.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/** How often a call is tried, by service. */
export const tries = { dynamo: 4, bus: 3, queue: 3, parameters: 3 } as const;

/**
 * The milliseconds after which a try without an answer is given up for the next one. A function's tries of a call end before the
 * function does: the shorter its time, the less it waits. Of the bus the pipeline itself tries again what the client gave up.
 */
export const answersWithin = { receive: 2000, record: 3000, query: 4000, bus: 4000, others: 5000 } as const;

const patience = (requestTimeout: number) => ({
  connectionTimeout: 1000,
  requestTimeout,
  // By itself it would only be logged that the time is over.
  throwOnRequestTimeout: true,
});

export const createDynamoClient = (within: number = answersWithin.others): DynamoDBClient =>
  new DynamoDBClient({ maxAttempts: tries.dynamo, requestHandler: patience(within) });

export const createBusClient = (within: number = answersWithin.bus): EventBridgeClient =>
  new EventBridgeClient({ maxAttempts: tries.bus, requestHandler: patience(within) });

export const createQueueClient = (within: number = answersWithin.others): SQSClient =>
  new SQSClient({ maxAttempts: tries.queue, requestHandler: patience(within) });

export const createParametersClient = (within: number = answersWithin.others): SSMClient =>
  new SSMClient({ maxAttempts: tries.parameters, requestHandler: patience(within) });
