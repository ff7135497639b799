// Can a request for one connection lead to the secret of another? IAM can't tell them apart, as one function serves all: the handler must.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sources } from '../../events/sources/catalog.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { startIntake } from '../support/intake/intake.ts';
import {
  cloudEventsRequest,
  org,
  request,
  standardSecret,
  stripeRequest,
  stripeSecret,
} from '../support/intake/intakeRequests.ts';

let engine: TestEngine;
let intake: Awaited<ReturnType<typeof startIntake>>;
let read: string[];
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  read = [];
  const secrets: Readonly<Record<string, string>> = { 'c-stripe': stripeSecret, 'c-cloudevents': standardSecret };
  intake = await startIntake({
    client: engine.client,
    secretsOf: async (id) => {
      read.push(id);
      return [secrets[id] ?? 'whsec_none'];
    },
  });
});

const statusOf = async (event: unknown): Promise<number | undefined> => {
  const answer = await intake.receive(event);
  return 'statusCode' in answer ? answer.statusCode : undefined;
};

const hostile = [
  '../connections/c-stripe',
  'c-cloudevents/../c-stripe',
  '/c-stripe',
  'c-stripe/',
  'c-stripe%2f',
  '%2e%2e%2fc-stripe',
  '*',
  'c-*',
  'c-stripe\u0000',
  'C-STRIPE',
  `salesforce#${org}`,
  '__proto__',
  ' c-stripe',
  '{"S":"c-stripe"}',
];

test.each(hostile)('%j is not a connection: no secret is read for it', async (id) => {
  const body = '{"id":"evt_1"}';
  expect(await statusOf(stripeRequest(body, intake.now(), id))).toBe(404);
  expect(await statusOf(cloudEventsRequest(body, intake.now(), id))).toBe(404);
  expect(read).toEqual([]);
});

test('for any id in a request, only the secret of that id is read, and only if it is a connection', async () => {
  const id = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom(...sources.map(({ name }) => `c-${name}`)));
  await fc.assert(
    fc.asyncProperty(id, fc.constantFrom(...sources), async (connection, { name, delivery }) => {
      read.length = 0;
      const status = await statusOf(request(name, connection, '{}'));
      const isOwn = connection === `c-${name}` && delivery.way === 'webhook';
      expect([status, read]).toEqual(isOwn ? [401, [connection]] : [404, []]);
    }),
    { numRuns: 60 },
  );
});

test('a message signed with another connection’s secret is refused, and that secret is not read', async () => {
  const theirs = stripeRequest('{"id":"evt_1"}', intake.now());
  expect(await statusOf({ ...theirs, pathParameters: { source: 'cloudevents', connection: 'c-cloudevents' } })).toBe(
    401,
  );
  expect(await statusOf({ ...theirs, pathParameters: { source: 'cloudevents', connection: 'c-stripe' } })).toBe(404);
  expect(read).toEqual(['c-cloudevents']);
  expect(await intake.receiptRows()).toEqual([]);
});
