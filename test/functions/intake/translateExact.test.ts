// Do a sender's ids, times and order come through its door exactly, and does a wrong one change nothing in silence?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedEngagementOf } from '../../../events/identifiers.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { cloudEventsRequest, connectionItem, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';
import { columnsAt } from '../../support/tabled.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
});

const dealOf = (id: string): string => derivedEngagementOf(tenant, { system: 'crm', kind: 'deal', id });

/** Connects the sender with a mapping, and sends raw bodies in turn. */
const send = async (mapping: unknown, ...bodies: readonly string[]): Promise<void> => {
  const allowedTypes = ['EngagementOpened', 'DealRevised', 'OrderPlaced', 'OrderFulfilled', 'SubscriptionStarted'];
  const given = { mapping: JSON.stringify(mapping), mappingVersion: 1, allowedTypes };
  await putItem(engine.client, intake.tables.connections, connectionItem('cloudevents', given));
  for (const body of bodies) {
    await intake.receive(cloudEventsRequest(body, intake.now()));
    await intake.settle();
    intake.setTime(addMilliseconds(intake.now(), 1));
  }
};
const eventsOf = async (id: string): Promise<readonly RecordedEvent[]> => (await intake.store.load(dealOf(id))).events;

const opening = (given: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    specversion: '1.0',
    id: 'c1',
    source: 'https://tools.example/hub',
    type: 'throughline.EngagementOpened',
    subject: 'crm/deal/D',
    time: '2026-09-01T09:00:00Z',
    datacontenttype: 'application/json',
    data: { offerId: 'O' },
    ...given,
  });

describe('ids that are numbers', () => {
  const external = { system: 'crm', kind: 'deal', id: 'data.deal' };
  const mapping = (orderId: unknown) => ({
    version: 1,
    rules: [
      {
        type: 'dist.order',
        as: 'OrderPlaced',
        subject: { external },
        fields: { claimedBy: { constant: 'distributor' }, orderId },
        links: [{ kind: 'order', id: 'data.order' }],
      },
      {
        type: 'dist.ship',
        as: 'OrderFulfilled',
        subject: { external: { kind: 'order', id: 'data.order' } },
        fields: { orderId },
      },
    ],
  });
  const said = (id: string, type: string, data: string): string =>
    `{"specversion":"1.0","id":"${id}","source":"/d","type":"${type}","time":"2026-09-02T10:00:00Z","data":${data}}`;

  test.each(['data.order', { path: 'data.order', as: 'text' }])(
    'lead a fulfilment to its own order: %j',
    async (id) => {
      await send(
        mapping(id),
        said('n1', 'dist.order', '{"deal":"numA","order":9007199254740993001}'),
        said('n2', 'dist.order', '{"deal":"numB","order":9007199254740993002}'),
        said('n3', 'dist.ship', '{"order":9007199254740993002}'),
      );
      const orders = async (deal: string) =>
        (await eventsOf(deal)).map(({ type, data }) => [type, 'orderId' in data && data.orderId]);
      expect(await orders('numA')).toEqual([['OrderPlaced', '9007199254740993001']]);
      expect(await orders('numB')).toEqual([
        ['OrderPlaced', '9007199254740993002'],
        ['OrderFulfilled', '9007199254740993002'],
      ]);
    },
  );
});

