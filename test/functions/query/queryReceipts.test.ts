// Does a vendor find every message by its status, source, connection and time, and what became of it?
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMilliseconds } from '../../../events/instant.ts';
import { createSourceActivity } from '../../../functions/intake/sourceActivity.ts';
import { waitPartitionOf } from '../../../functions/intake/waitingIndex.ts';
import { countEndings } from '../../../functions/receipts/endingCounts.ts';
import type { ReceiptKey } from '../../../functions/receipts/receipt.ts';
import { receiptFactsOf } from '../../../functions/receipts/receiptFacts.ts';
import { keyOfReceiptId, receiptIdOf } from '../../../functions/receipts/receiptId.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { type Api, createApi, type Item, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { noise } from '../../support/intake/noise.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofRival, ofPartner] = ['', '', ''];

const now = '2026-06-30T12:00:00.000Z';
const hours = (count: number): string => addMilliseconds(now, -count * 3_600_000);
const external = { system: 'stripe', kind: 'customer', id: 'cus#1' };
const opened = fact('EngagementOpened', {}, { at: '2026-06-01' });
const [facts] = [receiptFactsOf([opened])];

const statuses = ['pending', 'waiting', 'translated', 'ignored', 'refused'] as const;
interface Kept {
  readonly key: ReceiptKey;
  readonly status: (typeof statuses)[number];
  readonly connection: string;
  readonly source: string;
  readonly receivedAt: string;
}
const kept: Kept[] = [];

const receiptsNow = () => createReceipts({ client: engine.client, table: api.receiptsTable, now: () => now });
const counted = () => countEndings(receiptsNow(), { client: engine.client, table: api.sourcesTable, report: fail });
const fail = (error: unknown) => {
  throw error;
};

const keep = async (tenant: string, connection: string, source: string, receivedAt: string, name: string) => {
  const message = { body: '{"name":"Zoë"}', headers: { 'webhook-id': 'm' }, receivedAt };
  return await receiptsNow().keep({ connection, tenantId: tenant, source, receiptId: name, message });
};

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofRival, ofPartner] = await Promise.all([
    people.vendor(),
    people.vendor({ tenant: 'rival' }),
    people.partner('p'),
  ]);
  api = await createApi(engine, issuer);
  const heard = createSourceActivity({ client: engine.client, table: api.sourcesTable, report: fail });
  const { receipts, write } = counted();
  for (let index = 0; index < 60; index += 1) {
    const status = statuses[index % statuses.length] ?? 'pending';
    const [connection, source] = index % 3 === 0 ? ['c-sales', 'salesforce'] : ['c-stripe', 'stripe'];
    // Over some twelve days, and sometimes two in one millisecond.
    const receivedAt = hours(5 * (index - (index % 7 === 0 ? 1 : 0)));
    const key = await keep(tenantId, connection, source, receivedAt, `r-${index}`);
    if (status === 'waiting') {
      const waitsUnder = [waitPartitionOf(tenantId, external)];
      await receipts.wait(key, { reason: 'notLinked: stripe/customer/cus#1', waitsUnder }, []);
    }
    if (status === 'translated') await receipts.end(key, { status, facts }, []);
    if (status === 'ignored') await receipts.end(key, { status, reason: 'notFollowed: ping' }, []);
    if (status === 'refused') {
      const issues = [{ path: 'data.amount', message: 'expected a number' }];
      await receipts.end(key, { status, reason: 'notThisFact: OrderPlaced', issues }, []);
    }
    kept.push({ key, status, connection, source, receivedAt });
    await heard({ connection, tenantId, source, account: 'a', mapping: { version: 1 }, allowedTypes: [] }, receivedAt);
  }
  await write();
  await keep('rival', 'c-stripe', 'stripe', hours(1), 'theirs');
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const newestFirst = (a: Kept, b: Kept): number => (a.key.id < b.key.id ? 1 : -1);
const idsOf = (items: readonly Item[]) => items.map(({ receipt }) => receipt);

describe('the list', () => {
  const from = hours(200);
  const to = hours(40);
  const filters: Readonly<Record<string, string>>[] = [
    {},
    ...statuses.map((status) => ({ status })),
    ...statuses.map((status) => ({ status, connection: 'c-sales' })),
    ...statuses.map((status) => ({ status, source: 'stripe', from, to })),
    { connection: 'c-sales' },
    { connection: 'c-nobody' },
    { source: 'salesforce', to },
    { from },
  ];

  test.each(
    filters.flatMap((asked) => ['1', '3', '100'].map((limit) => [JSON.stringify(asked), asked, limit] as const)),
  )('of %s has each receipt once, the newest first, in pages of any size', async (_, asked, limit) => {
    const { items, pages } = await api.all(vendor, 'receipts', { ...asked, limit });
    const expected = kept
      .filter(
        (each) =>
          (asked.status === undefined || each.status === asked.status) &&
          (asked.connection === undefined || each.connection === asked.connection) &&
          (asked.source === undefined || each.source === asked.source) &&
          (asked.from === undefined || each.receivedAt >= asked.from) &&
          (asked.to === undefined || each.receivedAt < asked.to),
      )
      .sort(newestFirst);
    expect(idsOf(items)).toEqual(expected.map(({ key }) => receiptIdOf(key)));
    expect(Math.max(...pages)).toBeLessThanOrEqual(Number(limit));
  });

  test('shows status, reason, source, connection and time, and nothing of the message', async () => {
    const [item] = itemsOf(await api.get(vendor, 'receipts', { status: 'refused', limit: '1' }));
    const [expected] = kept.filter(({ status }) => status === 'refused').sort(newestFirst);
    expect(item).toEqual({
      receipt: expected === undefined ? undefined : receiptIdOf(expected.key),
      status: 'refused',
      reason: 'notThisFact: OrderPlaced',
      source: expected?.source,
      connection: expected?.connection,
      receivedAt: expected?.receivedAt,
    });
  });

  test('has only what is the tenant’s, and is for vendors', async () => {
    expect(itemsOf(await api.get(ofRival, 'receipts', { status: 'pending' }))).toHaveLength(1);
    for (const path of ['receipts', 'receipts/summary', 'receipts/c.0.x']) {
      expect(await api.get(ofPartner, path)).toMatchObject({ status: 403, body: { reason: 'vendorsOnly' } });
    }
  });

  test.each([
    [{ status: 'lost' }, 'statusUnknown'],
    [{ from: 'yesterday' }, 'fromNotAnInstant'],
    [{ to: 'now' }, 'toNotAnInstant'],
    [{ from: now, to: now }, 'fromNotBeforeTo'],
    [{ limit: '0' }, 'limitOutOfRange'],
    [{ cursor: 'x' }, 'cursorNotOfThisQuery'],
    [{ partner: 'p' }, 'parameterUnknown'],
  ])('refuses %j as %s', async (asked, reason) => {
    expect(await api.get(vendor, 'receipts', asked)).toMatchObject({ status: 400, body: { reason } });
  });
});

