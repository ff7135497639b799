// Do all messages reach their queue when it accepts only some of them at first?
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { createSqsSender } from '../../../functions/aws/sqs.ts';

test('messages that a queue did not accept are retried, and fail after the last try', async () => {
  const sqs = mockClient(SQSClient);
  const taken: string[] = [];
  let calls = 0;
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }) => {
    calls += 1;
    const [refused, ...rest]: readonly { Id: string; MessageBody: string }[] = Entries;
    const accepted = calls === 1 ? rest : Entries;
    taken.push(...accepted.map(({ MessageBody }: { MessageBody: string }) => MessageBody));
    return {
      Successful: accepted.map(({ Id }: { Id: string }) => ({ Id })),
      Failed: calls === 1 ? [{ Id: refused?.Id, Code: 'ServiceUnavailable', SenderFault: false }] : [],
    };
  });
  const send = createSqsSender({ client: new SQSClient({}), random: () => 0 });
  await send(
    'queue',
    Array.from({ length: 12 }, (_, index) => ({ body: index })),
  );
  expect(taken.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  await expect(send('queue', [{ body: 1 }])).rejects.toThrow('1 messages could not be sent to queue');
  sqs.restore();
});
