// Through which clients, and with which timeouts, does a function call AWS?
// Every entry file calls it when its process starts; the clients reach DynamoDB, EventBridge, SQS and Systems Manager.
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { leanCalls, type Service } from './leanCalls.ts';

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

/** Writers meet each other: these two errors are answers, which no further try changes. */
const metAnother: Service['expected'] = (type, answer, $metadata) => {
  const about = { message: answer.message ?? answer.Message, $metadata };
  if (type === 'ConditionalCheckFailedException') {
    return new ConditionalCheckFailedException({ ...about, Item: answer.Item });
  }
  if (type === 'TransactionCanceledException') {
    return new TransactionCanceledException({ ...about, CancellationReasons: answer.CancellationReasons });
  }
};

const dynamo = { name: 'dynamodb', target: 'DynamoDB_20120810', json: '1.0', expected: metAnother } as const;
const events = { name: 'events', target: 'AWSEvents', json: '1.1' } as const;
const queues = { name: 'sqs', target: 'AmazonSQS', json: '1.0' } as const;

/** The settings of a client whose first try is lean; the SDK has the others. */
const others = (all: number, within: number) => ({
  maxAttempts: all - 1,
  requestHandler: patience(within),
  // The stack of middleware is put together once a command and not at each call, and what it found out is kept.
  cacheMiddleware: true,
});

const first = { step: 'initialize', priority: 'high', name: 'leanCalls' } as const;

export const createDynamoClient = (within: number = answersWithin.others): DynamoDBClient => {
  const client = new DynamoDBClient(others(tries.dynamo, within));
  client.middlewareStack.add(leanCalls({ service: dynamo, known: client.config, patience: patience(within) }), first);
  return client;
};

export const createBusClient = (within: number = answersWithin.bus): EventBridgeClient => {
  const client = new EventBridgeClient(others(tries.bus, within));
  client.middlewareStack.add(leanCalls({ service: events, known: client.config, patience: patience(within) }), first);
  return client;
};

export const createQueueClient = (within: number = answersWithin.others): SQSClient => {
  const client = new SQSClient(others(tries.queue, within));
  client.middlewareStack.add(leanCalls({ service: queues, known: client.config, patience: patience(within) }), first);
  return client;
};

export const createParametersClient = (within: number = answersWithin.others): SSMClient =>
  new SSMClient({ maxAttempts: tries.parameters, requestHandler: patience(within) });