describe('a time', () => {
  test.each(['2026-02-30T10:00:00Z', '2026-02-29T10:00:00Z', '2026-09-01T24:61:00Z', '2026-09-01T09:00:00.370582GMT'])(
    '%s that does not exist is the claim, the receipt’s time stands, and it is a deviation',
    async (time) => {
      await send({}, opening({ time }));
      const events = await eventsOf('D');
      expect(events).toMatchObject([{ occurredAt: '2026-12-01T00:00:00.000Z', claimedAt: time }]);
      expect(columnsAt('engagements', '2026-12-02', events)).toMatchObject([
        { openedAt: '2026-12-01T00:00:00.000Z', deviations: [{ kind: 'claimedTimeNotBelievable', about: time }] },
      ]);
    },
  );

  test.each([
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
    ['2026-09-01t09:00:00.1239z', '2026-09-01T09:00:00.123Z'],
    ['2026-09-01 11:00:00+02:00', '2026-09-01T09:00:00.000Z'],
    ['2026-09-01T09:00:00-00:00', '2026-09-01T09:00:00.000Z'],
  ])('%s is %s', async (time, occurredAt) => {
    await send({}, opening({ time }));
    const [event] = await eventsOf('D');
    expect(event?.occurredAt).toBe(occurredAt);
    expect(event).not.toHaveProperty('claimedAt');
  });

  const started = (data: Readonly<Record<string, unknown>>): string =>
    opening({ id: 's1', type: 'throughline.SubscriptionStarted', data: { subscriptionId: 'B', ...data } });

  test('inside the data may have any offset, and becomes an instant', async () => {
    await send({}, opening(), started({ termStart: '2026-01-06T00:00:00+02:00', termEnd: '2027-01-05 22:00:00.5Z' }));
    expect((await eventsOf('D'))[1]).toMatchObject({
      data: { termStart: '2026-01-05T22:00:00.000Z', termEnd: '2027-01-05T22:00:00.500Z' },
    });
  });

  test('inside the data is refused by its path if it does not exist', async () => {
    await send({}, opening(), started({ termStart: '2026-02-30T00:00:00Z' }));
    expect((await intake.receiptRows())[1]).toMatchObject({
      status: 'refused',
      reason: 'notThisFact: SubscriptionStarted',
      issues: [{ path: 'SubscriptionStarted.termStart' }],
    });
  });

  test('for a day keeps the day that was written', async () => {
    const close = (id: string, expectedClose: string) =>
      opening({ id, type: 'throughline.DealRevised', data: { expectedClose } });
    await send({}, opening(), close('r1', '2026-03-31T22:30:00-05:00'), close('r2', '2026-02-30'));
    expect((await eventsOf('D'))[1]).toMatchObject({ data: { expectedClose: '2026-03-31' } });
    expect((await intake.receiptRows())[2]).toMatchObject({ issues: [{ path: 'DealRevised.expectedClose' }] });
  });
});

test('a reference with slashes is waited for as a whole', async () => {
  await send(
    {},
    opening({ type: 'throughline.OrderFulfilled', subject: 'engagement/ENG/2026/7', data: { orderId: 'o' } }),
  );
  expect(await intake.receiptRows()).toMatchObject([{ reason: 'notLinked: reference/engagement/ENG/2026/7' }]);
});

test('the greater sequence stands, as a number', async () => {
  const mapping = {
    version: 1,
    rules: [
      {
        type: 'deal.value',
        as: 'DealRevised',
        subject: { external: { system: 'crm', kind: 'deal', id: 'data.deal' } },
        key: 'data.deal',
        fields: {
          value: { object: { amount: { path: 'data.amount', as: 'decimal' }, currency: { constant: 'EUR' } } },
        },
      },
    ],
  };
  const value = (sequence: unknown, amount: string) =>
    opening({
      id: `q${sequence}`,
      type: 'deal.value',
      time: '2026-09-02T09:00:09Z',
      data: { deal: 'D', amount },
      sequence,
      sequencetype: 'Integer',
    });
  await send(mapping, opening(), value('10', '1000.00'), value('9', '900.00'), value(8, '800.00'));
  expect(columnsAt('engagements', '2026-12-02', await eventsOf('D'))).toMatchObject([
    { valueMinor: 100_000, valueCurrency: 'EUR' },
  ]);
});

test('a byte order mark is passed over, and the signature covers it', async () => {
  await send({}, `\uFEFF${opening()}`);
  expect(await eventsOf('D')).toMatchObject([{ type: 'EngagementOpened' }]);
  const signed = cloudEventsRequest(`\uFEFF${opening({ id: 'c2' })}`, intake.now());
  expect(await intake.receive({ ...signed, body: opening({ id: 'c2' }) })).toMatchObject({ statusCode: 401 });
});

test('a partner bus may begin an event with a byte order mark', async () => {
  const event = { source: 'aws.partner/salesforce.com/00DHp00000TqkABMAZ/0YLHp0000004Cb1OAE', detail: {} };
  expect(await intake.receive(intake.queued([`\uFEFF${JSON.stringify(event)}`]))).toEqual({ batchItemFailures: [] });
  expect(await intake.receiptRows()).toHaveLength(1);
});
