// Does the real EventBridge client get from the local endpoint what AWS would answer it?
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { account, region, startAwsEndpoints, type TestEndpoints } from '../../../support/awsEndpoints.ts';

let here: TestEndpoints;
beforeEach(async () => {
  here = await startAwsEndpoints();
});
afterEach(() => here.stop());

test('PutEvents answers by entry, and the queue holds what it acknowledged', async () => {
  const { events, queueStore } = here;
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
  const { events } = here;
  const Entries = Array.from({ length: 11 }, () => ({ Source: 'a', DetailType: 'b', Detail: '{}' }));
  await expect(events.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'PutEvents takes 1 to 10 entries, not 11.',
  });
});
