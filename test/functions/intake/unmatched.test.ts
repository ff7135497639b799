// Which receipts of a tenant are not translated yet, and when did the last message of each source come?
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { receiptItem } from '../../../functions/receipts/receipt.ts';
import { receiptIdOf } from '../../../functions/receipts/receiptId.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const Freshness = z.array(z.object({ waits: z.string().optional() }));

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofRival] = ['', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofRival] = await Promise.all([people.vendor(), people.vendor({ tenant: 'rival' })]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

describe('an open receipt', () => {
  const receipt = (tenant: string, receiptId: string, receivedAt: string) => ({
    connection: `stripe-${tenant}`,
    tenantId: tenant,
    source: 'stripe',
    receiptId,
    message: { body: '{}', headers: {}, receivedAt },
  });

  test('is listed for its tenant, oldest first, with the reason; an ended one is not', async () => {
    const receipts = createReceipts({
      client: engine.client,
      table: api.receiptsTable,
      now: () => '2026-06-30T12:00:00.000Z',
    });
    const keep = (tenant: string, id: string, at: string) => receipts.keep(receipt(tenant, id, at));
    await keep(tenantId, 'new', '2026-06-30T11:00:00.000Z');
    const waiting = await keep(tenantId, 'old', '2026-06-29T11:00:00.000Z');
    await receipts.wait(waiting, { reason: 'identityMissing: customer cus_1', waitsUnder: [] }, []);
    const ended = await keep(tenantId, 'ended', '2026-06-28T11:00:00.000Z');
    await receipts.end(ended, { status: 'ignored', reason: 'says nothing' }, []);
    await keep('rival', 'theirs', '2026-06-28T11:00:00.000Z');
    const { body } = await api.get(vendor, 'unmatched');
    expect(body).toMatchObject({ complete: true, asOf: '2026-06-30T12:00:00.000Z', freshness: [] });
    expect(body.items).toEqual([
      {
        receipt: receiptIdOf(waiting),
        source: 'stripe',
        connection: 'stripe-acme',
        receivedAt: '2026-06-29T11:00:00.000Z',
        status: 'waiting',
        reason: 'identityMissing: customer cus_1',
        waysOut: [],
        waitsUntil: '2027-08-03T11:00:00.000Z',
      },
      expect.objectContaining({ receipt: expect.stringMatching(/\.new~[0-9a-f]$/), status: 'pending', reason: null }),
    ]);
    expect(itemsOf(await api.get(ofRival, 'unmatched'))).toHaveLength(1);
  });

  test('is listed among at most 500; the answer says where there are more', async () => {
    const items = Array.from({ length: 501 }, (_, index) =>
      receiptItem(receipt(tenantId, `r${index}`, '2026-06-30T11:00:00.000Z')),
    );
    await Promise.all(
      items.map((Item) => engine.client.send(new PutItemCommand({ TableName: api.receiptsTable, Item }))),
    );
    const { body } = await api.get(vendor, 'unmatched');
    expect(body.items).toHaveLength(500);
    expect(body.complete).toBe(false);
  });
});

describe('freshness', () => {
  const heard = (item: object) =>
    engine.client.send(new PutItemCommand({ TableName: api.sourcesTable, Item: marshall(item) }));

  test('is in every answer: when the last message of each connection came, or that none has come', async () => {
    const quiet = { lastHeardAt: '2026-06-30T11:59:00.000Z', quietSince: '2026-06-30T11:59:00.000Z' };
    await heard({ tenantId, connectionId: 'c1', source: 'stripe', ...quiet });
    await heard({ tenantId, connectionId: 'c2', source: 'salesforce' });
    await heard({ tenantId: 'rival', connectionId: 'c3', source: 'stripe' });
    await api.record(fact('EngagementOpened', {}, { at: '2026-06-01' }));
    await api.project();
    const freshness = [
      { connection: 'c1', source: 'stripe', ...quiet },
      { connection: 'c2', source: 'salesforce', lastHeardAt: null, reason: 'neverHeard' },
    ];
    for (const path of [
      'engagements',
      'engagements/e1',
      'engagements/e1/events',
      'flags',
      'tables/offers',
      'unmatched',
      'health',
    ]) {
      const { body } = await api.get(vendor, path);
      expect(body, path).toMatchObject({ asOf: '2026-06-30T12:00:00.000Z', freshness });
    }
    const partner = await peopleOf(issuer).partner('p');
    expect((await api.get(partner, 'engagements')).body.freshness).toMatchObject([
      { connection: null, source: 'stripe' },
      { connection: null, source: 'salesforce' },
    ]);
  });

  test('says for whose messages work waits: receipts of the connection, or messages in queues', async () => {
    await heard({ tenantId, connectionId: 'c1', source: 'stripe', lastHeardAt: '2026-06-30T11:59:00.000Z' });
    await heard({ tenantId, connectionId: 'c2', source: 'salesforce', lastHeardAt: '2026-06-30T11:59:00.000Z' });
    const waits = async () => {
      const { body } = await api.get(vendor, 'engagements');
      return Freshness.parse(body.freshness).map((each) => each.waits);
    };
    expect(await waits()).toEqual([undefined, undefined]);
    const receipts = createReceipts({ client: engine.client, table: api.receiptsTable, now: () => '' });
    const message = { body: '{}', headers: {}, receivedAt: '2026-06-30T12:00:00.000Z' };
    const waiting = await receipts.keep({ connection: 'c1', tenantId, source: 'stripe', receiptId: 'a', message });
    // What waits is asked again after five seconds.
    expect(await waits()).toEqual([undefined, undefined]);
    api.at('2026-06-30T12:00:05');
    expect(await waits()).toEqual(['receipts', undefined]);
    await receipts.wait(waiting, { reason: 'notAllowed: x', waitsUnder: [] }, []);
    // The clock’s own work is no import.
    api.depths.push({ queue: 'sweep', waiting: 0, inFlight: 1, dead: 0 });
    api.at('2026-06-30T12:00:10');
    expect(await waits()).toEqual([undefined, undefined]);
    api.depths.push({ queue: 'sell', waiting: 1, inFlight: 0, dead: 0 });
    api.at('2026-06-30T12:00:15');
    expect(await waits()).toEqual(['queues', 'queues']);
  });
});
