// Is a person erased from the receipts that name them, waiting and large ones too, so that facts and chains stand?
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createReceiptLists } from '../../../../functions/receipts/receiptLists.ts';
import { partitionsOf } from '../../../../functions/receipts/receiptPartitions.ts';
import { createDynamoEventStore } from '../../../../functions/store/dynamoEventStore.ts';
import { eraseReceipts } from '../../../../infra/commands/erase/eraseReceipts.ts';
import { createNames } from '../../../../infra/commands/erase/quotes.ts';
import { startTestEngine, type TestEngine } from '../../../support/engine.ts';
import { type Intake, startIntake } from '../../../support/intake/intake.ts';
import { cloudEventsRequest, tenant } from '../../../support/intake/intakeRequests.ts';
import { scan } from '../../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
beforeEach(async () => {
  const store = createDynamoEventStore({ client: engine.client, table: await engine.eventsTable() });
  intake = await startIntake({ client: engine.client, store });
});
afterAll(() => engine.stop());

const event = (id: string, subject: string, toOwner: string, beside: object = {}) => ({
  ...{ specversion: '1.0', id, source: '/hub', type: 'throughline.HandoffOffered', subject },
  ...{ time: '2026-09-01T09:00:00Z', data: { handoffId: id, fromStage: 'sell', toStage: 'deliver', toOwner } },
  ...beside,
});
const send = async (...events: readonly object[]): Promise<void> => {
  await intake.receive(cloudEventsRequest(JSON.stringify(events.length === 1 ? events[0] : events), intake.now()));
};
/** All but the notes of which tenants have receipts: those say nothing else. */
const items = async () =>
  (await scan(intake.client, intake.tables.receipts)).filter(({ kind }) => kind?.S !== 'tenant');
const erase = async (apply: boolean, reference = 'crm:user/42') =>
  await eraseReceipts({
    ...{ client: intake.client, table: intake.tables.receipts, apply, now: intake.now },
    partitions: partitionsOf(tenant, 'c-cloudevents'),
    names: createNames({ tenantId: tenant, reference, others: ['Anna Schmidt'] }),
  });
const noise = Array.from({ length: 150_000 }, (_, at) => ((at * 2_654_435_761) >>> 7).toString(36))
  .join('')
  .slice(0, 900_000);

describe('of a tenant', () => {
  beforeEach(async () => {
    await send(event('plain', 'crm/deal/1', 'crm:user/1'));
    await send(event('named', 'crm/deal/2', 'crm:user/1', { note: 'ask Anna Schmidt' }));
    await send(event('waits', 'engagement/ENG-9', 'crm:user/42'));
    await send(event('refused', 'crm/deal/3', 'crm:user/42', { specversion: '0.3' }));
    await send(event('large', 'crm/deal/4', 'crm:user/42', { noise }));
    await intake.settle();
  });

  test('a dry run finds the receipts and changes nothing', async () => {
    const before = await items();
    const { read, found, unreadable } = await erase(false);
    expect([read, unreadable]).toEqual([5, []]);
    expect(found.map(({ status, waitingItems }) => [status, waitingItems]).sort()).toEqual([
      ['refused', 0],
      ['translated', 0],
      ['translated', 0],
      ['waiting', 1],
    ]);
    expect(await items()).toEqual(before);
  });

  test('what they say goes, and their facts stay', async () => {
    const before = await intake.receiptRows();
    expect((await items()).filter(({ kind }) => kind?.S === 'part').length).toBeGreaterThan(0);
    expect((await erase(true)).found).toHaveLength(4);

    const left = await items();
    expect(left.map(({ kind }) => kind?.S)).toEqual(left.map(() => 'receipt'));
    const erased = left.filter(({ status }) => status?.S === 'erased');
    expect(erased).toHaveLength(4);
    for (const item of erased) {
      expect(Object.keys(item).sort()).toEqual(
        [
          ...['partition', 'id', 'kind', 'status', 'source', 'connectionId', 'tenantId', 'receivedAt'],
          ...['erasedAt', 'expiresAt', ...(item.facts === undefined ? [] : ['facts', 'streams'])],
        ].sort(),
      );
    }
    expect(JSON.stringify(erased)).not.toMatch(/Anna|user.42/);
    const factsOf = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.map(({ id, streams }) => [id, streams]);
    expect(factsOf(await intake.receiptRows())).toEqual(factsOf(before));
    const [plain] = left.filter(({ status }) => status?.S !== 'erased');
    expect(plain).toMatchObject({ status: { S: 'translated' } });
  });

  test('done again, nothing is left to do; and links and sweep leave erased ones alone', async () => {
    await erase(true);
    expect((await erase(true)).found).toEqual([]);
    const stood = await items();
    const offers = stood.map(({ partition, id }) => ({ receipt: { partition: partition?.S, id: id?.S } }));
    const facts = intake.facts().length;
    expect(await intake.newTranslate()(intake.queued(offers))).toEqual({ batchItemFailures: [] });
    expect(await items()).toEqual(stood);
    expect(intake.facts()).toHaveLength(facts);
  });

  test('they are listed as erased', async () => {
    await erase(true);
    const lists = createReceiptLists({ client: intake.client, table: intake.tables.receipts });
    const asked = { tenantId: tenant, from: '0', before: '9', limit: 10, connections: async () => ['c-cloudevents'] };
    expect((await lists({ ...asked, status: 'erased' })).items).toHaveLength(4);
    for (const status of ['waiting', 'refused'] as const) {
      expect((await lists({ ...asked, status, before: '2027-01-01T00:00:00.000Z', from: '2026-11-01' })).items).toEqual(
        [],
      );
    }
  });
});

test('what a crash has left is finished the next time', async () => {
  await send(event('large', 'crm/deal/4', 'crm:user/42', { noise }));
  await intake.settle();
  let deletes = 0;
  const dying = async (command: object) => {
    deletes += command instanceof DeleteItemCommand ? 1 : 0;
    if (deletes === 1) throw new Error('the process died');
    return await Reflect.apply(intake.client.send, intake.client, [command]);
  };
  const names = createNames({ tenantId: tenant, reference: 'crm:user/42', others: [] });
  const asked = {
    table: intake.tables.receipts,
    partitions: partitionsOf(tenant, 'c-cloudevents'),
    names,
    now: intake.now,
  };
  const client = Object.assign(Object.create(intake.client), { send: dying });
  await expect(eraseReceipts({ ...asked, client, apply: true })).rejects.toThrow('the process died');
  await erase(true);
  expect((await items()).map(({ kind, leftParts }) => [kind?.S, leftParts])).toEqual([['receipt', undefined]]);
});

test('chains and their events stand as they were', async () => {
  await send(event('named', 'crm/deal/2', 'crm:user/42'));
  await intake.settle();
  const [stream] = intake.facts().map(({ streamId }) => streamId);
  const before = await intake.store.load(stream ?? '');
  expect(before.events.length).toBeGreaterThan(0);
  await erase(true);
  expect(await intake.store.load(stream ?? '')).toEqual(before);
});
