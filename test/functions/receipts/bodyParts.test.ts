// Is a message that is too large for one item stored in parts, translated, and deleted as a whole?
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ReceiptKey } from '../../../functions/receipts/receipt.ts';
import { storedFacts } from '../../../functions/receipts/receiptFacts.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { createReceiptsOf, type PastReceipt } from '../../../functions/receipts/receiptsOf.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { org, stripeRequest, tenant } from '../../support/intake/intakeRequests.ts';
import { scan } from '../../support/intake/intakeTables.ts';
import { noise } from '../../support/intake/noise.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
});

const change = (description: string, more = {}) =>
  JSON.stringify({
    ...{ id: 'e-1', 'detail-type': 'OpportunityChangeEvent' },
    source: `aws.partner/salesforce.com/${org}/0YLHp0000004Cb1OAE`,
    detail: {
      payload: {
        ChangeEventHeader: {
          ...{
            entityName: 'Opportunity',
            recordIds: ['0065e00000BIGXXAAA'],
            changeType: 'UPDATE',
            transactionKey: 'big',
          },
          ...{ sequenceNumber: 1, commitTimestamp: 1788220800000, commitNumber: 1, changedFields: ['Amount'] },
        },
        Amount: 1.0,
        Description: description,
      },
    },
    ...more,
  });

const items = async (kind: string) =>
  (await scan(engine.client, intake.tables.receipts)).filter((item) => item.kind?.S === kind);

const limit = 1024 * 1024;
const filled = (bytes: number): string => change(noise(bytes - Buffer.byteLength(change(''))));

describe('an event of a partner bus', () => {
  test.each([
    ['of 300,000 equal letters is one item', change('d'.repeat(300_000)), 0],
    ['that packs to less than 300 KB is one item', filled(300_000), 0],
    ['of 500 KB has parts', filled(500_000), 2],
    ['of 1 MiB has parts', filled(limit), 3],
  ])('%s, and becomes facts', async (_, body, parts) => {
    expect(await intake.receive(intake.queued([body]))).toEqual({ batchItemFailures: [] });
    expect(await intake.receiptRows()).toMatchObject([{ body, status: 'pending' }]);
    expect(await items('part')).toHaveLength(parts);
    await intake.settle();
    expect(intake.facts()).toMatchObject([{ type: 'DealRevised' }]);
    expect(await intake.receiptRows()).toMatchObject([{ body, status: 'translated' }]);
  });

  test('over 1 MiB stays in its queue, and the reason is stored', async () => {
    const batch = intake.queued([filled(limit + 1)]);
    const failing = [{ itemIdentifier: batch.Records[0]?.messageId }];
    expect(await intake.receive(batch)).toEqual({ batchItemFailures: failing });
    expect(await scan(engine.client, intake.tables.failures)).toMatchObject([
      { reason: { S: expect.stringContaining('bodyTooLarge: the event has 1048577 bytes; 1048576 are allowed') } },
    ]);
  });
});

