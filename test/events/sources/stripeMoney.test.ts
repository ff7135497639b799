// Is what an invoice came to recorded without tax, once, and taken back by its credit notes?
import { describe, expect, it } from 'vitest';
import { factsIn } from './reading.ts';
import { creditNoteOf, eventOf, factsOf, invoiceOf, saidBy, start, toldBy, yearOn } from './stripeShapes.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const paid = (given: Readonly<Record<string, unknown>> = {}) => eventOf('invoice.paid', invoiceOf(given));
const amountOf = (given: Readonly<Record<string, unknown>>) => toldBy(paid(given))[0]?.[1];

describe('a paid invoice', () => {
  it('is one entry of revenue, and is linked for its credit notes', () => {
    const facts = factsIn(saidBy(paid()));
    expect(toldBy(paid())).toEqual([
      [
        'LedgerEntryRecorded',
        {
          entryId: 'in_1',
          direction: 'revenue',
          amount: usd(12_000),
          periodStart: '2026-02-01T00:00:00.000Z',
          periodEnd: '2027-02-01T00:00:00.000Z',
          subscriptionId: 'sub_1',
          kind: 'charge',
        },
      ],
    ]);
    expect(facts.slice(1).map(({ sourceId, type }) => [type, sourceId])).toEqual([
      ['IdentityLinked', 'sub_1'],
      ['IdentityLinked', 'in_1'],
    ]);
  });

  it.each([
    ['excluding tax', { total: 15_000, total_excluding_tax: 12_000 }],
    ['with taxes listed', { total: 15_000, total_taxes: [{ amount: 1000 }, { amount: 2000 }] }],
    ['with taxes listed as before 2025', { total: 15_000, total_tax_amounts: [{ amount: 3000, inclusive: true }] }],
    ['with one tax', { total: 15_000, tax: 3000, total_tax_amounts: [] }],
    ['without a total', { total: undefined, amount_paid: 15_000, tax: 3000 }],
    ['paid outside of Stripe', { amount_paid: 0, amount_remaining: 12_000, paid_out_of_band: true }],
    [
      'paid outside, without a total',
      { total: undefined, amount_paid: 0, amount_remaining: 12_000, paid_out_of_band: true },
    ],
    ['paid outside, told by sum', { total: undefined, amount_paid: 2000, amount_paid_off_stripe: 10_000 }],
    ['paid outside, not told', { total: undefined, amount_paid: 2000, amount_remaining: 10_000 }],
    ['paid from a balance', { amount_due: 5000, amount_paid: 5000, starting_balance: -7000, ending_balance: 0 }],
    ['paid from a balance alone', { amount_due: 0, amount_paid: 0, starting_balance: -12_000, ending_balance: 0 }],
    ['paid too much', { amount_paid: 14_000, amount_overpaid: 2000 }],
    ['with an older debt', { amount_due: 13_000, amount_paid: 13_000, starting_balance: 1000 }],
    ['less what was credited before', { total: 13_000, pre_payment_credit_notes_amount: 1000 }],
    ['credited after', { post_payment_credit_notes_amount: 4000 }],
    ['of 2014', { total: undefined, amount_paid: undefined, amount_due: 12_000, paid: true, status: undefined }],
  ])('counts for what it came to: %s', (_, given) => {
    expect(amountOf(given)).toMatchObject({ amount: usd(12_000), kind: 'charge' });
  });

  it('below 0 is a credit, of 0 is nothing', () => {
    expect(amountOf({ total: -500, amount_paid: 0, amount_due: 0 })).toMatchObject({
      amount: usd(500),
      kind: 'credit',
    });
    for (const given of [{ total: 0 }, { total: 500, pre_payment_credit_notes_amount: 500, tax: 100 }])
      expect(saidBy(paid(given))).toMatchObject({ outcome: 'ignored', reason: expect.stringMatching(/^nothingPaid/) });
  });

  it('is written in ISO’s minor units, or refused by name', () => {
    expect(amountOf({ currency: 'mga', total: 45_000 })).toMatchObject({
      amount: { amountMinor: 4_500_000, currency: 'MGA' },
    });
    expect(amountOf({ currency: 'isk', total: 45_000 })).toMatchObject({
      amount: { amountMinor: 450, currency: 'ISK' },
    });
    for (const [given, reason] of [
      [{ currency: 'isk', total: 45_050 }, 'notWholeMinorUnits'],
      [{ currency: 'xxxx' }, 'currencyUnknown'],
      [{ currency: null }, 'amountMissing'],
      [{ total: undefined, amount_paid: undefined }, 'amountMissing'],
      [{ total: 15_000, tax: 3000, pre_payment_credit_notes_amount: 100 }, 'taxOfCreditNotesUnknown'],
    ] as const)
      expect(saidBy(paid(given))).toMatchObject({ outcome: 'refused', reason });
  });

  it('of which one sum can not be read is refused, never taken from another', () => {
    const huge = '90071992547409930';
    for (const [given, path] of [
      [{ total: huge }, 'total'],
      [{ total: 15_000.5 }, 'total'],
      [{ total_excluding_tax: huge }, 'total_excluding_tax'],
      [{ total_excluding_tax: undefined, tax: 'some' }, 'tax'],
      [{ total_taxes: [{ amount: huge }] }, 'total_taxes'],
      [{ total_tax_amounts: [{ amount: 1 }, { amount: {} }] }, 'total_tax_amounts'],
      [{ pre_payment_credit_notes_amount: huge }, 'pre_payment_credit_notes_amount'],
      [{ total: undefined, amount_paid: 1, amount_paid_off_stripe: huge }, 'amount_paid_off_stripe'],
    ] as const)
      expect(saidBy(paid(given))).toMatchObject({
        outcome: 'refused',
        reason: 'amountUnreadable',
        issues: [{ path: `data.object.${path}` }],
      });
  });

  it('whose lines are cut off tells no period, nor a subscription that only its lines name', () => {
    const lines = { has_more: true, data: [{ period: { start, end: yearOn } }] };
    expect(amountOf({ lines })).not.toHaveProperty('periodEnd');
    const named = [{ subscription: 'sub_2', period: { start, end: yearOn } }];
    const unnamed = { parent: null, metadata: { engagement_id: 'ENG-1' } };
    expect(amountOf({ ...unnamed, lines: { has_more: false, data: named } })).toMatchObject({
      subscriptionId: 'sub_2',
    });
    expect(amountOf({ ...unnamed, lines: { has_more: true, data: named } })).not.toHaveProperty('subscriptionId');
  });

  it('that failed tells what was due, in ISO’s minor units', () => {
    const failed = eventOf('invoice.payment_failed', invoiceOf({ currency: 'ugx', amount_due: 500 }));
    expect(toldBy(failed)).toMatchObject([
      ['PaymentFailed', { amount: { amountMinor: 5, currency: 'UGX' }, attempt: 1 }],
    ]);
  });
});

