// Through which clients, and with which timeouts, does a function call AWS?
// Every entry file calls it when its process starts; the clients reach DynamoDB, EventBridge, SQS and Systems Manager.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/** The most tries of one call, by service. */
export const tries = { dynamo: 4, bus: 3, queue: 3, parameters: 3 } as const;

/**
 * After so many milliseconds without an answer the client retries. All tries of a call end before the function's own timeout, so
 * a function with a short timeout waits less. The pipeline itself also retries what the client could not put on the bus.
 */
export const answersWithin = { receive: 2000, record: 3000, query: 4000, bus: 4000, others: 5000 } as const;

const patience = (requestTimeout: number) => ({
  connectionTimeout: 1000,
  requestTimeout,
  // Without this the client only logs that the time is over, and goes on waiting.
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
