// Can every row be written, however large the amounts of accepted facts are, and is a sum beyond 2⁵³ null with its reason?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../domain/rows/row.ts';
import { parseRecorded, type RecordedEvent } from '../../../events/catalog.ts';
import { instantOf } from '../../../events/instant.ts';
import { rowItem } from '../../../functions/project/rowItem.ts';
import { recorded, tenantId } from '../../support/histories/events.ts';
import { deliver, someFacts, someNow } from '../../support/histories/histories.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { aNow, someRevenue } from '../../support/histories/someRevenue.ts';
import { engagementsAt, monthsAt, rollUp } from '../../support/rolledUp.ts';
import { columnsAt, org, partyId } from '../../support/tabled.ts';

const largest = Number.MAX_SAFE_INTEGER;
const most: Readonly<Record<string, number>> = {
  quantity: 1e12,
  activeUnits: 1e12,
  purchasedUnits: 1e12,
  minutes: 1e7,
};

/** The event with much larger numbers, all of which its schema accepts. */
const inflated = (event: RecordedEvent, by: number): RecordedEvent => {
  const larger = (name: string, value: number): number => {
    if (name === 'amountMinor') return Math.min(value * by, largest);
    const limit = most[name];
    return limit === undefined ? value : Math.min(value * by, limit);
  };
  const text = JSON.stringify(event, (name, value: unknown) =>
    typeof value === 'number' ? larger(name, value) : value,
  );
  const parsed = parseRecorded(JSON.parse(text));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
};

const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const expectWritable = (rows: readonly Row[]): void => {
  for (const row of rows) {
    expect(Object.keys(rowItem(tenantId, row)).length).toBeGreaterThan(0);
    for (const number of numbersIn(row.columns))
      expect([row.table, number, Number.isSafeInteger(Math.trunc(number))]).toEqual([row.table, number, true]);
  }
};

const factor = fc.constantFrom(1, 1e3, 1e9, 1e12, 9e12, largest);

