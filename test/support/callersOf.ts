// How does a test call AWS's services in the name of a function of the running app? With the real clients, signed with its name.
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { functionNamed } from '../../infra/local/functionHosts.ts';
import type { Runtime } from '../../infra/local/runtime.ts';

type Item = Record<string, AttributeValue>;

/** The clients of one caller, and what it may try in a line. */
export interface Caller {
  readonly dynamo: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  put(TableName: string, Item: Item): Promise<unknown>;
  putInTransaction(TableName: string, Item: Item): Promise<unknown>;
  putInBatch(TableName: string, Item: Item): Promise<unknown>;
  update(TableName: string, Key: Item): Promise<unknown>;
  updateInTransaction(TableName: string, Key: Item): Promise<unknown>;
  remove(TableName: string, Key: Item): Promise<unknown>;
  removeInTransaction(TableName: string, Key: Item): Promise<unknown>;
  removeInBatch(TableName: string, Key: Item): Promise<unknown>;
  scan(TableName: string, IndexName?: string): Promise<unknown>;
  /** Queries a partition, of the index where one is named. */
  query(TableName: string, key: Readonly<Record<string, string>>, IndexName?: string): Promise<unknown>;
  publish(...sources: readonly string[]): Promise<unknown>;
  sendTo(queue: string): Promise<unknown>;
  secret(Name: string): Promise<unknown>;
}

export type Attempt = (caller: Caller) => Promise<unknown>;

const answerOf = (attempted: Promise<unknown>): Promise<string> =>
  attempted.then(
    () => 'was carried out',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

const change = { UpdateExpression: 'SET changed = :x', ExpressionAttributeValues: { ':x': { S: 'x' } } };

/** Makes callers of the running app; `stop` ends their connections. */
export const callersOf = (runtime: Runtime) => {
  const endpoint = runtime.endpoints.sqs;
  const ending: { destroy(): void }[] = [];
  const as = (accessKeyId: string): Caller => {
    const configuration = {
      endpoint,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: runtime.keys.credentialsOf(accessKeyId),
    };
    const dynamo = new DynamoDBClient(configuration);
    const events = new EventBridgeClient(configuration);
    const sqs = new SQSClient(configuration);
    const ssm = new SSMClient(configuration);
    ending.push(dynamo, events, sqs, ssm);
    const transact = (part: object) => dynamo.send(new TransactWriteItemsCommand({ TransactItems: [part] }));
    return {
      ...{ dynamo, events, sqs, ssm },
      put: (TableName, Item) => dynamo.send(new PutItemCommand({ TableName, Item })),
      putInTransaction: (TableName, Item) => transact({ Put: { TableName, Item } }),
      putInBatch: (table, Item) =>
        dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table]: [{ PutRequest: { Item } }] } })),
      update: (TableName, Key) => dynamo.send(new UpdateItemCommand({ TableName, Key, ...change })),
      updateInTransaction: (TableName, Key) => transact({ Update: { TableName, Key, ...change } }),
      remove: (TableName, Key) => dynamo.send(new DeleteItemCommand({ TableName, Key })),
      removeInTransaction: (TableName, Key) => transact({ Delete: { TableName, Key } }),
      removeInBatch: (table, Key) =>
        dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table]: [{ DeleteRequest: { Key } }] } })),
      scan: (TableName, IndexName) => dynamo.send(new ScanCommand({ TableName, ...(IndexName && { IndexName }) })),
      query: (TableName, key, IndexName) => {
        const [[name, value] = ['', '']] = Object.entries(key);
        return dynamo.send(
          new QueryCommand({
            TableName,
            ...(IndexName && { IndexName }),
            KeyConditionExpression: '#key = :value',
            ExpressionAttributeNames: { '#key': name },
            ExpressionAttributeValues: { ':value': { S: value } },
          }),
        );
      },
      publish: (...sources) => {
        const { BusName: EventBusName } = runtime.plan.outputs;
        const Entries = sources.map((Source) => ({ EventBusName, Source, DetailType: 'DealClosed', Detail: '{}' }));
        return events.send(new PutEventsCommand({ Entries }));
      },
      sendTo: (queue) => sqs.send(new SendMessageCommand({ QueueUrl: `${endpoint}/0/${queue}`, MessageBody: '{}' })),
      secret: (Name) => ssm.send(new GetParameterCommand({ Name, WithDecryption: true })),
    };
  };
  return {
    as,
    /** What each of these functions was not denied, and what came of it instead. */
    notDenied: async (names: readonly string[], attempts: readonly Attempt[]): Promise<readonly string[]> => {
      const answers: string[] = [];
      for (const name of names) {
        const caller = as(functionNamed(runtime.plan.functions, name).name);
        for (const [index, attempt] of attempts.entries()) {
          const answer = await answerOf(attempt(caller));
          if (!/^AccessDenied(Exception)?$/.test(answer)) answers.push(`${name}, attempt ${index + 1}: ${answer}`);
        }
      }
      return answers;
    },
    stop: (): void => {
      for (const client of ending) client.destroy();
    },
  };
};
