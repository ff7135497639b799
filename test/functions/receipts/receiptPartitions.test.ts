// Do the sixteen partitions of a connection's receipts read as one list, together with what an earlier release stored?
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidOf } from '../../../events/identifiers.ts';
import { receiptItem } from '../../../functions/receipts/receipt.ts';
import { keyOfReceiptId, receiptIdOf } from '../../../functions/receipts/receiptId.ts';
import { createReceiptLists } from '../../../functions/receipts/receiptLists.ts';
import { partitionMarkOf, partitionMarks, partitionsOf } from '../../../functions/receipts/receiptPartitions.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { createReceiptsOf } from '../../../functions/receipts/receiptsOf.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { makeTables, scan } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let table: string;
beforeAll(async () => {
  engine = await startTestEngine();
  table = (await makeTables(engine.client)).receipts;
});
afterAll(() => engine.stop());

const instantOf = (second: number): string => new Date(Date.UTC(2026, 2, 1) + second * 1000).toISOString();
const newReceipt = (second: number, name: string) => ({
  ...{ connection: 'c-1', tenantId: 'acme', source: 'stripe', receiptId: uuidOf('receipt', name) },
  message: { body: `{"n":"${name}"}`, headers: {}, receivedAt: instantOf(second) },
});

/** Empties the table, and stores a receipt for each entry: as an earlier release did where it says so. */
const stored = async (entries: readonly { readonly second: number; readonly isEarlier: boolean }[]) => {
  for (const { partition, id } of await scan(engine.client, table)) {
    const Key = { partition: partition ?? { S: '' }, id: id ?? { S: '' } };
    await engine.client.send(new DeleteItemCommand({ TableName: table, Key }));
  }
  const keys: { readonly partition: string; readonly id: string }[] = [];
  for (const [index, { second, isEarlier }] of entries.entries()) {
    const item = receiptItem(newReceipt(second, String(index)));
    const Item = isEarlier ? { ...item, partition: { S: 'acme#c-1' } } : item;
    await engine.client.send(new PutItemCommand({ TableName: table, Item }));
    keys.push({ partition: Item.partition?.S ?? '', id: Item.id?.S ?? '' });
  }
  return keys.sort((a, b) => (a.id < b.id ? -1 : 1));
};

const arrivals = fc.array(fc.record({ second: fc.nat(20), isEarlier: fc.boolean() }), { maxLength: 20 });
const runs = { numRuns: 10 };

test('a walk gives every receipt once, the oldest first, from any instant and in pages of any size', async () => {
  const receiptsOf = createReceiptsOf({ client: engine.client, table });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 12 }), fc.nat(20), async (entries, limit, second) => {
      const keys = await stored(entries);
      const from = instantOf(second);
      const pages: { readonly ids: readonly string[]; readonly isLast: boolean }[] = [];
      for await (const { receipts, isLast } of receiptsOf({ tenantId: 'acme', connection: 'c-1', from, limit })) {
        pages.push({ ids: receipts.map(({ receipt }) => receiptIdOf(receipt)), isLast });
      }
      expect(pages.flatMap(({ ids }) => ids)).toEqual(keys.filter(({ id }) => id >= from).map(receiptIdOf));
      expect(pages.map(({ isLast }) => isLast)).toEqual(pages.map((_, place) => place === pages.length - 1));
      for (const { ids } of pages.slice(0, -1)) expect(ids).toHaveLength(limit);
    }),
    runs,
  );
});

test('a list gives every receipt once, the newest first, page by page', async () => {
  const list = createReceiptLists({ client: engine.client, table });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 12 }), async (entries, limit) => {
      const keys = await stored(entries);
      const found: string[] = [];
      let before: string | undefined = '9';
      while (before !== undefined) {
        const asked = { tenantId: 'acme', connections: async () => ['c-1'], from: '0', before, limit };
        const { items, end } = await list(asked);
        expect(items.length).toBeLessThanOrEqual(limit);
        found.push(...items.map(({ receipt }) => receipt));
        before = end;
      }
      expect(found).toEqual(keys.map(receiptIdOf).toReversed());
    }),
    runs,
  );
});

test('new receipts spread over all partitions, and an id leads to its item, of an earlier release too', async () => {
  const marks = Array.from({ length: 800 }, (_, index) => partitionMarkOf(uuidOf('receipt', String(index))));
  const counts = partitionMarks.map((mark) => marks.filter((each) => each === mark).length);
  expect(Math.min(...counts)).toBeGreaterThan(20);
  expect(Math.max(...counts)).toBeLessThan(100);
  const receipts = createReceipts({ client: engine.client, table, now: () => instantOf(60) });
  for (const isEarlier of [false, true]) {
    const [key] = await stored([{ second: 1, isEarlier }]);
    const found = keyOfReceiptId('acme', receiptIdOf(key ?? { partition: '', id: '' }));
    expect(found).toEqual(key);
    expect((await receipts.get(found ?? { partition: '', id: '' }))?.message.body).toBe('{"n":"0"}');
    expect(partitionsOf('acme', 'c-1')).toContain(key?.partition);
  }
});

test('a repeated put is the same item', async () => {
  await stored([]);
  const receipts = createReceipts({ client: engine.client, table, now: () => instantOf(60) });
  const keys = [await receipts.keep(newReceipt(1, 'one')), await receipts.keep(newReceipt(1, 'one'))];
  expect(keys[1]).toEqual(keys[0]);
  expect((await scan(engine.client, table)).filter(({ kind }) => kind?.S === 'receipt')).toHaveLength(1);
});
