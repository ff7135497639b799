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
/** So many requests are held until they are all there; 0: none is. */
let together = 0;
let held: (() => void)[] = [];
let most = 0;
beforeAll(async () => {
  // It accepts every request, and never answers the first, unless it holds them.
  server = createServer((_request, response) => {
    asked += 1;
    if (together > 0) {
      held.push(() => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}'));
      most = Math.max(most, held.length);
      if (held.length < together && asked < 300) return;
      const all = held;
      held = [];
      for (const answer of all) answer();
      return;
    }
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
  together = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const calls: readonly (readonly [string, () => Promise<{ readonly $metadata: { readonly attempts?: number } }>])[] = [
  [
    'DynamoDB',
    () => createDynamoClient(within).send(new GetItemCommand({ TableName: 'things', Key: { id: { S: '1' } } })),
  ],
  ['the bus', () => createBusClient(within).send(new PutEventsCommand({ Entries: [{ Detail: '{}' }] }))],
  [
    'a queue',
    () => createQueueClient(within).send(new SendMessageBatchCommand({ QueueUrl: `${endpoint}/queue`, Entries: [] })),
  ],
  ['the parameter store', () => createParametersClient(within).send(new GetParameterCommand({ Name: '/secret' }))],
];

test.each(calls)('a call of %s is retried and succeeds', async (_service, call) => {
  const { $metadata } = await call();
  expect($metadata.attempts).toBeGreaterThan(1);
  expect(asked).toBe($metadata.attempts);
});

test('a client sends no more at once than it has sockets for, so that no call waits for one', async () => {
  together = 48;
  const client = createDynamoClient();
  const get = () => client.send(new GetItemCommand({ TableName: 'things', Key: { id: { S: '1' } } }));
  const answers = await Promise.all(Array.from({ length: 300 }, get));
  expect(new Set(answers.map(({ $metadata }) => $metadata.attempts))).toEqual(new Set([1]));
  expect(most).toBe(48);
});