describe('the parts', () => {
  const large = JSON.stringify({ id: 'evt_1', type: 'ping', note: noise(700_000) });

  test('come before their receipt, and carry an end of their own, so that a crash in between leaves nothing for ever', async () => {
    await intake.receive(stripeRequest(large, intake.now()));
    // As a crash leaves it: the parts without the receipt.
    const [receipt] = await items('receipt');
    await engine.client.send(
      new DeleteItemCommand({
        TableName: intake.tables.receipts,
        Key: { partition: receipt?.partition ?? { S: '' }, id: receipt?.id ?? { S: '' } },
      }),
    );
    const parts = await items('part');
    // 97 days after 1 December 2026.
    const end = String(Date.parse('2027-03-08T00:00:00.000Z') / 1000);
    expect(parts.map(({ expiresAt }) => expiresAt?.N)).toEqual(parts.map(() => end));
    expect(parts.length).toBeGreaterThan(1);
  });

  test('wait as long as their receipt waits, and are deleted with it', async () => {
    await intake.receive(stripeRequest(large, intake.now()));
    const [row] = await intake.receiptRows();
    const key = ReceiptKey.parse(row);
    const { client, tables } = intake;
    const receipts = createReceipts({ client, table: tables.receipts, now: intake.now });
    const receipt = await receipts.get(key);
    if (receipt === undefined) throw new Error('no receipt');
    await receipts.wait(receipt, { reason: 'notAllowed: x', waitsUnder: [] }, []);
    for (const part of await items('part')) expect(part).not.toHaveProperty('expiresAt');
    intake.setTime('2027-12-01T00:00:00.000Z');
    await receipts.end(receipt, { status: 'ignored', reason: 'notFollowed' }, []);
    const [ended] = await items('receipt');
    expect(ended?.expiresAt?.N).toBe(String(Date.parse('2028-02-29T00:00:00.000Z') / 1000));
    for (const part of await items('part')) expect(part.expiresAt).toEqual(ended?.expiresAt);
    // Who comes late and would make it wait changes nothing.
    await receipts.wait(receipt, { reason: 'notAllowed: x', waitsUnder: [] }, []);
    for (const part of await items('part')) expect(part.expiresAt).toEqual(ended?.expiresAt);
  });

  test('stay without an end while their receipt waits, also when the queue delivers the event again', async () => {
    const batch = intake.queued([filled(500_000)]);
    await intake.receive(batch);
    const key = ReceiptKey.parse((await intake.receiptRows())[0]);
    const receipts = createReceipts({ client: engine.client, table: intake.tables.receipts, now: intake.now });
    const receipt = await receipts.get(key);
    if (receipt === undefined) throw new Error('no receipt');
    await receipts.wait(receipt, { reason: 'notAllowed: x', waitsUnder: [] }, []);
    expect(await intake.receive(batch)).toEqual({ batchItemFailures: [] });
    expect(await items('part')).toHaveLength(2);
    for (const part of await items('part')) expect(part).not.toHaveProperty('expiresAt');
  });

  test('of which one is absent, a receipt is not translated from the rest', async () => {
    await intake.receive(stripeRequest(large, intake.now()));
    const [part] = await items('part');
    const Key = { partition: part?.partition ?? { S: '' }, id: part?.id ?? { S: '' } };
    const batch = await intake.newReceipts();
    await engine.client.send(new DeleteItemCommand({ TableName: intake.tables.receipts, Key }));
    expect(await intake.newTranslate()(batch)).toEqual({ batchItemFailures: [] });
    expect(intake.offeredAgain).toHaveLength(1);
    expect((await items('receipt'))[0]?.status).toEqual({ S: 'pending' });
  });
});

test('all receipts of a connection are read from an instant on, in order, with whole bodies and their facts', async () => {
  const bodies = [change('first'), filled(500_000), change('third')];
  for (const [index, body] of bodies.entries()) {
    intake.setTime(`2026-12-01T00:00:0${index}.000Z`);
    await intake.receive(intake.queued([body]));
  }
  await intake.settle();
  const receiptsOf = createReceiptsOf({ client: engine.client, table: intake.tables.receipts });
  const read = async (from?: string) => {
    const found: PastReceipt[] = [];
    const asked = { tenantId: tenant, connection: 'c-salesforce', ...(from !== undefined && { from }) };
    for await (const { receipts } of receiptsOf(asked)) found.push(...receipts);
    return found;
  };
  const all = await read();
  expect(all.map(({ receipt }) => receipt.message.body)).toEqual(bodies);
  expect(all[1]?.facts).toEqual([
    expect.objectContaining({
      type: 'DealRevised',
      factId: intake.facts()[1]?.factId,
      stream: intake.facts()[1]?.streamId,
    }),
  ]);
  expect(await read('2026-12-01T00:00:01.000Z')).toEqual(all.slice(1));
});

test('a receipt of a large batch ends within the size of an item: the first facts are kept, the others counted', async () => {
  const { client, tables } = intake;
  const receipts = createReceipts({ client, table: tables.receipts, now: intake.now });
  // As large as a body may be beside its receipt.
  const message = { body: noise(390_000), headers: {}, receivedAt: intake.now() };
  const key = await receipts.keep({
    connection: 'c',
    tenantId: tenant,
    source: 'cloudevents',
    receiptId: 'r',
    message,
  });
  expect(await items('part')).toEqual([]);
  const facts = Array.from({ length: 4_000 }, (_, index) => ({
    ...{ type: 'SubscriptionReinstated', factId: noise(36), eventId: `${index}`.padEnd(36, '-') },
    stream: `${tenant.padEnd(128, '-')}/engagement/${String(index).padEnd(36, '-')}`,
  }));
  expect(await receipts.end(key, { status: 'translated', facts }, [])).toBeUndefined();
  const [item] = await items('receipt');
  const kept = storedFacts(item ?? {});
  expect(kept.length).toBeGreaterThan(150);
  expect(kept).toEqual(facts.slice(0, kept.length));
  expect(Number(item?.factsLeftOut?.N)).toBe(facts.length - kept.length);
});
