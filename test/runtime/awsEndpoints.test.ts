// Do the real SDK clients get from the local endpoints what AWS would answer them?
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AwsCall, createAwsEndpoints } from '../../infra/local/awsEndpoints.ts';
import { createBus } from '../../infra/local/bus.ts';
import { type ManualClock, manualClock } from '../../infra/local/clock.ts';
import { compilePattern } from '../../infra/local/eventPattern.ts';
import { openQueueStore, type QueueStore } from '../../infra/local/queueStore.ts';

const account = '111122223333';
const region = 'eu-central-1';

let server: Server;
let clock: ManualClock;
let queueStore: QueueStore;
let calls: AwsCall[];
let deny: (call: AwsCall) => string | undefined;
let endpoint: string;
let sqs: SQSClient;
let events: EventBridgeClient;
let ssm: SSMClient;

beforeEach(async () => {
  clock = manualClock(Date.parse('2026-03-04T05:06:07.890Z'));
  queueStore = openQueueStore({ path: ':memory:', clock });
  queueStore.ensureQueue('work-dead', { visibilityTimeoutSeconds: 30, delaySeconds: 0 });
  queueStore.ensureQueue('work', {
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    redrive: { deadLetterQueue: 'work-dead', maxReceiveCount: 2 },
  });
  const bus = createBus({ queueStore, account, region, clock });
  const matcher = compilePattern({ source: ['throughline'] });
  bus.setRules([{ name: 'toWork', bus: 'main', matcher, targets: [{ queue: 'work' }] }]);
  calls = [];
  deny = () => undefined;
  const onCall = (call: AwsCall) => {
    calls.push(call);
    return deny(call);
  };
  server = createServer(createAwsEndpoints({ bus, queueStore, clock, onCall }));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  endpoint = `http://127.0.0.1:${address.port}`;
  const configuration = {
    endpoint,
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'RELAY', secretAccessKey: 'none' },
  };
  sqs = new SQSClient(configuration);
  events = new EventBridgeClient(configuration);
  ssm = new SSMClient(configuration);
});

afterEach(async () => {
  for (const client of [sqs, events, ssm]) client.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  queueStore.close();
});

const urlOf = (queue: string) => `${endpoint}/000000000000/${queue}`;

test('a message goes round: url, send, receive, delete', async () => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
  expect(QueueUrl).toBe(urlOf('work'));
  const body = '{"amount":84000.0,"name":"Zoë"}';
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  expect(sent.MD5OfMessageBody).toBe(createHash('md5').update(body).digest('hex'));

  clock.advance(1_500);
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageSystemAttributeNames: ['All'] }),
  );
  expect(Messages).toEqual([
    {
      MessageId: sent.MessageId,
      ReceiptHandle: expect.any(String),
      Body: body,
      MD5OfBody: sent.MD5OfMessageBody,
      Attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(clock.now() - 1_500),
        ApproximateFirstReceiveTimestamp: String(clock.now()),
        SenderId: '000000000000',
      },
    },
  ]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
  clock.advance(60_000);
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []).toEqual([]);
});

test('batches answer by entry, and a delay is kept', async () => {
  const QueueUrl = urlOf('work');
  const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: `body ${Id}`, DelaySeconds: Id === 'c' ? 5 : 0 }));
  const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'b', 'c']);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['body a', 'body b']);
  const deleted = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', ReceiptHandle: Messages?.[0]?.ReceiptHandle },
        { Id: 'bad', ReceiptHandle: 'no handle' },
      ],
    }),
  );
  expect(deleted.Successful).toEqual([{ Id: 'good' }]);
  expect(deleted.Failed).toEqual([
    {
      Id: 'bad',
      SenderFault: true,
      Code: 'ReceiptHandleIsInvalid',
      Message: '"no handle" is no receipt handle of this queue.',
    },
  ]);
  const counted = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(counted.Attributes).toEqual({
    QueueArn: `arn:aws:sqs:${region}:${account}:work`,
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
    VisibilityTimeout: '30',
    DelaySeconds: '0',
    RedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:${region}:${account}:work-dead","maxReceiveCount":2}`,
  });
});

test('a message given back by its holder is there again at once, and a stale handle can no longer change it', async () => {
  const QueueUrl = urlOf('work');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const first = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
  const ReceiptHandle = first.Messages?.[0]?.ReceiptHandle;
  clock.advance(599_000);
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []).toEqual([]);
  const giveBack = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  await sqs.send(giveBack);
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
  await expect(sqs.send(giveBack)).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'The message does not exist, or is not available for a change of its visibility timeout.',
  });
});