describe('a credit note', () => {
  const note = (given: Readonly<Record<string, unknown>> = {}, type = 'created') =>
    eventOf(`credit_note.${type}`, creditNoteOf(given), { id: `evt_${type}` });

  it('takes revenue back, without tax, and corrects its invoice', () => {
    expect(toldBy(note({ total: 3000, total_excluding_tax: 2400 }))).toEqual([
      [
        'LedgerEntryRecorded',
        { entryId: 'cn_1', direction: 'revenue', amount: usd(2400), kind: 'credit', correctsEntryId: 'in_1' },
      ],
    ]);
    expect(factsOf(note())[0]?.subject).toEqual({ secondary: { system: 'stripe', kind: 'invoice', id: 'in_1' } });
    expect(factsOf(note({ invoice: { id: 'in_1' } }))).toEqual(factsOf(note()));
  });

  it('is one fact, however often it is told; a void states it as 0', () => {
    const [created] = factsOf(note());
    const [changed] = factsOf(note({}, 'updated'));
    const [voided] = factsOf(note({ status: 'void' }, 'voided'));
    expect([changed?.sourceId, voided?.sourceId]).toEqual([created?.sourceId, created?.sourceId]);
    expect(voided?.data).toMatchObject({ amount: usd(0) });
    expect((voided?.sourceSeq ?? '') > (changed?.sourceSeq ?? '')).toBe(true);
    expect((changed?.sourceSeq ?? '') > (created?.sourceSeq ?? '')).toBe(true);
  });

  it('from before the payment is in the invoice’s own sum', () => {
    for (const given of [{ type: 'pre_payment' }, { pre_payment_amount: 2400, post_payment_amount: 0 }])
      expect(saidBy(note(given))).toMatchObject({
        outcome: 'ignored',
        reason: expect.stringMatching(/^creditNoteBefore/),
      });
    expect(toldBy(note({ type: 'mixed', pre_payment_amount: 400, post_payment_amount: 2000 }))).toMatchObject([
      ['LedgerEntryRecorded', { amount: usd(2000) }],
    ]);
    const taxed = note({ type: 'mixed', total: 3000, total_excluding_tax: 2400, post_payment_amount: 2000 });
    expect(saidBy(taxed)).toMatchObject({ outcome: 'refused', reason: 'taxOfPartUnknown' });
  });

  it('is refused without an id, an invoice or a sum', () => {
    expect(saidBy(note({ id: null }))).toMatchObject({ reason: 'objectWithoutId' });
    expect(saidBy(note({ invoice: null }))).toMatchObject({ reason: 'objectWithoutId' });
    expect(saidBy(note({ total: null, amount: null }))).toMatchObject({ reason: 'amountMissing' });
    for (const field of ['total', 'total_excluding_tax', 'post_payment_amount'])
      expect(saidBy(note({ [field]: '90071992547409930' }))).toMatchObject({ reason: 'amountUnreadable' });
    expect(saidBy(note({ currency: 'isk', total: 50, total_excluding_tax: 50 }))).toMatchObject({
      reason: 'notWholeMinorUnits',
    });
  });
});

