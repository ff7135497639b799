// Do the receipts of several tenants in one batch become facts side by side, although the bus or the store is away for one of them?

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bus, BusEntry } from '../../../functions/aws/eventBridge.ts';
import { tenantOfKey } from '../../../functions/receipts/receipt.ts';
import { connectionOfKey } from '../../../functions/receipts/receiptId.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { startIntake } from '../../support/intake/intake.ts';
import { cloudEventsRequest, connectionItem } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const event = (id: string) =>
  JSON.stringify({
    ...{ specversion: '1.0', id, source: '/hub', type: 'throughline.OutcomeAgreed', subject: `crm/deal/${id}` },
    ...{ time: '2026-09-01T09:00:00Z', data: { outcomeId: id } },
  });

const tenants = ['acme', 'flooding', 'zeta'];

const intakeOf = async (given: { readonly bus?: Bus; readonly failingStore?: string }) => {
  const memory = createMemoryEventStore();
  const store: typeof memory = {
    ...memory,
    load: (stream, known) =>
      given.failingStore !== undefined && stream.startsWith(`${given.failingStore}/`)
        ? Promise.reject(new Error(`${given.failingStore} can not be read`))
        : memory.load(stream, known),
    loadMany: (tips) =>
      [...tips.keys()].some((stream) => stream.startsWith(`${given.failingStore}/`))
        ? Promise.reject(new Error(`${given.failingStore} can not be read`))
        : memory.loadMany(tips),
  };
  const intake = await startIntake({
    client: engine.client,
    store,
    ...(given.bus !== undefined && { bus: given.bus }),
  });
  for (const tenantId of tenants) {
    const connection = `c-${tenantId}`;
    await putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', { connection, tenantId }));
    for (let count = 0; count < 3; count += 1) {
      await intake.receive(cloudEventsRequest(event(`${tenantId}-${count}`), intake.now(), connection));
    }
  }
  const statuses = async () =>
    Object.fromEntries(
      Map.groupBy(await intake.receiptRows(), ({ tenantId }) => String(tenantId))
        .entries()
        .map(([tenantId, rows]) => [tenantId, rows.map(({ status }) => status)]),
    );
  return { intake, statuses };
};

const all = (status: string): readonly string[] => [status, status, status];

test('a tenant whose streams can’t be read fails alone, and only its receipts are tried again', async () => {
  const { intake, statuses } = await intakeOf({ failingStore: 'flooding' });
  expect(await intake.newTranslate()(await intake.newReceipts())).toEqual({ batchItemFailures: [] });
  expect(await statuses()).toEqual({ acme: all('translated'), flooding: all('pending'), zeta: all('translated') });
  expect(intake.offeredAgain.map(connectionOfKey)).toEqual(all('c-flooding'));
  expect(intake.offeredAgain.map(tenantOfKey)).toEqual(all('flooding'));
});

test('a tenant whose call of the bus hangs holds up no other’s receipts', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const put: BusEntry[] = [];
  const bus: Bus = {
    put: async (entries) => {
      if (entries.some(({ detail }) => detail.includes('"flooding"'))) await promise;
      put.push(...entries);
      return [];
    },
  };
  const { intake, statuses } = await intakeOf({ bus });
  const batch = intake.newTranslate()(await intake.newReceipts());
  await expect.poll(statuses).toEqual({ acme: all('translated'), flooding: all('pending'), zeta: all('translated') });
  resolve();
  expect(await batch).toEqual({ batchItemFailures: [] });
  expect(await statuses()).toMatchObject({ flooding: all('translated') });
});
