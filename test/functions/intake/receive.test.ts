// Which messages does receive accept, what does it store of them, and which answer does each sender get?
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnections } from '../../../functions/intake/connections.ts';
import { createWebhook } from '../../../functions/intake/webhook.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, quiet, startIntake } from '../../support/intake/intake.ts';
import {
  cloudEventsRequest,
  org,
  request,
  stripeRequest,
  stripeSecret,
  tenant,
} from '../../support/intake/intakeRequests.ts';
import { putItem, scan } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
});

const answerOf = async (event: unknown) => {
  const answer = await intake.receive(event);
  if (!('statusCode' in answer)) throw new Error('expected an HTTP answer');
  const said: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
  return { status: answer.statusCode, headers: answer.headers, said };
};

const paid = '{"id":"evt_1","type":"invoice.paid","note":"Zoë","amount":84000.0}';

describe('over HTTP', () => {
  test('a message with a valid signature is stored unchanged, and then answered', async () => {
    const answer = await answerOf(stripeRequest(paid, intake.now()));
    expect(answer.status).toBe(200);
    const [receipt, ...more] = await intake.receiptRows();
    expect(more).toEqual([]);
    expect(receipt).toMatchObject({
      partition: expect.stringMatching(/^northwind#c-stripe#[0-9a-f]$/),
      kind: 'receipt',
      status: 'pending',
      open: expect.stringMatching(/^northwind#0[0-3]$/),
      openId: `${tenant}#${receipt?.id}`,
      body: paid,
      source: 'stripe',
      connectionId: 'c-stripe',
      tenantId: tenant,
      receivedAt: intake.now(),
    });
    expect(receipt?.id).toMatch(/^2026-12-01T00:00:00.000Z#[0-9a-f-]{36}$/);
    expect(receipt).not.toHaveProperty('expiresAt');
  });

  test('each source gets the status that it expects', async () => {
    const event = '{"specversion":"1.0","id":"1","source":"/x","type":"t","data":{}}';
    expect((await answerOf(cloudEventsRequest(event, intake.now()))).status).toBe(202);
  });

  test('a body in base64 is stored as the same body', async () => {
    const event = stripeRequest(paid, intake.now());
    const answer = await answerOf({ ...event, body: Buffer.from(paid).toString('base64'), isBase64Encoded: true });
    expect(answer.status).toBe(200);
    expect((await intake.receiptRows())[0]?.body).toBe(paid);
  });

  test('the headers that a translation needs are stored, but no signature', async () => {
    const event = cloudEventsRequest('{"type":"t","data":{}}', intake.now());
    await answerOf({ ...event, headers: { ...event.headers, cookie: 'a=b', authorization: 'Bearer x', 'ce-id': '7' } });
    const [receipt] = await intake.receiptRows();
    expect(JSON.parse(String(receipt?.headersJson))).toEqual({
      'content-type': 'application/cloudevents+json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': event.headers['webhook-timestamp'],
      'ce-id': '7',
    });
  });

  test('a wrong signature is a 401 with the reason, and stores nothing', async () => {
    const event = stripeRequest(paid, intake.now());
    const forged = await answerOf({ ...event, body: paid.replace('84000', '94000') });
    expect(forged.status).toBe(401);
    expect(forged.headers['content-type']).toBe('application/problem+json');
    expect(forged.said).toMatchObject({ reason: 'signatureWrong', status: 401, detail: expect.stringContaining('v1') });
    expect(JSON.stringify(forged)).not.toContain(stripeSecret);
    expect((await answerOf(stripeRequest(paid, '2026-11-30T23:54:59.000Z'))).said).toMatchObject({
      reason: 'signatureOutOfTime',
    });
    expect((await answerOf(request('stripe', 'c-stripe', paid))).said).toMatchObject({ reason: 'signatureMissing' });
    expect((await answerOf(request('stripe', 'c-stripe', undefined))).status).toBe(401);
    expect(await intake.receiptRows()).toEqual([]);
  });

  test('a connection that is unknown, of another source, an alias, or not for HTTP is a 404', async () => {
    for (const [source, connection] of [
      ['stripe', 'c-nobody'],
      ['stripe', 'c-cloudevents'],
      ['nosuch', 'c-stripe'],
      ['salesforce', 'c-salesforce'],
      ['salesforce', `salesforce#${org}`],
    ] as const) {
      const event = stripeRequest(paid, intake.now(), connection);
      const answer = await answerOf({ ...event, pathParameters: { source, connection } });
      expect([source, connection, answer.status]).toEqual([source, connection, 404]);
      expect(answer.said).toMatchObject({ reason: 'connectionUnknown', detail: expect.stringContaining(connection) });
    }
    expect(await intake.receiptRows()).toEqual([]);
  });

  test('a body above 1 MiB is a 413; one of 1 MiB is stored', async () => {
    const large = `"${'é'.repeat(524_287)}"`;
    expect(Buffer.byteLength(large)).toBe(1_048_576);
    expect((await answerOf(stripeRequest(large, intake.now()))).status).toBe(200);
    const answer = await answerOf(stripeRequest(`${large} `, intake.now()));
    expect(answer.status).toBe(413);
    expect(answer.said).toMatchObject({ reason: 'bodyTooLarge', detail: expect.stringContaining('1048577') });
    expect(await intake.receiptRows()).toHaveLength(1);
  });

  test('a store or a secret that can’t be reached is a 503, so that the sender retries', async () => {
    const { client, tables, now } = intake;
    const settings = {
      connections: createConnections({ client, table: tables.connections, now }),
      secretsOf: async () => [stripeSecret],
      receipts: createReceipts({ client, table: tables.receipts, now }),
      heard: async () => undefined,
      now,
      newId: () => 'r-1',
      logger: quiet,
    };
    const { headers, body } = stripeRequest(paid, now());
    const message = {
      method: 'POST',
      source: 'stripe',
      connection: 'c-stripe',
      headers,
      body: Buffer.from(body ?? ''),
    };
    const broken = [
      createWebhook({ ...settings, receipts: createReceipts({ client, table: 'no-such-table', now }) }),
      createWebhook({ ...settings, connections: createConnections({ client, table: 'no-such-table', now }) }),
      createWebhook({ ...settings, secretsOf: () => Promise.reject(new Error(`no ${stripeSecret}`)) }),
    ];
    for (const webhook of broken) {
      const answer = await webhook(message);
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBe('5');
      expect(JSON.parse(answer.body)).toMatchObject({ reason: 'unavailable' });
      expect(answer.body).not.toContain(stripeSecret);
    }
    expect((await createWebhook(settings)(message)).statusCode).toBe(200);
  });

  test('a message that comes twice in one millisecond is stored twice', async () => {
    await Promise.all([1, 2].map(() => answerOf(stripeRequest(paid, intake.now()))));
    expect(await intake.receiptRows()).toHaveLength(2);
  });

  test('OPTIONS answers the handshake of a sender', async () => {
    const options = (source: string, connection: string, headers = {}) =>
      answerOf(request(source, connection, undefined, headers, 'OPTIONS'));
    const greeted = await options('cloudevents', 'c-cloudevents', { 'webhook-request-origin': 'sender.example' });
    expect(greeted.status).toBe(200);
    expect(greeted.headers).toMatchObject({ 'webhook-allowed-origin': 'sender.example' });
    const stripe = await options('stripe', 'c-stripe');
    expect(stripe.status).toBe(405);
    expect(stripe.headers.allow).toBe('POST');
    expect((await options('cloudevents', 'c-nobody')).status).toBe(404);
    expect(await intake.receiptRows()).toEqual([]);
  });

  test('the time of a source’s last message is stored, but not with every message', async () => {
    const row = async () => (await scan(intake.client, intake.tables.sources)).map((item) => unmarshall(item));
    await answerOf(stripeRequest(paid, intake.now()));
    for (let second = 1; second <= 4; second += 1) {
      intake.setTime(`2026-12-01T00:00:0${second}.000Z`);
      await answerOf(stripeRequest(paid, intake.now()));
    }
    expect(await row()).toEqual([
      {
        tenantId: tenant,
        connectionId: 'c-stripe',
        source: 'stripe',
        account: 'acct_1',
        lastHeardAt: '2026-12-01T00:00:00.000Z',
        received: 1,
      },
    ]);
    intake.setTime('2026-12-01T00:00:05.000Z');
    await answerOf(stripeRequest(paid, intake.now()));
    expect(await row()).toMatchObject([{ lastHeardAt: '2026-12-01T00:00:05.000Z', received: 6 }]);
  });
});

describe('over a partner bus', () => {
  const relayed = (source: string) => `{"id":"e-1","source":"${source}","detail":{"payload":{"Amount":84000.0}}}`;
  const channel = `aws.partner/salesforce.com/${org}/0YLHp0000004Cb1OAE`;

  test('an event is stored under its org’s connection, with its numbers as they were written', async () => {
    // The org's id of 15 characters names the same org.
    const body = relayed(`aws.partner/salesforce.com/${org.slice(0, 15)}/channel`);
    expect(await intake.receive(intake.queued([body]))).toEqual({ batchItemFailures: [] });
    expect(await intake.receiptRows()).toMatchObject([{ body, connectionId: 'c-salesforce', status: 'pending' }]);
  });

  test('a redelivery by the queue stores no second receipt', async () => {
    const batch = intake.queued([relayed(channel)]);
    await intake.receive(batch);
    intake.setTime('2026-12-01T00:10:00.000Z');
    await intake.receive(batch);
    expect(await intake.receiptRows()).toHaveLength(1);
  });

  test('AppFlow’s bus names no org: the connection has the bus itself as an alias', async () => {
    const source = 'aws.partner/appflow/salesforce.com/111122223333/northwind';
    const alias = { connection: `salesforce#${source}`, connectionId: 'c-salesforce' };
    await putItem(intake.client, intake.tables.connections, alias);
    expect(await intake.receive(intake.queued([relayed(source)]))).toEqual({ batchItemFailures: [] });
    expect(await intake.receiptRows()).toMatchObject([{ connectionId: 'c-salesforce' }]);
  });

  test('an event without a connection stays in its queue, and the reason is stored; the others are stored as receipts', async () => {
    const nobody = 'aws.partner/salesforce.com/00D000000000001AAA/x';
    const batch = intake.queued([relayed(nobody), relayed(channel), 'no json', '{"detail":{}}']);
    const failing = [0, 2, 3].map((index) => ({ itemIdentifier: batch.Records[index]?.messageId }));
    const answer = await intake.receive(batch);
    expect(answer).toEqual({ batchItemFailures: expect.arrayContaining(failing) });
    expect('batchItemFailures' in answer && answer.batchItemFailures).toHaveLength(3);
    expect(await intake.receiptRows()).toHaveLength(1);
    const kept = (await scan(intake.client, intake.tables.failures)).map((item) => unmarshall(item));
    const reasonOf = (index: number) => kept.find(({ eventId }) => eventId === batch.Records[index]?.messageId)?.reason;
    expect(reasonOf(0)).toContain(`connectionUnknown: no active connection accepts the events of ${nobody}`);
    expect(reasonOf(2)).toContain('SyntaxError');
    expect(reasonOf(3)).toContain('notAnEvent');
  });
});
