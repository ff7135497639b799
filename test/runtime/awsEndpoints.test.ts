// Do the local endpoints refuse by name what they don't answer, and show each call before it acts?
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { account, region, startAwsEndpoints, type TestEndpoints } from '../support/awsEndpoints.ts';

let here: TestEndpoints;
afterEach(() => here.stop());

test('what is not answered is refused by name', async () => {
  here = await startAwsEndpoints();
  const { endpoint, sqs, urlOf } = here;
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
  here = await startAwsEndpoints(({ permission }) =>
    permission === 'sqs:SendMessage' ? 'RELAY may not perform sqs:SendMessage' : undefined,
  );
  const { calls, events, queueStore, sqs, urlOf } = here;
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
