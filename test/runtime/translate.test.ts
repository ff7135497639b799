// What becomes of a receipt? Facts in their streams; or it waits, with the reason, until what it needs is there.
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fact } from '../../events/catalog.ts';
import type { LinkTarget } from '../../events/control.ts';
import { derivedEngagementOf, type ExternalId, identityStreamOf, streamIdOf } from '../../events/identifiers.ts';
import { addMilliseconds } from '../../events/instant.ts';
import { engagementReference } from '../../events/sources/externalIds.ts';
import { createBus } from '../../functions/runtime/bus.ts';
import { relayed } from '../sources/reading.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { fact } from '../support/events.ts';
import {
  cloudEventsRequest,
  connectionItem,
  type Intake,
  org,
  putItem,
  startIntake,
  stripeRequest,
  tenant,
} from '../support/intake.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
});

const firstDeal = '006Hp00001XkQ2mIAF';
const renewalDeal = '006Hp00001XkQ2nIAF';
const opportunity = (id: string) => ({ system: `salesforce:${org}`, kind: 'Opportunity', id });
const engagementOf = (id: string) => derivedEngagementOf(tenant, opportunity(id));
const reference = 'ENG-1';

let transactions = 0;
const change = (
  id: string,
  fields: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string => {
  transactions += 1;
  const said = relayed({ recordIds: [id], transactionKey: `tx-${transactions}`, ...header }, fields);
  return JSON.stringify(said);
};
const opened = (id: string, fields: Readonly<Record<string, unknown>> = {}): string =>
  change(id, { StageName: 'Prospecting', ...fields }, { changeType: 'CREATE' });

const subscription = (metadata: Readonly<Record<string, string>>, id = 'evt_1', type = 'created'): string =>
  JSON.stringify({
    id,
    type: `customer.subscription.${type}`,
    created: 1781341201,
    data: {
      object: {
        id: 'sub_1',
        status: 'active',
        customer: 'cus_1',
        currency: 'eur',
        start_date: 1781341200,
        ended_at: 1781341202,
        metadata,
        items: {
          data: [
            {
              quantity: 2,
              current_period_start: 1781341200,
              current_period_end: 1812877200,
              price: {
                product: 'prod_1',
                unit_amount: 1000,
                currency: 'eur',
                recurring: { interval: 'year', interval_count: 1 },
              },
            },
          ],
        },
      },
    },
  });

/** What comes later is received later. */
const tick = (): string => {
  intake.setTime(addMilliseconds(intake.now(), 1));
  return intake.now();
};
const fromOrg = (...bodies: readonly string[]) => {
  tick();
  return intake.receive(intake.queued(bodies));
};
const fromStripe = (body: string) => intake.receive(stripeRequest(body, tick()));
const fromSender = (event: Readonly<Record<string, unknown>>) =>
  intake.receive(
    cloudEventsRequest(JSON.stringify({ specversion: '1.0', source: '/psa', id: 'e-1', ...event }), tick()),
  );
const outcome = (id: string, about: string) => ({
  id,
  type: 'throughline.OutcomeAgreed',
  subject: about,
  time: '2026-06-21T09:00:00Z',
  data: { outcomeId: id, statementRef: 'crm:1' },
});

const summary = (facts: readonly Fact[]) =>
  [...new Set(facts.map(({ type, streamId }) => `${type} ${streamId}`))].sort();
const statuses = async () => (await intake.receiptRows()).map(({ status, reason }) => [status, reason]);

describe('a receipt that says what it needs', () => {
  test('becomes facts with ids, clock and currency of their source, and ends', async () => {
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
      reason: '',
      streams: [engagementOf(firstDeal)],
      // 90 days after 1 December 2026.
      expiresAt: Date.parse('2027-03-01T00:00:00.000Z') / 1000,
    });
    expect(receipt).not.toHaveProperty('pending');
  });

  test('says the same facts however often it is translated, and however often it came', async () => {
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

  test('is ignored where it says nothing to us, with the reason', async () => {
    await fromOrg(change('001Hp00002LmZ8pIAF', { Title: 'x' }, { entityName: 'Contact' }));
    await intake.settle();
    expect(await statuses()).toEqual([['ignored', 'objectNotFollowed: Contact']]);
    expect(intake.facts()).toEqual([]);
  });

  test('is refused where it is not what the catalog says, with the issues, and stays', async () => {
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

  test('has a time that can be believed: another is kept as the claim', async () => {
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

describe('a receipt that must wait', () => {
  test('waits for a type that its connection may not say, until it may', async () => {
    const allowedTypes = ['EngagementOpened'];
    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce', { allowedTypes }));
    await fromOrg(change(firstDeal, { StageName: 'Closed Won' }));
    await intake.settle();
    expect(await statuses()).toEqual([['waiting', 'notAllowed: the connection may not say DealClosed']]);
    expect((await intake.receiptRows())[0]).toMatchObject({ pending: expect.any(String) });
    expect((await intake.receiptRows())[0]).not.toHaveProperty('expiresAt');

    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce'));
    intake.setTime('2026-12-01T00:05:00.000Z');
    const [receipt] = await intake.receiptRows();
    const offer = { receipt: { partition: receipt?.partition, id: receipt?.id } };
    expect(await intake.newTranslate()(intake.queued([offer]))).toEqual({ batchItemFailures: [] });
    expect(summary(intake.facts())).toEqual([`DealClosed ${engagementOf(firstDeal)}`]);
    expect(await statuses()).toEqual([['translated', '']]);
  });

  test('waits while its mapping or its connection can’t be used: the tenant can mend both', async () => {
    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce', { mapping: '{"stages":7}' }));
    await fromOrg(opened(firstDeal));
    await intake.settle();
    expect(await statuses()).toEqual([['waiting', expect.stringContaining('mappingInvalid: stages')]]);
  });

  test('waits under the id that nobody has linked, and flows when somebody has', async () => {
    await fromStripe(subscription({ engagement_id: reference }));
    const translate = intake.newTranslate();
    await intake.settle(translate);
    expect(await statuses()).toEqual([['waiting', `notLinked: reference/engagement/${reference}`]]);
    expect(await intake.pointers()).toEqual([`wait#${tenant}#reference#engagement#${reference}`]);
    // The subscription's own link needs nobody, so that it has been said already.
    expect(summary(intake.facts())).toEqual([
      `IdentityLinked ${identityStreamOf(tenant, { system: 'stripe', kind: 'subscription', id: 'sub_1' })}`,
    ]);

    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle(translate);
    expect(summary(intake.facts())).toContain(`SubscriptionStarted ${engagementOf(firstDeal)}`);
    expect(await statuses()).toEqual([
      ['translated', ''],
      ['translated', ''],
    ]);
    expect(await intake.pointers()).toEqual([]);
  });

  test('follows links that lead on to other ids, and waits for the last of them', async () => {
    await fromStripe(subscription({}, 'evt_2', 'deleted'));
    await intake.settle();
    expect(await statuses()).toEqual([['waiting', 'notLinked: stripe/subscription/sub_1']]);
    await fromStripe(subscription({ engagement_id: reference }));
    await intake.settle();
    expect(await statuses()).toEqual([
      ['waiting', `notLinked: reference/engagement/${reference}`],
      ['waiting', `notLinked: reference/engagement/${reference}`],
    ]);
    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    expect(summary(intake.facts())).toEqual(
      expect.arrayContaining([
        `SubscriptionStarted ${engagementOf(firstDeal)}`,
        `SubscriptionEnded ${engagementOf(firstDeal)}`,
      ]),
    );
    expect(await intake.pointers()).toEqual([]);
  });

  test('meets a link that comes while it begins to wait', async () => {
    const { store, runStage } = intake;
    await fromStripe(subscription({ engagement_id: reference }));
    const external = engagementReference(reference);
    const link = fact(
      'IdentityLinked',
      { external, to: { stream: engagementOf(firstDeal) }, reason: 'test' },
      { at: '2026-06-01', stream: identityStreamOf(tenant, external) },
    );
    // The link is recorded after the first read of the identity, and its wake-up finds no pointer yet.
    const load = store.load.bind(store);
    let reads = 0;
    const racing = async (...asked: Parameters<typeof load>) => {
      const loaded = await load(...asked);
      if (asked[0] === link.streamId) {
        reads += 1;
        if (reads === 1) await runStage(link.streamId, [link]);
      }
      return loaded;
    };
    Object.assign(store, { load: racing });
    await intake.newTranslate()(await intake.newReceipts());
    expect(await statuses()).toEqual([['translated', '']]);
    expect(await intake.pointers()).toEqual([]);
  });

  test('waits where links lead in a circle, and where they lead to a stream of another kind', async () => {
    const { runStage } = intake;
    const link = (external: ExternalId, to: LinkTarget) =>
      fact(
        'IdentityLinked',
        { external, to, reason: 'test' },
        { at: '2026-06-01', stream: identityStreamOf(tenant, external) },
      );
    const [a, b, c] = ['A', 'B', 'C'].map(engagementReference);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three references');
    for (const said of [
      link(a, { external: b }),
      link(b, { external: a }),
      link(c, { stream: streamIdOf(tenant, 'party', 'p') }),
    ]) {
      await runStage(said.streamId, [said]);
    }
    await fromSender(outcome('o-1', 'engagement/A'));
    await intake.settle();
    await fromSender(outcome('o-2', 'engagement/C'));
    await intake.settle();
    expect((await statuses()).map(([, reason]) => reason)).toEqual(
      expect.arrayContaining([
        'notLinked: reference/engagement/A, reference/engagement/B',
        expect.stringContaining('linkedElsewhere: OutcomeAgreed'),
      ]),
    );
  });
});

describe('an opportunity and the reference beside it', () => {
  test('a new one gives the reference its engagement', async () => {
    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    const link = intake.facts().find(({ type }) => type === 'IdentityLinked');
    expect(link?.data).toMatchObject({
      external: { system: 'reference', kind: 'engagement', id: reference },
      to: { external: opportunity(firstDeal) },
    });
    expect(link?.streamId).toBe(identityStreamOf(tenant, engagementReference(reference)));
  });

  const renewal = () => opened(renewalDeal, { Engagement_Id__c: reference, Type: 'Renewal' });
  const first = () => opened(firstDeal, { Engagement_Id__c: reference });
  const later = () => change(renewalDeal, { StageName: 'Negotiation' });
  const expected = [
    `DealRevised ${engagementOf(firstDeal)}`,
    `EngagementOpened ${engagementOf(firstDeal)}`,
    `RenewalProposed ${engagementOf(firstDeal)}`,
  ];
  const inEngagements = () => summary(intake.facts().filter(({ type }) => type !== 'IdentityLinked'));

  test('one that renews is linked, not opened; its later messages follow, also in the same batch', async () => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(renewal(), later());
    await intake.settle();
    expect(inEngagements()).toEqual(expected);
  });

  test('one that renews what is not known yet waits for it, and its later messages with it', async () => {
    await fromOrg(renewal());
    await intake.settle();
    await fromOrg(later());
    await intake.settle();
    expect((await statuses()).map(([status]) => status)).toEqual(['waiting', 'waiting']);
    await fromOrg(first());
    await intake.settle();
    expect(inEngagements()).toEqual(expected);
    expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated', 'translated']);
  });

  test('another that names a known reference opens nothing, though it calls itself new', async () => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(
      opened(renewalDeal, { Engagement_Id__c: reference }),
      change(renewalDeal, { StageName: 'Qualified' }),
    );
    await intake.settle();
    expect(inEngagements()).toEqual(expected.slice(0, 2));
  });

  test('one that has begun an engagement of its own waits as needsMerge', async () => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(later());
    await intake.settle();
    await fromOrg(renewal());
    await intake.settle();
    const [, , waiting] = await statuses();
    expect(waiting).toEqual(['waiting', expect.stringContaining(`needsMerge: Opportunity ${renewalDeal} has begun`)]);
    expect(waiting?.[1]).toContain(engagementOf(firstDeal));
    expect(inEngagements()).not.toContain(`RenewalProposed ${engagementOf(firstDeal)}`);
  });
});

describe('what goes wrong on the way', () => {
  test('a fact that the bus doesn’t take keeps its receipt pending; the others end', async () => {
    const events = mockClient(EventBridgeClient);
    const throttled = (detail: string | undefined) => detail?.includes(renewalDeal) === true;
    events.on(PutEventsCommand).callsFake(({ Entries = [] }) => ({
      Entries: Entries.map(({ Detail }: { Detail?: string }) =>
        throttled(Detail) ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' } : { EventId: 'e' },
      ),
    }));
    const bus = createBus({ client: new EventBridgeClient({}), busName: 'main', random: () => 0 });
    intake = await startIntake({ client: engine.client, bus });
    await fromOrg(opened(firstDeal), opened(renewalDeal));
    const batch = await intake.newReceipts();
    const failing = batch.Records.find(({ dynamodb }) => dynamodb.NewImage.body?.S?.includes(renewalDeal) === true);
    expect(await intake.newTranslate()(batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: failing?.dynamodb.SequenceNumber }],
    });
    expect((await statuses()).map(([status]) => status).sort()).toEqual(['pending', 'translated']);

    events.on(PutEventsCommand).callsFake(({ Entries = [] }) => ({ Entries: Entries.map(() => ({ EventId: 'e' })) }));
    expect(await intake.newTranslate()(await intake.newReceipts())).toEqual({ batchItemFailures: [] });
    expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated']);
    events.restore();
  });

  test('a message that is none of translate’s fails alone', async () => {
    await fromOrg(opened(firstDeal));
    const [receipt] = await intake.receiptRows();
    const gone = { receipt: { partition: 'northwind#c-x', id: 'gone' } };
    const batch = intake.queued([{ receipt: receipt }, { some: 'thing' }, gone]);
    expect(await intake.newTranslate()(batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: batch.Records[1]?.messageId }],
    });
    expect(await statuses()).toEqual([['translated', '']]);
  });

  test('a pointer at a receipt that has ended is removed when it wakes nobody', async () => {
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
  });
});

