// What does a request get whose ids, parameters or cursor can be no key? A clear refusal, before anything is read.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sealCursor } from '../../../functions/query/cursor.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { requestOf } from '../../support/httpRequest.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;
let partner: string;
let calls = 0;

const counting = (client: DynamoDBClient): DynamoDBClient =>
  new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'send' || typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        calls += 1;
        return Reflect.apply(member, target, given);
      };
    },
  });

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
  partner = await peopleOf(issuer).partner('northwind');
  api = await createApi({ ...engine, client: counting(engine.client) }, issuer);
  await api.record(fact('EngagementOpened', {}, { at: '2026-03-01' }));
  await api.project();
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));
beforeEach(() => {
  calls = 0;
});

const tooLong = ['x'.repeat(129), '漢'.repeat(43), '💶'.repeat(33), 'x'.repeat(3000)];
const malformed = ['%', '%zz', '%E0%A4%A', 'e1%'];
const withIds = ['engagements/ID', 'engagements/ID/events', 'flags/ID', 'tables/ID', 'receipts/ID', 'ID', 'health/ID'];

test.each(withIds)('an id that is too long or malformed is a 404 before any read: /v1/%s', async (route) => {
  for (const id of [...tooLong.map(encodeURIComponent), ...malformed]) {
    for (const token of [vendor, partner]) {
      const { status, body } = await api.get(token, `${route.replace('ID', id)}`);
      expect([id.slice(0, 20), status, body.reason]).toEqual([id.slice(0, 20), 404, 'notFound']);
    }
  }
  expect(calls).toBe(0);
});

test('an id of 128 bytes is looked for', async () => {
  expect((await api.get(vendor, `engagements/${'x'.repeat(128)}`)).status).toBe(404);
  expect(calls).toBeGreaterThan(0);
});

const parameters: readonly (readonly [string, string])[] = [
  ['engagements', 'partner'],
  ['engagements', 'stage'],
  ['engagements', 'flag'],
  ['engagements', 'limit'],
  ['engagements', 'nosuch'],
  ['engagements/e1', 'asOf'],
  ['flags', 'partner'],
  ['flags', 'pattern'],
  ['flags/f1', 'engagement'],
  ['tables/subscriptions', 'partner'],
  ['tables/subscriptions', 'format'],
  ['receipts', 'connection'],
  ['receipts', 'source'],
  ['receipts', 'from'],
];

test.each(parameters)('a parameter that is too long is a 400 before any read: /v1/%s?%s', async (route, name) => {
  for (const value of ['x'.repeat(1001), '漢'.repeat(334), 'x'.repeat(5000)]) {
    const { status, body } = await api.get(vendor, route, { [name]: value });
    expect([status, body.reason, body.detail]).toEqual([400, 'parameterTooLong', expect.stringContaining(name)]);
  }
  expect(calls).toBe(0);
});

test.each(parameters)('a parameter that is not Unicode is a 400 before any read: /v1/%s?%s', async (route, name) => {
  for (const value of ['\ud800', 'x\udc00', '\udc00\ud800']) {
    const event = requestOf('GET', route, { headers: { authorization: `Bearer ${vendor}` } });
    const { statusCode, body } = await api.query({ ...event, queryStringParameters: { [name]: value } });
    expect([statusCode, JSON.parse(body).reason]).toEqual([400, 'parameterNotUnicode']);
  }
  expect(calls).toBe(0);
});

test('a path that is not Unicode is a 404 before any read', async () => {
  expect(await api.get(vendor, 'engagements/e\ud800')).toMatchObject({ status: 404 });
  expect(calls).toBe(0);
});

test.each([['engagements'], ['flags'], ['tables/parties']])(
  'a partner of 1,000 bytes is one that leads nothing: /v1/%s',
  async (route) => {
    for (const value of ['x'.repeat(1000), '漢'.repeat(333)]) {
      expect(await api.get(vendor, route, { partner: value })).toMatchObject({ status: 200, body: { items: [] } });
    }
  },
);

test('a receipt’s connection and a flag’s engagement of 1,000 bytes are ones that do not exist', async () => {
  const long = 'x'.repeat(1000);
  expect(await api.get(vendor, 'receipts', { connection: long })).toMatchObject({ status: 200 });
  expect(await api.get(vendor, 'flags/f1', { engagement: long })).toMatchObject({ status: 404 });
});

const cursorsOf: readonly (readonly [string, readonly string[]])[] = [
  ['engagements', ['engagements', 'acme', 'vendor', '', '[]']],
  ['flags', ['flags', 'acme', 'vendor', '', '[]']],
  ['receipts', ['receipts', 'acme', 'vendor', '', '[]']],
  ['health', ['health', 'acme']],
  ['unmatched', ['unmatched', 'acme']],
];

test.each(cursorsOf)('a cursor that was made up is no error of ours: /v1/%s', async (route, bound) => {
  const places = ['x'.repeat(1025), '漢'.repeat(600), '\u0000', 'streams|', 'streams|{', 'streams|{"kind":"x"}'];
  const keyed = ['engagement', 'party'].map(
    (kind) => `streams|${JSON.stringify({ kind, shard: 0, cursor: '{"stream":{"S":"other/engagement/x"}}' })}`,
  );
  // Half of a surrogate pair, which no key has: as it is, and behind the escapes of a key inside a place.
  const halves = [
    '\ud800',
    'x\udc00',
    ...['\\ud800', '\\\\ud800', '\\\\\\\\ud800'].map(
      (half) => `streams|{"kind":"engagement","shard":0,"cursor":"{\\"stream\\":{\\"S\\":\\"${half}\\"}}"}`,
    ),
  ];
  for (const place of [...places, ...keyed, ...halves]) {
    const { status } = await api.get(vendor, route, { cursor: sealCursor(place, bound) });
    expect([place.slice(0, 40), status < 500]).toEqual([place.slice(0, 40), true]);
  }
  for (const cursor of ['', 'x', 'x'.repeat(7000), '漢']) {
    const { status, body } = await api.get(vendor, route, { cursor });
    expect([status, body.reason]).toEqual([400, 'cursorNotOfThisQuery']);
  }
  expect(api.reported).toEqual([]);
});

test('a partner of over 1,000 bytes in a token is a 403', async () => {
  const token = await peopleOf(issuer).partner('n'.repeat(1001));
  const { status, body } = await api.get(token, 'engagements');
  expect([status, body.reason]).toEqual([403, 'tokenLacksScope']);
});
