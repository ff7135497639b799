// Is each message that went wrong somewhere in the world read truly here, from its door to the tables?
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { manualClock } from '../../../infra/local/core/clock.ts';
import { type Runtime, startRuntime } from '../../../infra/local/runtime.ts';
import { messageCases } from './messageCase.ts';
import { type Played, playCase, type Row } from './playCase.ts';

const data = mkdtempSync(join(tmpdir(), 'throughline-cases-'));
const clock = manualClock(Date.parse('2026-11-29T17:20:55.000Z'));
let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ dataDir: data, clock, authorise: true });
}, 60_000);
afterAll(async () => {
  await runtime.stop();
  rmSync(data, { recursive: true, force: true });
});

type Check = (played: Played) => Promise<void>;

const only = async (played: Played, table = 'engagements'): Promise<Row> => {
  const rows = await played.table(table);
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
};

/** The only row of a table holds these values. */
const row =
  (expected: Row, table = 'engagements'): Check =>
  async (played) =>
    expect(await only(played, table)).toMatchObject(expected);

const count =
  (engagements: number): Check =>
  async (played) =>
    expect(await played.table('engagements')).toHaveLength(engagements);

const dataOf = (event: Row): Row => z.record(z.string(), z.unknown()).parse(event.data);

const said = async (played: Played, type: string): Promise<readonly Row[]> =>
  (await played.events()).filter((event) => event.type === type).map(dataOf);

const noAmount =
  (reason: RegExp): Check =>
  async (played) => {
    const { arrMinor, arrReason } = await only(played);
    expect(arrMinor).toBeNull();
    expect(arrReason).toMatch(reason);
  };

const unreadTime: Check = async (played) =>
  expect(await only(played)).toMatchObject({
    openedAt: expect.stringMatching(/^2026-11-29T17:20:55/),
    deviations: [{ kind: 'claimedTimeNotBelievable' }],
  });

/** What a vendor sees of the receipts of a status: each of them whole. */
const receiptsOf = async (played: Played, status: string): Promise<string> => {
  const listed = await played.list(`/v1/receipts?status=${status}`);
  return JSON.stringify(await Promise.all(listed.map(({ receipt }) => played.get(`/v1/receipts/${receipt}`))));
};

