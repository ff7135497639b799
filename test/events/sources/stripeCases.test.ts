// Does each case of Stripe that once went wrong give the facts that it should?
import { describe, expect, it } from 'vitest';
import { messageCases } from '../../pipeline/cases/messageCase.ts';
import { saidBy, toldBy } from './stripeShapes.ts';

const bodiesOf = new Map(
  [...messageCases.values()]
    .filter(({ name }) => name.includes('stripe-'))
    .map(({ name, input }) => [name, input.map(({ body }) => body)] as const),
);

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

/** What the bodies of each case say, in order: facts, or the outcome and its reason. */
const expected: Readonly<Record<string, readonly unknown[]>> = {
  'ok-stripe-2014-shape': [
    [
      [
        'SubscriptionStarted',
        { quantity: 3, price: usd(7500), billingPeriod: 'P1M', termEnd: '2026-03-01T00:00:00.000Z' },
      ],
    ],
  ],
  'ok-stripe-month-ends': [
    [['SubscriptionStarted', { termEnd: '2026-02-28T00:00:00.000Z', price: usd(12_000) }]],
    [['SubscriptionRenewed', { termStart: '2026-02-28T00:00:00.000Z' }]],
    [['SubscriptionRenewed', { termEnd: '2026-04-30T00:00:00.000Z' }]],
  ],
  'ok-stripe-never-paid': ['ignored: nothingOfOursChanged', 'ignored: nothingOfOursChanged'],
  'ok-stripe-out-of-order': [
    [['SubscriptionEnded', { effectiveAt: '2026-04-01T00:00:00.000Z' }]],
    [['SubscriptionChanged', { quantity: 25, price: usd(30_000) }]],
    [['SubscriptionStarted', { quantity: 10 }]],
  ],
  'ok-stripe-tiered': [[['SubscriptionStarted', { priceReason: 'tiered' }]]],
  'stripe-cancel-at-period-end': [
    [['SubscriptionStarted', { autoRenew: true }]],
    [
      ['SubscriptionChanged', { autoRenew: false }],
      ['CancellationAnnounced', { effectiveAt: '2027-02-01T00:00:00.000Z', reason: 'price' }],
    ],
  ],
  'stripe-coupon-forever': [[['SubscriptionStarted', { price: usd(0) }]]],
  'stripe-every-four-weeks': [[['SubscriptionStarted', { price: usd(12_000), billingPeriod: 'P4W' }]]],
  'stripe-isk-price': [[['SubscriptionStarted', { price: { amountMinor: 5000, currency: 'ISK' } }]]],
  'stripe-items-cut-off': [[['SubscriptionStarted', { priceReason: 'itemsCutOff' }]]],
  'stripe-metered-as-one-unit': [[['SubscriptionStarted', { priceReason: 'metered' }]]],
  'stripe-mga-invoice': [[['LedgerEntryRecorded', { amount: { amountMinor: 4_500_000, currency: 'MGA' } }]]],
  'stripe-mixed-intervals': [
    [['SubscriptionStarted', { price: usd(18_000), billingPeriod: 'P1Y', termEnd: '2027-02-01T00:00:00.000Z' }]],
  ],
  'stripe-monthly-to-yearly': [
    [['SubscriptionStarted', { price: usd(5000), billingPeriod: 'P1M' }]],
    [['SubscriptionChanged', { price: usd(50_000), billingPeriod: 'P1Y', termEnd: '2027-09-15T10:00:00.000Z' }]],
  ],
  'stripe-package-price': [[['SubscriptionStarted', { price: usd(3000) }]]],
  'stripe-paid-out-of-band': [[['LedgerEntryRecorded', { amount: usd(12_000) }]]],
  'stripe-paused-in-arr': [
    [['SubscriptionStarted', {}]],
    [['SubscriptionSuspended', { reason: 'paused' }]],
    [['SubscriptionSuspended', { reason: 'paused' }]],
  ],
  'stripe-same-second-chain': [
    [['SubscriptionStarted', { quantity: 10 }]],
    ...[20, 30, 15, 40, 12].map((quantity) => [['SubscriptionChanged', { quantity }]]),
  ],
  'stripe-test-mode-counted': ['ignored: testMode'],
  'stripe-thin-event': ['refused: thinEvent'],
  'stripe-trial-in-arr': [[['SubscriptionStarted', { price: usd(12_000), trialEnd: '2026-12-20T00:00:00.000Z' }]]],
  'stripe-two-endpoints': [[['LedgerEntryRecorded', { amount: usd(12_000), entryId: 'in_case' }]]],
};

describe('cases', () => {
  it('are all expected here', () => {
    expect([...bodiesOf.keys()].sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))('%s', (name, says) => {
    const bodies = bodiesOf.get(name) ?? [];
    expect(bodies).toHaveLength(says.length);
    for (const [index, body] of bodies.entries()) {
      const want = says[index];
      const said = saidBy(body);
      if (typeof want === 'string')
        expect(said.outcome === 'facts' ? 'facts' : `${said.outcome}: ${said.reason}`).toContain(want);
      else expect(toldBy(body)).toMatchObject(Object(want));
    }
  });
});
