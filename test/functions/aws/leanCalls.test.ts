// Does a lean call sign, send and answer as the SDK would, and is the SDK asked where the lean way gets no answer?
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createBusClient, createDynamoClient, createQueueClient } from '../../../functions/aws/clients.ts';
import { signatureCheck } from '../../../infra/local/aws/signature.ts';
import { accessKeysOf } from '../../../infra/local/core/accessKeys.ts';

type Reply = { readonly status?: number; readonly json?: unknown } | 'nothing' | 'half';

interface Seen {
  readonly target: unknown;
  readonly body: unknown;
  /** The SDK names itself, a lean call does not. */
  readonly bySdk: boolean;
  readonly caller: string;
}

const keys = accessKeysOf(Buffer.alloc(32));
const callerOf = signatureCheck(keys);
let server: Server;
let endpoint = '';
let client: DynamoDBClient;
let seen: Seen[] = [];
let replies: Reply[] = [];

const noted = (request: IncomingMessage, body: Buffer): Seen => ({
  target: request.headers['x-amz-target'],
  body: JSON.parse(body.toString('utf8')),
  bySdk: request.headers['user-agent'] !== undefined,
  caller: callerOf(request, body),
});

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await buffer(request);
    seen.push(noted(request, body));
    const reply = replies.shift() ?? {};
    if (reply === 'nothing') return;
    if (reply === 'half') {
      response.writeHead(200, { 'content-length': 100 }).write('{"Item":');
      setImmediate(() => response.destroy());
      return;
    }
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'R' });
    response.end(JSON.stringify(reply.json ?? {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  endpoint = `http://127.0.0.1:${address.port}`;
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'translate',
    AWS_SECRET_ACCESS_KEY: keys.secretOf('translate'),
    AWS_SESSION_TOKEN: 'a token',
    _X_AMZN_TRACE_ID: 'Root=1',
  })) {
    vi.stubEnv(name, value);
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const key = { id: { S: 'é "1"' } };
const get = () => client.send(new GetItemCommand({ TableName: 'things', Key: key }));
const put = () =>
  client.send(new PutItemCommand({ TableName: 'things', Item: { ...key, bytes: { B: Buffer.from('ab') } } }));
const transact = () =>
  client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: 'things', Item: key } }] }));

/** Each command's first call is the SDK's; what is asked after them is of interest. */
beforeEach(async () => {
  client = createDynamoClient(300);
  replies = [];
  await Promise.all([get(), put(), transact()]);
  seen = [];
});

const ways = () => seen.map(({ bySdk }) => (bySdk ? 'sdk' : 'lean'));

test('the first call of a command is the SDK’s, the next are lean', async () => {
  seen = [];
  client = createDynamoClient(300);
  await get();
  await get();
  await put();
  await get();
  expect(ways()).toEqual(['sdk', 'lean', 'sdk', 'lean']);
});

test('a lean call is signed, and says the same as the SDK’s', async () => {
  const fresh = createDynamoClient();
  const item = { TableName: 'things', Item: { ...key, list: { L: [{ B: Buffer.from([1, 2]) }, { NULL: true }] } } };
  const all = { ...item, ExpressionAttributeNames: undefined, ConditionExpression: 'attribute_not_exists(id)' };
  await fresh.send(new PutItemCommand(all));
  await fresh.send(new PutItemCommand(all));
  expect(ways()).toEqual(['sdk', 'lean']);
  expect(seen[1]).toEqual({ ...seen[0], bySdk: false });
  expect(seen[1]).toMatchObject({ target: 'DynamoDB_20120810.PutItem', caller: 'translate' });
});