const checks: Readonly<Record<string, Check>> = {
  'ce-byte-order-mark': count(1),
  'ce-date-with-offset': async (played) =>
    expect(await said(played, 'OutcomeAgreed')).toMatchObject([{ due: '2026-03-31' }]),
  'ce-february-30': unreadTime,
  'ce-numeric-order-ids': async (played) => {
    const events = await played.events();
    const streamOf = (type: string, orderId: string) =>
      events.find((event) => event.type === type && dataOf(event).orderId === orderId)?.streamId;
    const placed = streamOf('OrderPlaced', '9007199254740993002');
    expect(placed).toBeDefined();
    expect(streamOf('OrderFulfilled', '9007199254740993002')).toBe(placed);
    expect(streamOf('OrderPlaced', '9007199254740993001')).not.toBe(placed);
  },
  'ce-one-bad-event-in-a-batch': async (played) => {
    await count(2)(played);
    expect(await receiptsOf(played, 'refused')).toContain('offerId');
  },
  'ce-reference-with-slash': async (played) => {
    expect(await receiptsOf(played, 'waiting')).toContain('"system":"reference","kind":"engagement","id":"ENG/2026/7"');
  },
  'ce-sequence-integers': row({ valueMinor: 100_000, valueCurrency: 'EUR' }),
  'ce-zone-name': async (played) => {
    const rows = await played.table('engagements');
    expect(rows.find(({ offerId }) => offerId === 'P')).toMatchObject({
      openedAt: expect.stringMatching(/^2016-12-31T23:59:59/),
      deviations: [],
    });
    expect(rows.find(({ offerId }) => offerId === 'O')).toMatchObject({
      deviations: [{ kind: 'claimedTimeNotBelievable' }],
    });
  },
  'csv-ids-as-numbers': async (played) => {
    const csv = await played.text('/v1/tables/engagements?format=csv&excel=true');
    expect(csv).toContain('00123');
    expect(csv).not.toMatch(/,00123,/);
    expect(csv).not.toMatch(/,1E10,/);
  },
  'csv-semicolon-formula': async (played) => {
    const csv = await played.text('/v1/tables/subscriptions?format=csv');
    expect(csv).toContain('"A;');
    expect(csv).not.toMatch(/[^"\w]A;=1\+1/);
  },
  'facts-amount-beyond-2-53': async (played) => {
    await count(1)(played);
    expect(await only(played)).toMatchObject({ arrMinor: null });
  },
  'facts-february-30': async (played) => {
    expect(played.answers[0]?.status).toBe(422);
    expect(played.answers[0]?.text).toContain('occurredAt');
  },
  'ok-ce-charset': count(1),
  'ok-ce-several-signatures': async (played) => {
    expect(played.answers[0]?.status).toBe(202);
    await count(1)(played);
  },
  'ok-csv-formula-and-negative': async (played) => {
    const csv = await played.text('/v1/tables/engagements?format=csv');
    expect(csv).toContain("'=2+3");
    expect(csv).toContain('"a""b,c"');
  },
  'ok-sf-15-char-id': row({ valueMinor: 444_400, valueCurrency: 'USD' }),
  'ok-sf-fraction-of-yen': row({ valueMinor: null, valueReason: 'notExact' }),
  'ok-sf-renamed-stage': row({ stage: 'procure', result: 'won' }),
  'ok-stripe-2014-shape': row(
    { quantity: 3, priceMinor: 7500, arrMinor: 90_000, termEnd: '2026-03-01T00:00:00.000Z' },
    'subscriptions',
  ),
  'ok-stripe-month-ends': async (played) => {
    await row({ renewalDue: '2026-04-30T00:00:00.000Z', cycle: 1, arrMinor: 144_000 })(played);
    expect(await played.table('subscriptions')).toHaveLength(3);
  },
  'ok-stripe-never-paid': row({ arrMinor: null, endedAt: null }),
  'ok-stripe-out-of-order': row(
    { status: 'ended', quantity: 25, priceMinor: 30_000, endsAt: '2026-04-01T00:00:00.000Z' },
    'subscriptions',
  ),
  'ok-stripe-tiered': row({ arrMinor: null }),
  'sf-amount-nulled': row({ valueMinor: null, valueReason: 'cleared' }),
  'sf-changedfields-bitmap': async (played) => {
    const { valueMinor } = await only(played);
    if (valueMinor !== 777_700) expect(await receiptsOf(played, 'refused')).toContain('changedFields');
  },
  'sf-currency-alone-then-amount': row({ valueMinor: 200_000, valueCurrency: 'EUR' }),
  'sf-deleted-stays-open': row({ endReason: 'withdrawn', endedAt: expect.any(String) }),
  'sf-event-over-256-kb': async (played) => {
    const translated = JSON.stringify(await played.events());
    expect(translated).toContain('DealRevised');
  },
  'sf-reopened-lost': row({ stage: 'sell', result: null, endedAt: null }),
  'stripe-cancel-at-period-end': row({ autoRenew: false }, 'subscriptions'),
  'stripe-coupon-forever': async (played) => {
    const { arrMinor, arrReason } = await only(played);
    if (arrMinor !== 0) expect(arrReason).toMatch(/discount/);
  },
  'stripe-every-four-weeks': async (played) => {
    await row({ arrMinor: 156_000 })(played);
    await row({ priceMinor: 12_000 }, 'subscriptions')(played);
  },
  'stripe-isk-price': row({ arrMinor: 5000, arrCurrency: 'ISK' }),
  'stripe-items-cut-off': noAmount(/^(?!none)/),
  'stripe-metered-as-one-unit': noAmount(/metered/),
  'stripe-mga-invoice': async (played) =>
    expect(await said(played, 'LedgerEntryRecorded')).toMatchObject([
      { amount: { amountMinor: 4_500_000, currency: 'MGA' } },
    ]),
  'stripe-mixed-intervals': row({ arrMinor: 18_000, renewalDue: '2027-02-01T00:00:00.000Z' }),
  'stripe-monthly-to-yearly': row({ renewalDue: '2027-09-15T10:00:00.000Z' }),
  'stripe-package-price': row({ arrMinor: 3000, arrCurrency: 'USD' }),
  'stripe-paid-out-of-band': async (played) =>
    expect(await said(played, 'LedgerEntryRecorded')).toMatchObject([
      { amount: { amountMinor: 12_000, currency: 'USD' } },
    ]),
  'stripe-paused-in-arr': noAmount(/suspended/),
  'stripe-same-second-chain': row({ quantity: 12, arrMinor: 14_400 }, 'subscriptions'),
  'stripe-test-mode-counted': async (played) => expect(await said(played, 'LedgerEntryRecorded')).toEqual([]),
  'stripe-thin-event': async (played) => {
    const found = [await receiptsOf(played, 'refused'), await receiptsOf(played, 'waiting')].join();
    expect(found).toMatch(/thin/i);
  },
  'stripe-trial-in-arr': noAmount(/trial/),
  'stripe-two-endpoints': async (played) => expect(await said(played, 'LedgerEntryRecorded')).toHaveLength(1),
};

describe('a message that went wrong somewhere', () => {
  test('has a check here', () => expect(Object.keys(checks)).toEqual([...messageCases.keys()]));

  test.each([...messageCases.values()].map((each, number) => [each.name, each, number] as const))(
    '%s',
    async (name, each, number) => {
      await checks[name]?.(await playCase(runtime, each, number + 1));
    },
    60_000,
  );
});