test('messages say the same, in whatever order they come, and repeated', async () => {
  const ofOrg = [
    opened(firstDeal, { Engagement_Id__c: reference, Amount: 1 }),
    change(firstDeal, { StageName: 'Closed Won' }),
    change('801Hp00000DnW5qIAF', { OpportunityId: firstDeal }, { entityName: 'Order', changeType: 'CREATE' }),
    opened(renewalDeal, { Engagement_Id__c: reference, Type: 'Renewal' }),
  ];
  const messages: readonly (() => Promise<unknown>)[] = [
    ...ofOrg.map((body) => () => fromOrg(body)),
    () => fromStripe(subscription({ engagement_id: reference })),
    () => fromStripe(subscription({}, 'evt_2', 'deleted')),
    () => fromSender(outcome('o-1', `engagement/${reference}`)),
  ];
  let whole: readonly string[] | undefined;
  const stands = () =>
    [
      ...new Set(intake.facts().map(({ eventId, streamId, data }) => `${streamId} ${eventId} ${JSON.stringify(data)}`)),
    ].sort();
  const deliveries = fc
    .shuffledSubarray([...messages.keys(), 0, 3, 5], { minLength: messages.length + 3 })
    .chain((sequence) =>
      fc.tuple(
        fc.constant(sequence),
        fc.array(fc.boolean(), { minLength: sequence.length, maxLength: sequence.length }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(deliveries, async ([sequence, pauses]) => {
      intake = await startIntake({ client: engine.client });
      for (const [step, index] of sequence.entries()) {
        await messages[index]?.();
        if (pauses[step]) await intake.settle();
      }
      await intake.settle();
      expect((await statuses()).filter(([status]) => status !== 'translated')).toEqual([]);
      expect(await intake.pointers()).toEqual([]);
      whole ??= stands();
      expect(stands()).toEqual(whole);
    }),
    { numRuns: 25 },
  );
  expect(whole?.length).toBeGreaterThan(messages.length);
}, 120_000);