test('PutEvents answers by entry, and the queue holds what it acknowledged', async () => {
  const entry = { EventBusName: 'main', Source: 'throughline', DetailType: 'DealClosed', Detail: '{"amount":84000.0}' };
  const answer = await events.send(
    new PutEventsCommand({
      Entries: [
        { ...entry, Time: new Date('2026-01-02T03:04:05.678Z'), Resources: ['arn:aws:x'] },
        { ...entry, Detail: '{"amount":' },
        { ...entry, EventBusName: 'elsewhere' },
        { ...entry, Source: undefined },
      ],
    }),
  );
  expect(answer.FailedEntryCount).toBe(3);
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'MalformedDetail',
    'UnknownBus',
    'InvalidArgument',
  ]);
  const eventId = answer.Entries?.[0]?.EventId;
  expect(queueStore.receive('work', 10).map(({ body }) => body)).toEqual([
    `{"version":"0","id":"${eventId}","detail-type":"DealClosed","source":"throughline","account":"${account}",` +
      `"time":"2026-01-02T03:04:05Z","region":"${region}","resources":["arn:aws:x"],"detail":{"amount":84000.0}}`,
  ]);
});

test('eleven entries are refused as a whole', async () => {
  const Entries = Array.from({ length: 11 }, () => ({ Source: 'a', DetailType: 'b', Detail: '{}' }));
  await expect(events.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'PutEvents takes 1 to 10 entries, not 11.',
  });
});

test('a parameter is put, read with its decryption only, and missed by name', async () => {
  const Name = '/throughline/Throughline/connections/crm';
  const put = (Value: string, Overwrite?: boolean) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite }));
  expect((await put('one')).Version).toBe(1);
  await expect(put('two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put('two', true)).Version).toBe(2);

  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  expect(Parameter).toMatchObject({
    Name,
    Value: 'two',
    Version: 2,
    Type: 'SecureString',
    LastModifiedDate: new Date(clock.now()),
    ARN: `arn:aws:ssm:${region}:${account}:parameter/throughline/Throughline/connections/crm`,
  });
  await expect(ssm.send(new GetParameterCommand({ Name }))).rejects.toMatchObject({
    message: 'Parameters here are SecureStrings: set WithDecryption to read one.',
  });
  const many = await ssm.send(new GetParametersCommand({ Names: [Name, '/none'], WithDecryption: true }));
  expect(many.Parameters?.map(({ Value }) => Value)).toEqual(['two']);
  expect(many.InvalidParameters).toEqual(['/none']);
  await expect(ssm.send(new GetParameterCommand({ Name: '/none', WithDecryption: true }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
    message: 'There is no parameter "/none" here.',
  });
});

test('what is not answered is refused by name', async () => {
  await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    message: "The local runtime doesn't answer AmazonSQS.ListQueues.",
  });
  const fifo = new SendMessageCommand({ QueueUrl: urlOf('work'), MessageBody: 'x', MessageDeduplicationId: '1' });
  await expect(sqs.send(fifo)).rejects.toMatchObject({
    message: 'The local runtime doesn\'t heed "MessageDeduplicationId" of this call; leave it out.',
  });
  await expect(
    sqs.send(new SendMessageCommand({ QueueUrl: urlOf('nowhere'), MessageBody: 'x' })),
  ).rejects.toMatchObject({ name: 'QueueDoesNotExist', message: 'There is no queue "nowhere" here.' });
  const plain = await fetch(endpoint, { method: 'POST', body: 'Action=SendMessage' });
  expect(plain.status).toBe(400);
  expect(await plain.json()).toMatchObject({
    __type: 'UnknownOperationException',
    message: "The local runtime doesn't answer a request without X-Amz-Target (POST /).",
  });
});

test('each call shows its caller, permission and resources before it acts, and can be denied', async () => {
  deny = ({ permission }) => (permission === 'sqs:SendMessage' ? 'RELAY may not perform sqs:SendMessage' : undefined);
  const QueueUrl = urlOf('work');
  await expect(
    sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }] })),
  ).rejects.toMatchObject({ name: 'AccessDeniedException', message: 'RELAY may not perform sqs:SendMessage' });
  expect(queueStore.counts('work').visible).toBe(0);
  await events.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: 'main', Source: 'throughline', DetailType: 'b', Detail: '{}' }],
    }),
  );
  expect(calls).toEqual([
    { permission: 'sqs:SendMessage', resources: [`arn:aws:sqs:${region}:${account}:work`], accessKeyId: 'RELAY' },
    {
      permission: 'events:PutEvents',
      resources: [`arn:aws:events:${region}:${account}:event-bus/main`],
      accessKeyId: 'RELAY',
    },
  ]);
});
