// Does every source answer any text, any JSON and any near-miss of a real message, without a throw?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sources } from '../../../events/sources/catalog.ts';
import type { Translation } from '../../../events/sources/source.ts';
import { arrowline } from './arrowline.ts';
import { connectionTo, messageOf, relayed } from './reading.ts';

const subscription = {
  id: 'sub_1',
  customer: 'cus_1',
  status: 'active',
  metadata: { engagement_id: 'E' },
  items: { data: [{ quantity: 1, price: { unit_amount: 1, currency: 'eur', recurring: { interval: 'year' } } }] },
  current_period_start: 1,
  current_period_end: 2,
};
const seeds: readonly unknown[] = [
  relayed(
    { changeType: 'CREATE' },
    { Amount: 1, AccountId: '001Hp00002LmZ8p', CloseDate: '2026-01-01', StageName: 'x' },
  ),
  relayed(
    { changedFields: ['0x7', '4-0x01'], nulledFields: ['0x1'], diffFields: [] },
    { Amount: null, CloseDate: '2026-01-01', IsClosed: false },
  ),
  relayed({ entityName: 'Account', nulledFields: ['Industry'] }, { BillingAddress: { CountryCode: 'NO' } }),
  relayed(
    { entityName: 'Order', changeType: 'CREATE' },
    { OpportunityId: '006Hp00001XkQ2m', TotalAmount: 1, EndDate: '2026-01-01' },
  ),
  {
    'detail-type': 'Outcome_Agreed__e',
    detail: { payload: { Event_Key__c: 'k', Engagement_Id__c: 'E', CreatedDate: 1 } },
  },
  {
    id: 'evt',
    type: 'customer.subscription.updated',
    created: 1,
    data: { object: subscription, previous_attributes: { items: { data: [{ current_period_end: 1 }] } } },
  },
  {
    id: 'evt',
    type: 'invoice.paid',
    created: 1,
    data: {
      object: { id: 'in', amount_paid: 1, currency: 'eur', lines: { data: [{ period: { start: 1, end: 2 } }] } },
    },
  },
  {
    specversion: '1.0',
    id: '1',
    source: '/s',
    type: 'WorkLogged',
    subject: 'engagement/E',
    time: '2026-01-01',
    data: { minutes: 1 },
  },
  {
    specversion: '1.0',
    id: '1',
    source: '/s',
    type: 'com.arrowline.order.booked.v1',
    data: { purchaseOrder: 'P', endCustomer: 'c', total: '1', currency: 'EUR', engagementId: 'E' },
  },
];

/** Replaces what stands at one place by something else. */
const mutated = (value: unknown, place: number, other: unknown): unknown => {
  let count = 0;
  const walk = (node: unknown): unknown => {
    count += 1;
    if (count - 1 === place) return other;
    if (Array.isArray(node)) return node.map(walk);
    return typeof node === 'object' && node !== null
      ? Object.fromEntries(Object.entries(node).map(([key, member]) => [key, walk(member)]))
      : node;
  };
  return walk(value);
};

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '__proto__',
    'constructor',
    -1,
    1e308,
    -1e-7,
    9e15,
    '1e99',
    '9999-99-99',
    'x'.repeat(600),
    'a/b/c',
    '006*',
  ),
  fc.constantFrom({ data: null }, { data: [null, 1, []] }, [[]], ['*'], {}),
);

const sound = (translation: Translation): boolean => {
  switch (translation.outcome) {
    case 'facts': {
      const { facts, parts = [] } = translation;
      const named = parts.every(
        ({ outcome, reason, issues }) => reason !== '' && (outcome === 'ignored' || issues.length > 0),
      );
      return facts.length + parts.length > 0 && named && facts.every(({ sourceId }) => sourceId !== '');
    }
    case 'ignored':
      return translation.reason !== '';
    case 'refused':
      return translation.reason !== '' && translation.issues.length > 0;
    default:
      return translation satisfies never;
  }
};

describe.each(sources)('$name', (source) => {
  const connection = connectionTo(source, source.name === 'cloudevents' ? arrowline : {});
  const answers = (body: string) => {
    const message = messageOf(body, { 'webhook-id': 'msg_1', 'stripe-signature': body.slice(0, 80) });
    if (source.delivery.way === 'webhook') {
      const now = '2026-01-01T00:00:00.000Z';
      expect(source.delivery.verify({ message, secrets: ['whsec_x'], now }).ok).toBe(false);
    }
    const translation = source.translate(message, connection);
    expect(sound(translation), JSON.stringify(translation)).toBe(true);
    expect(source.translate(message, connection)).toEqual(translation);
  };

  it('answers any text and any JSON', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), answers));
  });

  it('answers a message with any one part changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.nat(40), odd, (seed, place, other) => {
        answers(JSON.stringify(mutated(seed, place, other)) ?? '');
      }),
      { numRuns: 500 },
    );
  });

  it('answers deeply nested text, and long text', () => {
    answers('['.repeat(100_000));
    answers(`{"a":${'{"a":'.repeat(60)}1${'}'.repeat(61)}`);
    answers(
      JSON.stringify({
        specversion: '1.0',
        id: '1',
        source: '/s',
        type: 'WorkLogged',
        subject: 'engagement/E',
        data: 'a@'.repeat(100_000),
      }),
    );
  });
});
