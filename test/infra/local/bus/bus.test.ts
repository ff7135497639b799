// Does a put reach every matching target's queue, in one transaction, with the envelope that EventBridge makes?
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type Bus, type BusEntry, createBus } from '../../../../infra/local/bus/bus.ts';
import { compilePattern } from '../../../../infra/local/bus/eventPattern.ts';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { type OutgoingMessage, openQueueStore, type QueueStore } from '../../../../infra/local/storage/queueStore.ts';

const clock = manualClock(Date.parse('2026-03-04T05:06:07.890Z'));
const place = { account: '111122223333', region: 'eu-central-1', clock };
const entry: BusEntry = {
  source: 'throughline',
  detailType: 'DealClosed',
  detail: '{"stage":"sell"}',
  busName: 'main',
};

let queueStore: QueueStore;
let sends: (readonly OutgoingMessage[])[];
let bus: Bus;

beforeEach(() => {
  queueStore = openQueueStore({ path: ':memory:', clock });
  for (const name of ['sell', 'audit', 'partners']) {
    queueStore.ensureQueue(name, { visibilityTimeoutSeconds: 30, delaySeconds: 0 });
  }
  sends = [];
  const sendAll: QueueStore['sendAll'] = (entries) => {
    sends.push(entries);
    return queueStore.sendAll(entries);
  };
  bus = createBus({ ...place, queueStore: { sendAll } });
  const partner = 'aws.partner/salesforce.com/00D/1';
  bus.setRules(
    [
      {
        name: 'sell',
        bus: 'main',
        matcher: compilePattern({ detail: { stage: ['sell'] } }),
        targets: [{ queue: 'sell' }],
      },
      {
        name: 'all',
        bus: 'main',
        matcher: compilePattern({ source: [{ exists: true }] }),
        targets: [{ queue: 'audit' }, { queue: 'sell', input: '{"sweep":"due"}' }],
      },
      {
        name: 'partner',
        bus: partner,
        matcher: compilePattern({ source: [partner] }),
        targets: [{ queue: 'partners' }],
      },
    ],
    ['quiet'],
  );
});

const bodies = (queue: string) => queueStore.receive(queue, 10).map(({ body }) => body);

test('every target of every matching rule receives the envelope, or its constant input, in one transaction', () => {
  const results = bus.put([entry, { ...entry, detail: '{"stage":"renew"}' }]);
  expect(results).toEqual([{ eventId: expect.any(String) }, { eventId: expect.any(String) }]);
  expect(sends).toHaveLength(1);
  const audited = bodies('audit');
  expect(audited).toHaveLength(2);
  expect(JSON.parse(audited[0] ?? '')).toEqual({
    version: '0',
    id: 'eventId' in (results[0] ?? {}) ? Object.values(results[0] ?? {})[0] : undefined,
    'detail-type': 'DealClosed',
    source: 'throughline',
    account: '111122223333',
    time: '2026-03-04T05:06:07Z',
    region: 'eu-central-1',
    resources: [],
    detail: { stage: 'sell' },
  });
  expect(bodies('sell')).toEqual([audited[0], '{"sweep":"due"}', '{"sweep":"due"}']);
});

test('the detail stays the same text', () => {
  const spelling = fc.constantFrom('84000.0', '1e2', '0.10', '12345678901234567890', '"\\u00e9"', 'null', '[ 1 ]');
  fc.assert(
    fc.property(spelling, fc.constantFrom('', ' ', '\n'), (value, space) => {
      const detail = `{${space}"value"${space}:${space}${value}${space}}`;
      bus.put([{ ...entry, detail }]);
      expect(bodies('audit').map((body) => body.endsWith(`,"detail":${detail}}`))).toEqual([true]);
      queueStore.receive('sell', 10);
    }),
  );
});

test('a failed entry names its reason and does not stop the others', () => {
  const failures = bus.put([
    { ...entry, detail: '{"stage":' },
    { ...entry, detail: '[]' },
    { ...entry, detail: '' },
    { ...entry, busName: 'nowhere' },
    { ...entry, source: 'aws.ec2' },
    entry,
  ]);
  expect(failures).toEqual([
    { errorCode: 'MalformedDetail', errorMessage: 'Detail is malformed: it must be the text of a JSON object.' },
    { errorCode: 'MalformedDetail', errorMessage: 'Detail is malformed: it must be the text of a JSON object.' },
    { errorCode: 'InvalidArgument', errorMessage: 'Parameter Detail is not valid: it is required.' },
    {
      errorCode: 'UnknownBus',
      errorMessage: expect.stringContaining('There is no event bus "nowhere" here; there are default, quiet, main,'),
    },
    { errorCode: 'NotAuthorizedForSourceException', errorMessage: 'Not authorized for the source "aws.ec2".' },
    { eventId: expect.any(String) },
  ]);
  expect(bodies('audit')).toHaveLength(1);
});

test('an event that matches no rule is a success, even on a bus without rules', () => {
  const quiet = bus.put([
    { ...entry, busName: 'quiet' },
    { ...entry, busName: 'default' },
  ]);
  expect(quiet.every((result) => 'eventId' in result)).toBe(true);
  expect(sends).toEqual([]);
});

test('a bus is found by its ARN, and a partner sends on its own bus', () => {
  const partner = 'aws.partner/salesforce.com/00D/1';
  const busName = `arn:aws:events:eu-central-1:111122223333:event-bus/${partner}`;
  expect(bus.put([{ ...entry, busName, source: partner }])).toEqual([{ eventId: expect.any(String) }]);
  expect(bodies('partners')).toHaveLength(1);
});

test('a call of too many entries, or of more than 1 MB, is refused as a whole', () => {
  expect(() => bus.put(Array.from({ length: 11 }, () => entry))).toThrow('PutEvents takes 1 to 10 entries, not 11.');
  expect(() => bus.put([])).toThrow('PutEvents takes 1 to 10 entries, not 0.');
  const half = { ...entry, detail: `{"x":"${'x'.repeat(600_000)}"}` };
  expect(() => bus.put([half, half])).toThrow(/^The entries are 12\d{5} bytes together; PutEvents takes 1048576\.$/);
  expect(sends).toEqual([]);
});

test('when the queues refuse, no event is acknowledged', () => {
  const matcher = compilePattern({ source: ['throughline'] });
  bus.setRules([{ name: 'lost', bus: 'main', matcher, targets: [{ queue: 'sell' }, { queue: 'undeclared' }] }]);
  expect(() => bus.put([entry])).toThrow('There is no queue "undeclared": declare it with ensureQueue.');
  expect(bodies('sell')).toEqual([]);
});
