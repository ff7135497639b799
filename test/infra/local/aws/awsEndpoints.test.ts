// Do the local endpoints refuse by name what they don't answer, and show each call before it acts?
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { AwsRefusal } from '../../../../infra/local/aws/awsCall.ts';
import { cut, type ServiceCall } from '../../../../infra/local/core/callInterceptor.ts';
import { account, region, startAwsEndpoints, type TestEndpoints } from '../../../support/awsEndpoints.ts';

let here: TestEndpoints;
afterEach(() => here.stop());

test('an unknown call is refused by name', async () => {
  here = await startAwsEndpoints();
  const { sqs, urlOf } = here;
  await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    message: "The local runtime doesn't answer AmazonSQS.ListQueues.",
  });
  const fifo = new SendMessageCommand({ QueueUrl: urlOf('work'), MessageBody: 'x', MessageDeduplicationId: '1' });
  await expect(sqs.send(fifo)).rejects.toMatchObject({
    message: 'The local runtime doesn\'t support "MessageDeduplicationId" in this call; leave it out.',
  });
  await expect(
    sqs.send(new SendMessageCommand({ QueueUrl: urlOf('nowhere'), MessageBody: 'x' })),
  ).rejects.toMatchObject({ name: 'QueueDoesNotExist', message: 'There is no queue "nowhere" here.' });
});

const isDenied = ({ needs }: ServiceCall): boolean => needs.some(({ action }) => action === 'sqs:SendMessage');

test('each call passes the interceptors first, with its caller and its permissions, and can be refused there', async () => {
  here = await startAwsEndpoints(async (call, pass) => {
    if (isDenied(call)) throw new AwsRefusal('AccessDeniedException', 'RELAY may not perform sqs:SendMessage');
    return await pass();
  });
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
  expect(calls).toMatchObject([
    {
      ...{ caller: 'RELAY', service: 'sqs', operation: 'SendMessageBatch' },
      needs: [{ action: 'sqs:SendMessage', resource: `arn:aws:sqs:${region}:${account}:work` }],
    },
    {
      ...{ caller: 'RELAY', service: 'events', operation: 'PutEvents' },
      needs: [{ action: 'events:PutEvents', resource: `arn:aws:events:${region}:${account}:event-bus/main` }],
    },
  ]);
});

test('an interceptor may carry a call out twice, or drop its answer', async () => {
  here = await startAwsEndpoints(async ({ input }, pass) => {
    await pass();
    return input.MessageBody === 'lost' ? cut : await pass();
  });
  const { queueStore, sqs, urlOf } = here;
  const QueueUrl = urlOf('work');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'twice' }));
  expect(queueStore.counts('work').visible).toBe(2);
  await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }))).rejects.toThrow();
  expect(queueStore.counts('work').visible).toBe(3);
});