test('bytes come back as bytes, at every depth, also in attributes that are named like types', async () => {
  const json = {
    Item: { B: { B: 'AQI=' }, BS: { BS: ['AQI='] }, m: { M: { l: { L: [{ B: 'AQI=' }, { S: 'AQI=' }] } } } },
  };
  replies = [{ json }];
  const bytes = new Uint8Array([1, 2]);
  const { Item, $metadata } = await get();
  expect(Item).toEqual({ B: { B: bytes }, BS: { BS: [bytes] }, m: { M: { l: { L: [{ B: bytes }, { S: 'AQI=' }] } } } });
  expect($metadata).toEqual({ httpStatusCode: 200, requestId: 'R', attempts: 1 });
});

const refused = (type: string, more: object = {}): Reply => ({
  status: 400,
  json: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'No.', ...more },
});

test('a refused condition is thrown with the item that is there, after one try', async () => {
  replies = [refused('ConditionalCheckFailedException', { Item: { id: { B: 'AQI=' } } })];
  const error = await put().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).toMatchObject({ message: 'No.', Item: { id: { B: new Uint8Array([1, 2]) } } });
  expect(ways()).toEqual(['lean']);
});

test('a cancelled transaction is thrown with its reasons, after one try', async () => {
  replies = [refused('TransactionCanceledException', { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] })];
  const error = await transact().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  expect(error).toMatchObject({ CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] });
  expect(ways()).toEqual(['lean']);
});

const unanswered: readonly (readonly [string, Reply])[] = [
  ['a throttled call', refused('ProvisionedThroughputExceededException')],
  ['a call that the service failed', { status: 500, json: { __type: 'InternalServerError' } }],
  ['a call that nobody answers', 'nothing'],
  ['a call whose answer is cut off', 'half'],
];
test.each(unanswered)('%s goes to the SDK, which has the other tries', async (_what, reply) => {
  replies = [reply, refused('ThrottlingException'), { json: { Item: key } }];
  expect((await get()).Item).toEqual(key);
  expect(ways()).toEqual(['lean', 'sdk', 'sdk']);
});

test('in all no more tries are made than the client’s', async () => {
  replies = Array.from({ length: 9 }, () => refused('ThrottlingException'));
  await expect(get()).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect(ways()).toEqual(['lean', 'sdk', 'sdk', 'sdk']);
});

test('an error that the SDK does not retry is the SDK’s', async () => {
  replies = [refused('ResourceNotFoundException'), refused('ResourceNotFoundException')];
  await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'No.' });
  expect(ways()).toEqual(['lean', 'sdk']);
});

test('all tries of a transaction have one token, so that none refuses what another wrote', async () => {
  replies = ['half'];
  await transact();
  await transact();
  const tokens = seen.map(({ body }) => Object(body).ClientRequestToken);
  expect(tokens).toEqual([expect.stringMatching(/^[\w-]{36}$/), tokens[0], expect.not.stringMatching(tokens[0])]);
  expect(ways()).toEqual(['lean', 'sdk', 'lean']);
});

test('events and messages are put in a lean way too', async () => {
  const bus = createBusClient();
  const queue = createQueueClient();
  for (const EventBusName of ['a', 'b']) {
    replies = [{ json: { FailedEntryCount: 0, Entries: [{ EventId: EventBusName }] } }];
    const answer = await bus.send(new PutEventsCommand({ Entries: [{ EventBusName, Source: 's', Detail: '{}' }] }));
    expect(answer.Entries).toEqual([{ EventId: EventBusName }]);
  }
  const Entries = [{ Id: '0', MessageBody: '{}', MessageGroupId: 'g' }];
  const sent = { Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: '99914b932bd37a50b983c5e7c90ae93b' }] };
  for (const QueueUrl of [`${endpoint}/a`, `${endpoint}/b`]) {
    replies = [{ json: sent }];
    const { Successful } = await queue.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful).toEqual(sent.Successful);
  }
  expect(seen.map(({ bySdk, target }) => [bySdk, target])).toEqual([
    [true, 'AWSEvents.PutEvents'],
    [false, 'AWSEvents.PutEvents'],
    [true, 'AmazonSQS.SendMessageBatch'],
    [false, 'AmazonSQS.SendMessageBatch'],
  ]);
});
