// Does the real SQS client get from the local endpoint what AWS would answer it?
import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { account, region, startAwsEndpoints, type TestEndpoints } from '../../../support/awsEndpoints.ts';

let here: TestEndpoints;
beforeEach(async () => {
  here = await startAwsEndpoints();
});
afterEach(() => here.stop());

test('a message is sent, received and deleted by the queue’s URL', async () => {
  const { clock, sqs, urlOf } = here;
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
  const { sqs, urlOf } = here;
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

test('a released message is visible at once, and a stale handle can not change it', async () => {
  const { clock, sqs, urlOf } = here;
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
