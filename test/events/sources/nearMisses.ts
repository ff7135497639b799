// Which bodies does no source expect? Any text, any JSON, and near-misses of real messages.
import * as fc from 'fast-check';
import { relayed } from './reading.ts';

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

const odd: fc.Arbitrary<unknown> = fc.oneof(
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
    // Half of a pair, alone: no UTF-8 has it.
    '\ud83d',
    '\u0000',
    'é'.repeat(600),
  ),
  fc.constantFrom<unknown>(
    { data: null },
    { data: [null, 1, []] },
    [[]],
    ['*'],
    {},
    { ['k'.repeat(70_000)]: 1 },
    { '\ud83d': 1 },
    Array.from({ length: 300 }, (_, index) => ({ [`k${index}`]: [] })),
  ),
);

/** Text or JSON that is no source's message. */
export const garbage: fc.Arbitrary<string> = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json());

/** A message of one of the sources with one part replaced. */
export const nearMiss: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...seeds), fc.nat(40), odd)
  .map(([seed, place, other]) => JSON.stringify(mutated(seed, place, other)) ?? '');
