// Does each term have a row, as it was at its end, or as it is now?
import { describe, expect, it } from 'vitest';
import { instant, recorded } from '../../support/histories/events.ts';
import { columnsAt, org, partyId, tableAt } from '../../support/tabled.ts';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const opened = recorded('EngagementOpened', { customer: org('c'), leadPartner: org('p') }, { at: '2026-01-01' });
const started = recorded(
  'SubscriptionStarted',
  {
    subscriptionId: 's1',
    orderId: 'O',
    kind: 'managed_service',
    sku: 'basic',
    quantity: 10,
    price: eur(1000),
    billingPeriod: 'P1M',
    termStart: instant('2026-02-01'),
    termEnd: instant('2027-02-01'),
    autoRenew: true,
  },
  { at: '2026-02-01' },
);
const grown = recorded(
  'SubscriptionChanged',
  { subscriptionId: 's1', quantity: 15, price: eur(1500), sku: 'plus' },
  { at: '2026-08-01' },
);
const renewed = recorded(
  'SubscriptionRenewed',
  {
    subscriptionId: 's1',
    termStart: instant('2027-02-01'),
    termEnd: instant('2028-02-01'),
    quantity: 12,
    price: eur(1200),
  },
  { at: '2027-01-10' },
);
const ended = recorded(
  'SubscriptionEnded',
  { subscriptionId: 's1', effectiveAt: instant('2028-02-01'), reason: 'price' },
  { at: '2027-12-01' },
);

describe('a term', () => {
  it('has a row: a past term as it was when it was renewed, the current term as it is now', () => {
    const rows = tableAt('subscriptions', '2027-06-01', [opened, started, grown, renewed]);
    expect(rows.map(({ rowKey }) => rowKey)).toEqual([
      'e1#s1#2026-02-01T00:00:00.000Z',
      'e1#s1#2027-02-01T00:00:00.000Z',
    ]);
    expect(rows[0]?.columns).toMatchObject({
      subscriptionId: 's1',
      termEnd: instant('2027-02-01'),
      status: 'renewed',
      decidedAt: renewed.occurredAt,
      endsAt: null,
      kind: 'managed_service',
      sku: 'plus',
      quantity: 15,
      priceMinor: 1500,
      billingPeriod: 'P1M',
      arrMinor: 18_000,
      currency: 'EUR',
      autoRenew: true,
      orderId: 'O',
      customerId: partyId('c'),
      partnerId: partyId('p'),
      lastEventId: renewed.eventId,
    });
    expect(rows[1]?.columns).toMatchObject({ status: 'active', decidedAt: null, quantity: 12, arrMinor: 14_400 });
  });

  it('is active until its announced end takes effect', () => {
    const events = [opened, started, renewed, ended];
    expect(columnsAt('subscriptions', '2028-01-31', events)[1]).toMatchObject({
      status: 'active',
      endsAt: instant('2028-02-01'),
      endReason: 'price',
    });
    expect(columnsAt('subscriptions', '2028-02-01', events)[1]).toMatchObject({ status: 'ended', arrMinor: 14_400 });
  });

  it('is one row if two facts have the same start: the last one holds', () => {
    const again = recorded(
      'SubscriptionRenewed',
      { subscriptionId: 's1', termStart: instant('2027-02-01'), termEnd: instant('2029-02-01') },
      { at: '2027-01-12' },
    );
    expect(
      columnsAt('subscriptions', '2027-06-01', [started, renewed, again]).map(({ termEnd, status }) => [
        termEnd,
        status,
      ]),
    ).toEqual([
      [instant('2027-02-01'), 'renewed'],
      [instant('2029-02-01'), 'active'],
    ]);
  });

  it('has no quantity once a change or a renewal says that it is not known', () => {
    const mixed = recorded('SubscriptionChanged', { subscriptionId: 's1', quantity: null }, { at: '2026-09-01' });
    const kept = recorded('SubscriptionChanged', { subscriptionId: 's1', autoRenew: false }, { at: '2026-09-02' });
    expect(columnsAt('subscriptions', '2026-10-01', [started, grown, mixed, kept])).toMatchObject([
      { quantity: null, priceMinor: 1500 },
    ]);
    const unknown = recorded('SubscriptionRenewed', { ...renewed.data, quantity: null }, { at: '2027-01-10' });
    expect(columnsAt('subscriptions', '2027-06-01', [started, unknown])).toMatchObject([
      { quantity: 10 },
      { quantity: null, priceMinor: 1200 },
    ]);
  });

  it('has no amounts without a price', () => {
    const bare = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's2', termStart: instant('2026-02-01') },
      { at: '2026-02-01' },
    );
    expect(columnsAt('subscriptions', '2026-06-01', [bare])).toMatchObject([
      { termEnd: null, quantity: null, priceMinor: null, arrMinor: null, currency: null, kind: null },
    ]);
  });
});
