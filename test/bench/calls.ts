// How much processor time does a call of DynamoDB take in the process that makes it? Ours against the SDK's own way, with the same commands.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../functions/aws/clients.ts';
import { type Bench, type Figure, medianOf } from './sideBySide.ts';

const rounds = 5;
const callsOfRound = 400;
const callsAtOnce = 8;

const key = { stream: { S: 'tenant/engagement/1' }, version: { N: '1' } };
const Put = { TableName: 'events', Item: { ...key, events: { B: Buffer.alloc(900, 'x') } } };

type Call = (client: DynamoDBClient) => Promise<unknown>;

const made: Readonly<Record<string, Call>> = {
  PutItem: (client) => client.send(new PutItemCommand({ ...Put, ConditionExpression: 'attribute_not_exists(stream)' })),
  GetItem: (client) => client.send(new GetItemCommand({ TableName: 'events', Key: key, ConsistentRead: true })),
  'Query of 10 items': (client) =>
    client.send(
      new QueryCommand({
        TableName: 'events',
        KeyConditionExpression: 'stream = :s',
        ExpressionAttributeValues: { ':s': key.stream },
      }),
    ),
  'TransactWriteItems of 3': (client) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Put }, { Put }] })),
};

/** Microseconds of this process's processor time a call. */
const microsecondsOf = async (client: DynamoDBClient, call: Call): Promise<number> => {
  let left = callsOfRound;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call(client);
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: callsAtOnce }, caller));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / callsOfRound;
};

const compared = async (name: string, call: Call, ours: DynamoDBClient, sdk: DynamoDBClient): Promise<Figure> => {
  const [figures, floors]: [number[], number[]] = [[], []];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const [own, theirs] = [await microsecondsOf(ours, call), await microsecondsOf(sdk, call)];
    if (round === 0) continue;
    figures.push(own);
    floors.push(theirs);
  }
  const [figure, floor] = [medianOf(figures), medianOf(floors)];
  return {
    name: `${name} / the SDK’s own way`,
    unit: 'µs',
    figure,
    floor,
    ratio: figure / floor,
    goal: { is: 'atMost', value: 0.5 },
  };
};

export const calls: Bench = async () => {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'answeringServer.ts')]);
  try {
    const [port] = await once(server.stdout, 'data');
    const environment = {
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${String(port).trim()}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_SESSION_TOKEN: 't'.repeat(400),
    };
    Object.assign(process.env, environment);
    const [ours, sdk] = [createDynamoClient(), new DynamoDBClient({ maxAttempts: 4 })];
    const figures: Figure[] = [];
    for (const [name, call] of Object.entries(made)) figures.push(await compared(name, call, ours, sdk));
    for (const name of Object.keys(environment)) delete process.env[name];
    return figures;
  } finally {
    server.kill();
  }
};
