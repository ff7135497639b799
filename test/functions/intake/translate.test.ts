// Does a receipt with all that it needs become facts in their streams, also after a failure on the way?
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { identityStreamOf } from '../../../events/identifiers.ts';
import { engagementReference } from '../../../events/sources/externalIds.ts';
import { createBus } from '../../../functions/aws/eventBridge.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { type Intake, type IntakeOptions, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  engagementOf,
  firstDeal,
  opened,
  outcome,
  reference,
  renewalDeal,
  type Senders,
  sendersTo,
  subscription,
} from '../../support/intake/intakeMessages.ts';
import { connectionItem, org, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem, scan } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
let fromOrg: Senders['fromOrg'];
let fromStripe: Senders['fromStripe'];
let fromSender: Senders['fromSender'];
let statuses: Senders['statuses'];
const begin = async (options: Partial<IntakeOptions> = {}): Promise<void> => {
  intake = await startIntake({ client: engine.client, ...options });
  ({ fromOrg, fromStripe, fromSender, statuses } = sendersTo(intake));
};
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(() => begin());

describe('a receipt with all that it needs', () => {
  test('becomes facts with the ids, times and currency of their source, and ends', async () => {
    await fromOrg(opened(firstDeal, { Amount: 84000.0 }));
    await intake.newTranslate()(await intake.newReceipts());
    const [said] = intake.facts();
    const [receipt] = await intake.receiptRows();
    expect(said).toMatchObject({
      type: 'EngagementOpened',
      streamId: engagementOf(firstDeal),
      correlationId: engagementOf(firstDeal),
      causationId: receipt?.id,
      tenantId: tenant,
      source: `salesforce:${org}`,
      translation: 3,
      connectionCurrency: 'EUR',
      occurredAt: '2026-06-13T09:00:00.000Z',
      data: { expectedValue: { amount: '84000' } },
    });
    expect(receipt).toMatchObject({
      status: 'translated',
      streams: [engagementOf(firstDeal)],
      // 90 days after 1 December 2026.
      expiresAt: Date.parse('2027-03-01T00:00:00.000Z') / 1000,
    });
    for (const key of ['open', 'openId', 'ended']) expect(receipt).not.toHaveProperty(key);
  });

  test('becomes the same facts however often it is translated, and however often it came', async () => {
    const body = opened(firstDeal);
    await fromOrg(body, body);
    const batch = await intake.newReceipts();
    const translate = intake.newTranslate();
    await translate(batch);
    await translate(batch);
    await intake.newTranslate()(batch);
    expect(intake.facts()).toHaveLength(6);
    expect(new Set(intake.facts().map(({ eventId }) => eventId)).size).toBe(1);
    const recorded = await intake.record();
    expect(recorded.map(({ type }) => type)).toEqual(['EngagementOpened']);
  });

  test('is ignored, with the reason, where it holds no facts for us', async () => {
    await fromOrg(change('001Hp00002LmZ8pIAF', { Title: 'x' }, { entityName: 'Contact' }));
    await intake.settle();
    expect(await statuses()).toEqual([['ignored', 'objectNotFollowed: Contact']]);
    expect(intake.facts()).toEqual([]);
  });

  test('has a Salesforce id of 15 characters read as the same id of 18, also inside its data', async () => {
    const about = `salesforce:${org}/Opportunity/${firstDeal}`;
    const customerIdentified = (id: string) => ({
      id: 'm-1',
      type: 'throughline.CustomerIdentified',
      subject: about,
      time: '2026-06-21T09:00:00Z',
      data: { customer: { system: `salesforce:${org}`, kind: 'Account', id } },
    });
    const account = '001Hp00002LmZ8pIAF';
    await fromSender(customerIdentified(account.slice(0, 15)));
    await fromSender(customerIdentified(account));
    await intake.settle();
    const [short, long] = intake.facts();
    expect(short?.data).toEqual({ customer: { system: `salesforce:${org}`, kind: 'Account', id: account } });
    expect(short?.eventId).toBe(long?.eventId);
  });

  test('is refused, with the issues, where its data does not match the catalog', async () => {
    await fromSender({ ...outcome('o-1', 'engagement/ENG-1'), data: { outcomeId: 7 } });
    await intake.settle();
    const [receipt] = await intake.receiptRows();
    expect(receipt).toMatchObject({
      status: 'refused',
      reason: 'notThisFact: OutcomeAgreed',
      issues: expect.arrayContaining([expect.objectContaining({ path: 'OutcomeAgreed.outcomeId' })]),
      body: expect.stringContaining('OutcomeAgreed'),
      expiresAt: expect.any(Number),
    });
    expect(intake.facts()).toEqual([]);
  });

  test('gives its facts a believable time; any other time is kept as the claim', async () => {
    const about = `salesforce:${org}/Opportunity/${firstDeal}`;
    const times = ['1999-12-31T23:59:59Z', '2026-12-02T00:00:00.001Z', '2026-12-02T00:00:00Z', 'yesterday'];
    for (const [index, time] of times.entries()) {
      intake.setTime('2026-11-30T23:59:59.999Z');
      await fromSender({ ...outcome(`o-${index}`, about), time });
    }
    await intake.settle();
    const said = intake.facts().map(({ data, occurredAt, claimedAt }) => [data, occurredAt, claimedAt]);
    const received = '2026-12-01T00:00:00.000Z';
    expect(said).toHaveLength(4);
    expect(said).toEqual(
      expect.arrayContaining([
        [expect.objectContaining({ outcomeId: 'o-0' }), received, expect.stringContaining('1999-12-31')],
        [expect.objectContaining({ outcomeId: 'o-1' }), received, expect.stringContaining('2026-12-02')],
        [expect.objectContaining({ outcomeId: 'o-2' }), '2026-12-02T00:00:00.000Z', undefined],
        [expect.objectContaining({ outcomeId: 'o-3' }), received, 'yesterday'],
      ]),
    );
  });
});

