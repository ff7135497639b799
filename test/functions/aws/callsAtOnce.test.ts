// Does wide work leave other work of its process its turn?
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callsAtOnce } from '../../../functions/aws/parallel.ts';
import { createWaitingIndex } from '../../../functions/intake/waitingIndex.ts';
import { createReceiptLists } from '../../../functions/receipts/receiptLists.ts';
import { clientOf, startTestEngine, type TestEngine } from '../../support/engine.ts';
import { makeTables } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let receipts: string;
beforeAll(async () => {
  engine = await startTestEngine();
  receipts = (await makeTables(engine.client)).receipts;
});
afterAll(() => engine.stop());

/** A client that counts the most calls that were on their way at once. */
const counted = () => {
  const client = clientOf(engine.endpoint);
  let running = 0;
  const seen = { most: 0, calls: 0 };
  client.middlewareStack.add((next) => async (args) => {
    running += 1;
    seen.calls += 1;
    seen.most = Math.max(seen.most, running);
    try {
      return await next(args);
    } finally {
      running -= 1;
    }
  });
  return { client, seen };
};
type Client = ReturnType<typeof counted>['client'];

const many = Array.from({ length: 60 }, (_, index) => `c-${index}`);
const asked = { tenantId: 'acme', from: '0', before: '2027', limit: 10, connections: async () => many };
const receipt = { partition: 'acme#c-1', id: '2026-01-01T00:00:00.000Z#x' };

test.each<[string, (client: Client) => Promise<unknown>]>([
  ['a list of the receipts of many connections', (client) => createReceiptLists({ client, table: receipts })(asked)],
  ['a receipt that waits for many ids', (client) => createWaitingIndex({ client, table: receipts }).add(receipt, many)],
  ['one that does so no more', (client) => createWaitingIndex({ client, table: receipts }).remove(receipt, many)],
])('%s', async (_, work) => {
  const { client, seen } = counted();
  await work(client);
  expect(seen.calls).toBeGreaterThan(0);
  expect(seen.most).toBeLessThanOrEqual(callsAtOnce);
});
