// What becomes of odd events of a partner's bus in the running product? Each that the bus takes is a receipt with its end, and none is recorded for others.
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { receiptsOf } from '../../support/hostile/connections.ts';
import { type Connected, type Product, startProduct } from '../../support/hostile/product.ts';

const tenant = 'acme';
let product: Product;
let vendor: string;
let connected: Connected;
let partnerSource: string;
const org = (number: number): string => `00D5e00000${String(number).padStart(5, '0')}`;

beforeAll(async () => {
  product = await startProduct();
  vendor = await product.token({ role: 'vendor', tenant });
  connected = await product.connect({ source: 'salesforce', tenant, account: org(1) });
  partnerSource = connected.url;
}, 120_000);
afterAll(() => product.stop());

const header = {
  entityName: 'Opportunity',
  recordIds: ['0065e000001AbCdAAA'],
  changeType: 'UPDATE',
  changeOrigin: 'com/salesforce/api/soap/61.0',
  transactionKey: '000-1',
  sequenceNumber: 1,
  commitTimestamp: 1_772_000_000_000,
  commitNumber: 1,
  commitUser: '0055e000001AbCdAAA',
  changedFields: ['StageName'],
};
const change = (more: object = {}, fields: object = { StageName: 'Qualification' }): string =>
  JSON.stringify({ payload: { ChangeEventHeader: { ...header, ...more }, ...fields }, schemaId: 's', id: 'i' });
const inPayload = (field: string): string => change().replace('"StageName":', `${field},"StageName":`);

/** Details as text, because JSON.stringify would lose what is odd about them. */
const details: Readonly<Record<string, string>> = {
  honest: change(),
  'an empty object': '{}',
  'no header': '{"payload":{}}',
  'a header of null': '{"payload":{"ChangeEventHeader":null}}',
  'a header that is a list': '{"payload":{"ChangeEventHeader":[]}}',
  'record ids of other types': change({ recordIds: [7, null, {}, ['x'], 'x'] }),
  'no record ids': change({ recordIds: [] }),
  '50 record ids': change({
    recordIds: Array.from({ length: 50 }, (_, index) => `006${String(index).padStart(12, '0')}`),
  }),
  'a record id of 100,000 letters': change({ recordIds: ['0'.repeat(100_000)] }),
  'another entity': change({ entityName: '__proto__' }),
  'another change': change({ changeType: 'GAP_OVERFLOW' }),
  'an unknown change': change({ changeType: { a: 1 } }),
  'a time beyond all times': change({ commitTimestamp: 9e99 }),
  'a time before all times': change({ commitTimestamp: -9e99 }),
  'a number of 10,000 digits': change().replace('1772000000000', '9'.repeat(10_000)),
  'changed fields as a bitmap': change({ changedFields: ['0x400000'] }),
  '10,000 levels': inPayload(`"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}`),
  '200,000 letters': inPayload(`"pad":"${'x'.repeat(200_000)}"`),
  'the same key twice': inPayload('"StageName":"Closed Won"'),
  __proto__: inPayload('"__proto__":{"StageName":"Closed Won"},"constructor":{"prototype":{}}'),
  'half of a surrogate pair': inPayload('"Name":"\\ud800"'),
  nulls: inPayload('"Name":"a\\u0000b"'),
  'what only we say': inPayload('"tenantId":"rival","streamId":"rival/engagement/x","saidBy":{"role":"vendor"}'),
};

/** No object: the bus itself refuses it, as EventBridge does. */
const malformed: readonly string[] = ['', '[]', 'null', '7', '"x"', '{', '{}{}', `{"a":${'['.repeat(100)}`];

const Put = z.union([z.object({ eventId: z.string() }), z.object({ errorCode: z.string(), errorMessage: z.string() })]);
const put = async (source: string, detailText: string) =>
  Put.parse(
    await product.command('partnerEvent', { source, detailType: 'OpportunityChangeEvent', detail: {}, detailText }),
  );

test('each event that the bus takes is a receipt with its end, and no other is', async () => {
  for (const [name, detail] of Object.entries(details))
    expect([name, await put(partnerSource, detail)]).toEqual([name, { eventId: expect.any(String) }]);
  for (const detail of malformed)
    expect(await put(partnerSource, detail)).toMatchObject({
      errorCode: expect.stringMatching(/^(MalformedDetail|InvalidArgument)$/),
    });
  await product.drained();
  const receipts = await receiptsOf(product, vendor, connected.connection);
  expect(receipts).toHaveLength(Object.keys(details).length);
  for (const { status, reason } of receipts) {
    expect(['translated', 'ignored', 'refused', 'waiting']).toContain(status);
    if (status !== 'translated') expect(reason).toEqual(expect.stringMatching(/./));
  }
}, 240_000);

test('an event of an account that nobody connected, or of another tenant’s, is not this connection’s', async () => {
  const before = await receiptsOf(product, vendor, connected.connection);
  const rival = await product.connect({ source: 'salesforce', tenant: 'rival', account: org(2) });
  await put(rival.url, change());
  for (const source of [
    partnerSource.replace(org(1), org(3)),
    `${partnerSource}/x`,
    'throughline',
    'throughline.intake',
  ])
    await product
      .command('partnerEvent', { source, detailType: 'DealClosed', detail: {}, detailText: change() })
      .catch(() => undefined);
  await product.drained();
  expect(await receiptsOf(product, vendor, connected.connection)).toHaveLength(before.length);
  const ofRival = await product.token({ role: 'vendor', tenant: 'rival' });
  expect(await receiptsOf(product, ofRival, rival.connection)).toHaveLength(1);
  expect(await receiptsOf(product, vendor, rival.connection)).toEqual([]);
}, 120_000);
