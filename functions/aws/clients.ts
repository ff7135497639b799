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

/** A client has 50 sockets. */
const mostOnTheWay = 48;

/** What a client does around each try of a call. */
type Around = <Args, Answer>(next: (args: Args) => Promise<Answer>) => (args: Args) => Promise<Answer>;

/** Lets so many tries through at once; the others wait, the first first. */
const inTurn = (): Around => {
  const waiting: (() => void)[] = [];
  let onTheWay = 0;
  return (next) => async (args) => {
    if (onTheWay < mostOnTheWay) onTheWay += 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await next(args);
    } finally {
      const begin = waiting.shift();
      if (begin === undefined) onTheWay -= 1;
      else begin();
    }
  };
};

/** Around each try, up to the last byte of its answer. */
const eachTry = { step: 'deserialize', priority: 'high', name: 'inTurn' } as const;

interface Client {
  readonly middlewareStack: { add(around: Around, where: typeof eachTry): void };
}

/**
 * A call that waits a second for a socket fails as if the service could not be reached, and enough of them use up the client's
 * retries. So calls wait before they ask for one, however wide the work is that makes them.
 */
const bounded = <C extends Client>(client: C): C => {
  client.middlewareStack.add(inTurn(), eachTry);
  return client;
};

export const createDynamoClient = (within: number = answersWithin.others): DynamoDBClient =>
  bounded(new DynamoDBClient({ maxAttempts: tries.dynamo, requestHandler: patience(within) }));

export const createBusClient = (within: number = answersWithin.bus): EventBridgeClient =>
  bounded(new EventBridgeClient({ maxAttempts: tries.bus, requestHandler: patience(within) }));

export const createQueueClient = (within: number = answersWithin.others): SQSClient =>
  bounded(new SQSClient({ maxAttempts: tries.queue, requestHandler: patience(within) }));

export const createParametersClient = (within: number = answersWithin.others): SSMClient =>
  bounded(new SSMClient({ maxAttempts: tries.parameters, requestHandler: patience(within) }));