describe('a failure on the way', () => {
  test('a receipt whose fact the bus rejects is offered again, with those of its pack; by then each is alone', async () => {
    const events = mockClient(EventBridgeClient);
    const throttled = (detail: string | undefined) => detail?.includes(renewalDeal) === true;
    events.on(PutEventsCommand).callsFake(({ Entries = [] }) => ({
      Entries: Entries.map(({ Detail }: { Detail?: string }) =>
        throttled(Detail) ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' } : { EventId: 'e' },
      ),
    }));
    const bus = createBus({ client: new EventBridgeClient({}), busName: 'main', random: () => 0 });
    await begin({ bus });
    await fromOrg(opened(firstDeal), opened(renewalDeal));
    const failing = (await intake.receiptRows()).find(({ body }) => String(body).includes(renewalDeal));
    expect(await intake.newTranslate()(await intake.newReceipts())).toEqual({ batchItemFailures: [] });
    expect((await statuses()).map(([status]) => status)).toEqual(['pending', 'pending']);
    const offered = intake.queued(intake.offeredAgain.map((receipt) => ({ receipt })));
    const place = intake.offeredAgain.findIndex(({ id }) => id === failing?.id);
    const itemIdentifier = offered.Records[place]?.messageId;
    expect(await intake.newTranslate()(offered)).toEqual({ batchItemFailures: [{ itemIdentifier }] });
    expect((await statuses()).map(([status]) => status).sort()).toEqual(['pending', 'translated']);

    events.on(PutEventsCommand).callsFake(({ Entries = [] }) => ({ Entries: Entries.map(() => ({ EventId: 'e' })) }));
    expect(await intake.newTranslate()(offered)).toEqual({ batchItemFailures: [] });
    expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated']);
    events.restore();
  });

  test('a receipt that can’t be read, or whose connection can’t, is offered again and affects no other receipt', async () => {
    const { client, tables } = intake;
    await fromOrg(opened(firstDeal));
    await fromStripe(subscription({ engagement_id: reference }));
    await putItem(client, tables.connections, connectionItem('stripe', { mapping: 7 }));
    // By then the cached connection is read again.
    intake.setTime('2026-12-01T00:05:00.000Z');
    const [poison] = (await intake.receiptRows()).filter(({ source }) => source === 'stripe');
    const broken = { partition: 'northwind#c-x', id: 'broken' };
    await putItem(client, tables.receipts, { ...broken, kind: 'receipt', status: 'pending' });
    expect(await intake.newTranslate()(await intake.newReceipts())).toEqual({ batchItemFailures: [] });
    const stored = (await scan(client, tables.receipts)).filter(({ kind }) => kind?.S === 'receipt');
    expect(stored.map(({ status }) => status?.S).toSorted()).toEqual(['pending', 'pending', 'translated']);
    expect(intake.offeredAgain.map(({ id }) => id).toSorted()).toEqual([String(poison?.id), 'broken']);
    const kept = (await scan(client, tables.failures)).map(({ eventId, reason }) => [eventId?.S, reason?.S]);
    expect(kept).toEqual(
      expect.arrayContaining([
        [poison?.id, expect.stringContaining('mapping')],
        [expect.stringMatching(/^sequence:/), expect.stringMatching(/^receiptNotUnderstood/)],
      ]),
    );
  });

  test('a message that translate does not understand fails alone', async () => {
    await fromOrg(opened(firstDeal));
    const [receipt] = await intake.receiptRows();
    const gone = { receipt: { partition: 'northwind#c-x', id: 'gone' } };
    const batch = intake.queued([{ receipt: receipt }, { some: 'thing' }, gone]);
    expect(await intake.newTranslate()(batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: batch.Records[1]?.messageId }],
    });
    expect(await statuses()).toEqual([['translated', '']]);
  });

  test('a pointer to a receipt that has ended is removed when it is found', async () => {
    await fromStripe(subscription({ engagement_id: reference }));
    await intake.settle();
    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    const [receipt] = await intake.receiptRows();
    const partition = `wait#${tenant}#reference#engagement#${reference}`;
    const id = `${String(receipt?.partition)}|${String(receipt?.id)}`;
    await putItem(intake.client, intake.tables.receipts, { partition, id, kind: 'wait' });
    const said = intake.facts().length;
    const { events } = await intake.store.load(identityStreamOf(tenant, engagementReference(reference)));
    await intake.newTranslate()(intake.queued(intake.linkEvents(events)));
    expect(await intake.pointers()).toEqual([]);
    expect(intake.facts()).toHaveLength(said);

    // A pointer that the receipt never stored, and a pointer to a receipt that no longer exists.
    const external = engagementReference(`${reference}-2`);
    for (const pointer of [id, 'northwind#c-x|gone']) {
      const stray = { partition: `${partition}-2`, id: pointer, kind: 'wait' };
      await putItem(intake.client, intake.tables.receipts, stray);
    }
    const at = { at: '2026-06-01', stream: identityStreamOf(tenant, external) };
    const link = fact('IdentityLinked', { external, to: { stream: engagementOf(firstDeal) }, reason: 'test' }, at);
    const [recorded] = await intake.recordFacts(at.stream, [link]);
    const links = intake.linkEvents(recorded?.outcome === 'recorded' ? recorded.events : []);
    expect(await intake.newTranslate()(intake.queued(links))).toEqual({ batchItemFailures: [] });
    expect(await intake.pointers()).toEqual([]);

    // A pointer that the receipt has stored, when the receipt is offered again.
    await putItem(intake.client, intake.tables.receipts, { partition, id, kind: 'wait' });
    const key = { partition: receipt?.partition, id: receipt?.id };
    expect(await intake.newTranslate()(intake.queued([{ receipt: key }]))).toEqual({ batchItemFailures: [] });
    expect(await intake.pointers()).toEqual([]);
    expect(intake.facts()).toHaveLength(said);
  });
});