describe('events whose sums another event tells', () => {
  it.each([
    ['charge.refunded', 'refundNotCounted'],
    ['charge.refund.updated', 'refundNotCounted'],
    ['refund.created', 'refundNotCounted'],
    ['refund.failed', 'refundNotCounted'],
    ['subscription_schedule.updated', 'onlyPlanned'],
    ['customer.discount.created', 'toldByUpdate'],
    ['customer.subscription.trial_will_end', 'toldByUpdate'],
    ['customer.subscription.pending_update_applied', 'toldByUpdate'],
    ['invoice.payment_succeeded', 'toldByInvoicePaid'],
    ['invoice_payment.paid', 'toldByInvoicePaid'],
    ['charge.succeeded', 'typeNotFollowed'],
  ])('%s is ignored by name', (type, reason) => {
    expect(saidBy(eventOf(type, {}))).toMatchObject({ outcome: 'ignored', reason: expect.stringMatching(reason) });
  });

  it('a discount of a whole customer is ignored by a name of its own: no subscription tells it', () => {
    const discount = { id: 'di_1', object: 'discount', customer: 'cus_1', subscription: null };
    for (const type of ['customer.discount.created', 'customer.discount.deleted'])
      expect(saidBy(eventOf(type, discount))).toMatchObject({
        outcome: 'ignored',
        reason: expect.stringMatching(/^customerDiscountNotCounted: /),
      });
    expect(saidBy(eventOf('customer.discount.created', { ...discount, subscription: 'sub_1' }))).toMatchObject({
      reason: expect.stringMatching(/^toldByUpdate: /),
    });
  });

  it('thin events are refused aloud', () => {
    const thin = {
      id: 'evt_1',
      object: 'v2.core.event',
      type: 'v1.customer.subscription.created',
      livemode: true,
      created: '2026-02-01T00:00:00.000Z',
      related_object: { id: 'sub_1', type: 'subscription', url: '/v1/subscriptions/sub_1' },
    };
    expect(saidBy(thin)).toEqual({
      outcome: 'refused',
      reason: 'thinEvent: v1.customer.subscription.created',
      issues: [{ path: 'object', message: 'a thin event holds no object; give the endpoint snapshot payloads' }],
    });
    expect(saidBy({ ...thin, livemode: false })).toMatchObject({ outcome: 'refused' });
    expect(saidBy({ ...thin, object: undefined })).toMatchObject({ outcome: 'refused' });
    expect(saidBy({ ...thin, object: undefined, type: 'v2.core.account.updated' })).toMatchObject({
      reason: 'thinEvent: v2.core.account.updated',
    });
  });
});
