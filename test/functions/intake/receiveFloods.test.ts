// What does a flood at the door cost, and whom does it refuse? Senders, strangers, and who only knows a URL.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { connectionItem, request, stripeRequest } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
/** The keys of what was read. */
const reads: string[] = [];

/** The engine's client, which notes what is read. */
const noting = (client: DynamoDBClient): DynamoDBClient =>
  new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'send' || typeof member !== 'function') return member;
      return (command: unknown) => {
        if (command instanceof GetItemCommand) reads.push(JSON.stringify(command.input.Key));
        return Reflect.apply(member, target, [command]);
      };
    },
  });

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: noting(engine.client) });
  await putItem(engine.client, intake.tables.connections, connectionItem('stripe', { connection: 'c-stripe-two' }));
  reads.length = 0;
});

const statusOf = async (event: unknown): Promise<number> => {
  const answer = await intake.receive(event);
  if (!('statusCode' in answer)) throw new Error('expected an HTTP answer');
  return answer.statusCode;
};

const answerOf = async (event: unknown) => {
  const answer = await intake.receive(event);
  if (!('statusCode' in answer)) throw new Error('expected an HTTP answer');
  return { status: answer.statusCode, headers: answer.headers, said: JSON.parse(answer.body) };
};

const body = '{"id":"evt_1","type":"ping"}';
const signed = (connection = 'c-stripe') => stripeRequest(body, intake.now(), connection);
const forged = (connection = 'c-stripe') => request('stripe', connection, body, { 'stripe-signature': 't=1,v1=00' });
const later = (seconds: number) => intake.setTime(new Date(Date.parse(intake.now()) + seconds * 1000).toISOString());

test.each([
  ['129 bytes', 'c'.repeat(129)],
  ['3,000 bytes', 'c'.repeat(3000)],
  ['43 characters of 3 bytes', '漢'.repeat(43)],
  ['a broken encoding', 'c-%E0%A4%A'],
  ['a null', 'c-\u0000'],
  ['half of a surrogate pair', 'c-\ud800'],
  ['a space', 'c 1'],
  ['a slash', 'c/1'],
  ['nothing', ''],
])('an id that no connection has is a 404 before any read: %s', async (_, connection) => {
  const { status, said } = await answerOf(request('stripe', connection, body));
  expect([status, said.reason]).toEqual([404, 'connectionUnknown']);
  expect(reads).toEqual([]);
});

test('an unknown source is a 404 before any read', async () => {
  for (const source of ['nosuch', 'x'.repeat(5000), '__proto__', 'constructor', 'salesforce']) {
    expect(await statusOf(request(source, 'c-stripe', body))).toBe(404);
  }
  expect(reads).toEqual([]);
});

test('an unknown connection is read once in five seconds', async () => {
  for (let count = 0; count < 50; count += 1) expect(await statusOf(forged('c-nobody'))).toBe(404);
  expect(reads).toHaveLength(1);
  later(5);
  await statusOf(forged('c-nobody'));
  expect(reads).toHaveLength(2);
});

test('a connection that was asked for before it was made works after five seconds, any other at once', async () => {
  expect(await statusOf(signed('c-stripe-new'))).toBe(404);
  for (const connection of ['c-stripe-new', 'c-stripe-other']) {
    await putItem(engine.client, intake.tables.connections, connectionItem('stripe', { connection }));
  }
  expect(await statusOf(signed('c-stripe-other'))).toBe(200);
  later(5);
  expect(await statusOf(signed('c-stripe-new'))).toBe(200);
});

test('a sender above its pace gets 429 until its time has passed, its neighbour gets none, and what was accepted is there', async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 2010; count += 1) statuses.push(await statusOf(signed()));
  expect(statuses.filter((status) => status === 200)).toHaveLength(2000);
  const refused = await answerOf(signed());
  expect([refused.status, refused.said.reason, refused.headers['retry-after']]).toEqual([429, 'tooManyMessages', '1']);
  expect(await statusOf(signed('c-stripe-two'))).toBe(200);
  expect(await intake.receiptRows()).toHaveLength(2001);
  later(1);
  expect(await statusOf(signed())).toBe(200);
}, 60_000);

test('who knows only the URL is refused early, and its sender still gets everything in', async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 5000; count += 1) statuses.push(await statusOf(forged()));
  expect(statuses.filter((status) => status === 401)).toHaveLength(20);
  const refused = await answerOf(forged());
  expect([refused.status, refused.said.reason]).toEqual([429, 'tooManyUnsigned']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  for (let count = 0; count < 20; count += 1) expect(await statusOf(signed())).toBe(200);
  expect(await statusOf(forged('c-stripe-two'))).toBe(401);
});

test('no request of a stranger is an error: whatever the method, the headers, the body and its encoding', async () => {
  const bodies = [undefined, '', '{', '\u0000', '\ud800', 'x'.repeat(1024 * 1024 + 1)];
  const headers = [{}, { 'stripe-signature': '' }, { 'Stripe-Signature': 't=,v1=' }, { '': '' }, { __proto__: 'x' }];
  for (const method of ['POST', 'OPTIONS', 'GET', 'PUT', 'TRACE', '']) {
    for (const given of bodies) {
      for (const each of headers) {
        const event = request('stripe', 'c-stripe', given, each, method);
        for (const isBase64Encoded of [false, true]) {
          const status = await statusOf({ ...event, isBase64Encoded });
          expect([method, given?.slice(0, 5), status]).toEqual([method, given?.slice(0, 5), expect.any(Number)]);
          expect(status).toBeLessThan(500);
          expect(status).toBeGreaterThanOrEqual(400);
        }
      }
    }
  }
  expect(await statusOf({ requestContext: { http: { method: 'POST' } } })).toBe(400);
  expect(await statusOf({ requestContext: { http: {} }, headers: [], pathParameters: {} })).toBe(400);
});
