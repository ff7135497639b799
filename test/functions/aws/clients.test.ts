// Does a client stop waiting for a call that AWS never answers, and retry it? Does it send no more at once than it has sockets?
import { createServer, type Server } from 'node:http';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  createBusClient,
  createDynamoClient,
  createParametersClient,
  createQueueClient,
} from '../../../functions/aws/clients.ts';

/** Milliseconds: enough for an answer; if one is late, the clients still have another try. */
const within = 300;

let server: Server;
let endpoint = '';
let asked = 0;
beforeAll(async () => {
  // It accepts every request, and never answers the first.
  server = createServer((_request, response) => {
    asked += 1;
    if (asked > 1) response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  endpoint = `http://127.0.0.1:${address.port}`;
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'TEST',
    AWS_SECRET_ACCESS_KEY: 'none',
  })) {
    vi.stubEnv(name, value);
  }
});
beforeEach(() => {
  asked = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

type Around = <Args, Answer>(next: (args: Args) => Promise<Answer>) => (args: Args) => Promise<Answer>;
interface Calling {
  readonly stack: { add(around: Around, where: { readonly step: 'deserialize'; readonly priority: 'low' }): void };
  readonly call: () => Promise<{ readonly $metadata: { readonly attempts?: number } }>;
}

/** A client of each service, with a call. */
const services: readonly (readonly [string, (within?: number) => Calling])[] = [
  [
    'DynamoDB',
    (patience) => {
      const client = createDynamoClient(patience);
      const get = new GetItemCommand({ TableName: 'things', Key: { id: { S: '1' } } });
      return { stack: client.middlewareStack, call: () => client.send(get) };
    },
  ],
  [
    'the bus',
    (patience) => {
      const client = createBusClient(patience);
      const put = new PutEventsCommand({ Entries: [{ Detail: '{}' }] });
      return { stack: client.middlewareStack, call: () => client.send(put) };
    },
  ],
  [
    'a queue',
    (patience) => {
      const client = createQueueClient(patience);
      const send = new SendMessageBatchCommand({ QueueUrl: `${endpoint}/queue`, Entries: [] });
      return { stack: client.middlewareStack, call: () => client.send(send) };
    },
  ],
  [
    'the parameter store',
    (patience) => {
      const client = createParametersClient(patience);
      return { stack: client.middlewareStack, call: () => client.send(new GetParameterCommand({ Name: '/secret' })) };
    },
  ],
];

test.each(services)('a call of %s is retried and succeeds', async (_service, create) => {
  const { $metadata } = await create(within).call();
  expect($metadata.attempts).toBeGreaterThan(1);
  expect(asked).toBe($metadata.attempts);
});

test.each(services)('no more calls of %s are on their way than a client has sockets for', async (_service, create) => {
  asked = 1;
  const { stack, call } = create();
  let [begun, onTheWay, most] = [0, 0, 0];
  const counted: Around = (next) => async (args) => {
    begun += 1;
    onTheWay += 1;
    most = Math.max(most, onTheWay);
    try {
      if (begun % 40 === 0) throw new Error('fails on its way');
      return await next(args);
    } finally {
      onTheWay -= 1;
    }
  };
  stack.add(counted, { step: 'deserialize', priority: 'low' });
  // Twice, because the places of the first calls are free again, also of those that failed.
  for (let round = 0; round < 2; round += 1) await Promise.allSettled(Array.from({ length: 150 }, call));
  expect(asked).toBeGreaterThan(200);
  expect(most).toBe(48);
});