describe('one receipt', () => {
  const idOf = (wanted: string) => {
    const found = kept.find(({ status }) => status === wanted);
    if (found === undefined) throw new Error(`no receipt is ${wanted}`);
    return receiptIdOf(found.key);
  };

  test('says for which ids it waits, whether each is linked, and how to mend it', async () => {
    const { body } = await api.get(vendor, `receipts/${idOf('waiting')}`);
    expect(body).toMatchObject({
      status: 'waiting',
      reason: 'notLinked: stripe/customer/cus#1',
      waitsUnder: [{ ...external, linked: false }],
      mend: expect.stringContaining('IdentityLinked'),
      facts: [],
      expiresAt: null,
    });
  });

  test('says why it was refused, at which path', async () => {
    const { body } = await api.get(vendor, `receipts/${idOf('refused')}`);
    expect(body).toMatchObject({ issues: [{ path: 'data.amount' }], expiresAt: '2026-09-28T12:00:00.000Z' });
    expect(JSON.stringify(body)).not.toContain('Zoë');
  });

  test('says which facts came of it, and whether each is recorded and stands', async () => {
    const path = `receipts/${idOf('translated')}`;
    const said = { type: 'EngagementOpened', factId: opened.factId, eventId: opened.eventId, stream: opened.streamId };
    const shown = async () => (await api.get(vendor, path)).body;
    expect(await shown()).toMatchObject({
      mend: null,
      facts: [{ ...said, recorded: false, stands: false, standing: null }],
    });
    await api.record(opened);
    expect(await shown()).toMatchObject({
      facts: [{ ...said, recorded: true, stands: true, standing: opened.eventId }],
    });
    const restated = { ...opened, eventId: 'newer', sourceSeq: '2', data: { segment: 'enterprise' } };
    await api.record(restated);
    expect(await shown()).toMatchObject({ facts: [{ ...said, recorded: true, stands: false, standing: 'newer' }] });
  });

  test('of another tenant, and any id that none can have, is a 404', async () => {
    for (const id of [idOf('pending'), 'r-0', 'a.b', 'c-stripe.zzzzzzzzz.x', '..', 'c.1.a#b']) {
      expect(await api.get(ofRival, `receipts/${encodeURIComponent(id)}`), id).toMatchObject({ status: 404 });
    }
    expect(await api.get(vendor, `receipts/${idOf('pending')}/body`)).toMatchObject({ status: 404 });
  });

  test.each(['c-1', 'c.with.dots', 'ü'])(
    'of the connection %s is found by an id that leads back to its key',
    (connection) => {
      const key = { partition: `acme#${connection}`, id: '2026-06-30T11:00:00.007Z#6f1c-uuid' };
      expect(keyOfReceiptId('acme', receiptIdOf(key))).toEqual(key);
      const marked = { ...key, partition: `acme#${connection}#e` };
      expect(keyOfReceiptId('acme', receiptIdOf(marked))).toEqual(marked);
    },
  );
});

test('no connection leads a tenant that is named `part` to the parts of another tenant', async () => {
  const message = { body: noise(500_000), headers: {}, receivedAt: hours(1) };
  const large = { connection: 'c', tenantId: 'neighbour', source: 'stripe', receiptId: 'large', message };
  const { partition, id } = await receiptsNow().keep(large);
  const ofPart = await peopleOf(issuer).vendor({ tenant: 'part' });
  expect(itemsOf(await api.get(ofPart, 'receipts', { connection: `${partition}#${id}` }))).toEqual([]);
});

test('the summary counts for each connection how its messages ended, by reason', async () => {
  const { body } = await api.get(vendor, 'receipts/summary');
  const of = (connection: string, wanted: string) =>
    kept.filter((each) => each.connection === connection && each.status === wanted).length;
  expect(body.connections).toMatchObject(
    ['c-sales', 'c-stripe'].map((connection) => ({
      connection,
      translated: of(connection, 'translated'),
      ignored: { notFollowed: of(connection, 'ignored') },
      refused: { notThisFact: of(connection, 'refused') },
    })),
  );
});
