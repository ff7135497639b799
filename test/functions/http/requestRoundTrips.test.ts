// Which calls of DynamoDB does each request, message and receipt cost?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { engagementTables } from '../../../domain/rows/catalog.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { startIntake } from '../../support/intake/intake.ts';
import { change, firstDeal, opened, sendersTo } from '../../support/intake/intakeMessages.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { storeCalls } from '../../support/storeCalls.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let vendor: string;
let calls: ReturnType<typeof storeCalls>;
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
});
beforeEach(() => {
  calls = storeCalls(engine);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

/** Whether work of a source still waits, in each shard: a process looks at most every five seconds. */
const waits = Array.from({ length: 4 }, () => 'Query receipts/open');
/** An id that is no UUID may be a reference, which is looked for first. */
const asReference = 'Query events';

const agreed = (outcomeId: string) => ({ type: 'OutcomeAgreed', engagement: 'e1', data: { outcomeId } });

describe('a person’s request', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi({ ...engine, client: calls.client }, issuer);
    api.at('2026-03-01');
    await api.record(fact('EngagementOpened', {}, { at: '2026-03-01' }));
    api.at('2026-06-30T12:00');
    await api.record(fact('DealClosed', { result: 'won' }, { at: '2026-03-10' }));
    await api.project();
    calls.taken();
  });

  test('to record, in a process that does not know the engagement', async () => {
    expect((await api.post(vendor, agreed('o1'), 'k1')).status).toBe(200);
    expect(calls.taken()).toEqual([asReference, 'BatchGetItem events', 'Query events', 'PutItem events']);
  });

  test('to record, in a process that knows it', async () => {
    await api.post(vendor, agreed('o1'), 'k1');
    calls.taken();
    expect((await api.post(vendor, agreed('o2'), 'k2')).status).toBe(200);
    expect(calls.taken()).toEqual([asReference, 'PutItem events']);
  });

  test('for an engagement reads its head, and its rows of all tables at once', async () => {
    expect((await api.get(vendor, 'engagements/e1')).status).toBe(200);
    const [head, ...others] = engagementTables.map(({ name }) => name);
    expect(calls.taken().toSorted()).toEqual(
      [`GetItem ${head}`, 'Query sources', ...waits, ...others.map((name) => `Query ${name}`)].toSorted(),
    );
  });

  test('for a flag', async () => {
    const [flag] = (await api.all(vendor, 'flags')).items;
    calls.taken();
    expect((await api.get(vendor, `flags/${flag?.flagId}`)).status).toBe(200);
    expect(calls.taken().toSorted()).toEqual([
      'BatchGetItem events',
      'BatchGetItem flags',
      'GetItem engagements',
      'Query events',
      'Query flags',
      'Query flags/byFlag',
      'Query sources',
    ]);
  });

  test('for a list by an index reads the index and its rows', async () => {
    expect((await api.all(vendor, 'engagements', { stage: 'procure' })).items.length).toBe(1);
    expect(calls.taken().toSorted()).toEqual([
      'BatchGetItem engagements',
      'Query engagements/byStage',
      ...waits,
      'Query sources',
    ]);
  });
});

describe('a message', () => {
  test('is stored by one put; its connection stays cached for half a minute', async () => {
    const intake = await startIntake({ client: calls.client });
    const { fromSender } = sendersTo(intake);
    calls.taken();
    await fromSender({ id: 'e-1' });
    // The first message of a tenant in a process also lists the tenant, for sweep.
    expect(calls.taken()).toEqual([
      ...['GetItem connections', 'PutItem receipts', 'PutItem receipts', 'UpdateItem sources'],
    ]);
    await fromSender({ id: 'e-2' });
    expect(calls.taken()).toEqual(['PutItem receipts']);
  });

  test('is translated by one read of its identity and one update of its receipt', async () => {
    const store = createDynamoEventStore({ client: calls.client, table: await engine.eventsTable() });
    const intake = await startIntake({ client: calls.client, store });
    const { fromOrg } = sendersTo(intake);
    const translate = intake.newTranslate();
    await fromOrg(opened(firstDeal));
    const first = await intake.newReceipts();
    calls.taken();
    await translate(first);
    expect(calls.taken()).toEqual(['Query events', 'UpdateItem receipts']);
    await fromOrg(change(firstDeal, { StageName: 'Negotiation' }));
    const second = await intake.newReceipts();
    calls.taken();
    await translate(second);
    expect(calls.taken()).toEqual(['Query events', 'UpdateItem receipts']);
  });
});
