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
    Array.from({ length: 12 }, (_, index) => ({ body: index, tenantId: 'acme' })),
  );
  expect(taken.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  await expect(send('queue', [{ body: 1, tenantId: undefined }])).rejects.toThrow(
    '1 messages could not be sent to queue',
  );
  sqs.restore();
});

test('each message is in the group of its tenant, in a form that SQS takes', async () => {
  const sqs = mockClient(SQSClient);
  const groups: unknown[] = [];
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }) => {
    groups.push(...Entries.map(({ MessageGroupId }: { MessageGroupId?: string }) => MessageGroupId));
    return { Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })) };
  });
  const tenants = ['acme', 'x'.repeat(128), 'zürich', '漢'.repeat(128), 'zürich', undefined];
  await createSqsSender({ client: new SQSClient({}), random: () => 0 })(
    'queue',
    tenants.map((tenantId) => ({ body: 1, tenantId })),
  );
  const [acme, long, umlaut, wide, again, all] = groups;
  expect([acme, long, all]).toEqual(['acme', 'x'.repeat(128), '#all']);
  expect(again).toBe(umlaut);
  expect(new Set(groups).size).toBe(5);
  for (const group of [umlaut, wide]) expect(group).toMatch(/^[0-9a-f-]{36}$/);
  sqs.restore();
});