describe('every row can be written', () => {
  it('of any engagement', () => {
    fc.assert(
      fc.property(someFacts, factor, someNow, (facts, by, now) => {
        const events = deliver(facts).map((event) => inflated(event, by));
        expectWritable([...rollUp(engagementsAt(now, events), now).rows]);
      }),
      { numRuns: 100 },
    );
  });

  it('of the recurring revenue of several engagements, and so can what they feed', () => {
    fc.assert(
      fc.property(someRevenue, factor, aNow, (events, by, now) => {
        const rolled = rollUp(
          engagementsAt(
            now,
            events.map((event) => inflated(event, by)),
          ),
          now,
        );
        expectWritable(rolled.rows);
        for (const fed of rolled.fed.values())
          for (const number of numbersIn(fed)) expect([number, Number.isSafeInteger(number)]).toEqual([number, true]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a sum that is too large', () => {
  const rial = (amountMinor: number, id = 'B-1'): RecordedEvent =>
    recorded(
      'SubscriptionStarted',
      {
        subscriptionId: id,
        quantity: 1,
        price: { amountMinor, currency: 'IRR' },
        billingPeriod: 'P1M',
        termStart: '2026-01-06T00:00:00.000Z',
      },
      { at: '2026-01-06' },
    );
  const openedAt = recorded('EngagementOpened', { offerId: 'O' }, { at: '2026-01-05' });
  const arrOf = (...events: readonly RecordedEvent[]) =>
    columnsAt('engagements', '2026-06-30', [openedAt, ...events]).map(({ arrMinor, arrReason }) => [
      arrMinor,
      arrReason,
    ]);

  it('of twelve months is no amount a year, with the reason in each table', () => {
    const events = [openedAt, rial(800_000_000_000_000)];
    expect(arrOf(rial(800_000_000_000_000))).toEqual([[null, 'amountTooLarge']]);
    expect(columnsAt('subscriptions', '2026-06-30', events)).toMatchObject([
      { priceMinor: 800_000_000_000_000, arrMinor: null, arrReason: 'amountTooLarge' },
    ]);
    expect(columnsAt('arr_steps', '2026-06-30', events)).toMatchObject([
      { fromMinor: 0, toMinor: null, amountReason: 'amountTooLarge' },
    ]);
  });

  it('of subscriptions is no revenue of the engagement, also beside small ones, and is exact up to 2⁵³', () => {
    const half = 375_299_968_947_541;
    expect(arrOf(rial(half), rial(half, 'B-2'))).toEqual([[24 * half, null]]);
    expect(arrOf(rial(half), rial(half, 'B-2'), rial(1, 'B-3'))).toEqual([[null, 'amountTooLarge']]);
    expect(arrOf(rial(800_000_000_000_000), rial(1, 'B-2'))).toEqual([[null, 'amountTooLarge']]);
  });

  it('of fees is not known to the seller, with the reason', () => {
    const amount = { amountMinor: largest, currency: 'IRR' };
    const fee = { payer: org('seller'), payee: org('market'), kind: 'listing', amount };
    const legs = [{ seq: 1, component: 'licence', seller: org('seller'), buyer: org('buyer'), amount }];
    const placed = recorded(
      'OrderPlaced',
      { claimedBy: 'crm', orderId: 'o1', legs, fees: [fee, fee] },
      { at: '2026-01-06' },
    );
    expect(columnsAt('order_legs', '2026-06-30', [openedAt, placed])[0]).toMatchObject({
      boughtMinor: 0,
      feesMinor: null,
      retainedBySellerMinor: null,
      retainedReason: 'amountTooLarge',
    });
  });

  it('over customers is null with its reason, and the customers’ own rows are exact', () => {
    const each = 6_000_000_000_000_001;
    const customers = ['c', 'd'].map((customer, index) => {
      const one = engagement(`e${index}`);
      return [one.opened('2025-01-01', { customer, lead: 'p' }), one.started('2025-03-10', 's', each)];
    });
    const months = (table: string) => monthsAt(table, '2026-08-01', customers.flat());
    expect(months('customer_months').get(`${partyId('c')}#2026-03#EUR`)).toMatchObject({
      endMinor: each,
      reason: null,
    });
    for (const [table, of] of [
      ['tenant_months', 'all'],
      ['partner_months', partyId('p')],
    ] as const)
      expect(months(table).get(`${of}#2026-03#EUR`)).toMatchObject({
        endMinor: null,
        newMinor: 0,
        amountReason: 'amountTooLarge',
        nrr: null,
        nrrReason: 'amountTooLarge',
      });
    expect(months('tenant_months').get('all#2025-03#EUR')).toMatchObject({
      newMinor: null,
      nrr: null,
      nrrReason: 'noBase',
    });
  });

  it('that moves to another partner is a transfer of an amount that is not known', () => {
    const one = engagement('e1');
    const steps = columnsAt('arr_steps', '2025-08-01', [
      one.opened('2025-01-01', { customer: 'c', lead: 'p' }),
      one.started('2025-03-10', 's', largest),
      one.started('2025-04-10', 't', largest),
      one.assigned('2025-05-10', 'q'),
    ]);
    expect(steps.filter(({ kind }) => kind === 'transferOut' || kind === 'transferIn')).toMatchObject([
      { fromMinor: null, toMinor: 0, currency: 'EUR', amountReason: 'amountTooLarge' },
      { fromMinor: 0, toMinor: null, currency: 'EUR', amountReason: 'amountTooLarge' },
    ]);
  });

  it('of one customer’s changes makes its amounts unknown, as if a price were', () => {
    const one = engagement('e1');
    const events = [
      one.opened('2025-01-01', { customer: 'c' }),
      one.started('2025-03-10', 's', largest),
      one.started('2025-04-10', 't', largest),
    ];
    const months = monthsAt('customer_months', instantOf(Date.UTC(2025, 7, 1)), events);
    expect(months.get(`${partyId('c')}#2025-05#unknown`)).toMatchObject({ endMinor: null, reason: 'amountUnknown' });
  });
});
