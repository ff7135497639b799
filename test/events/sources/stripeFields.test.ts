// Does the list of Stripe's fields hold all that the adapter reads, and nothing else?
import { describe, expect, it } from 'vitest';
import type { Translation } from '../../../events/sources/source.ts';
import { isObject, type Json, type JsonObject, readJson } from '../../../events/sources/sourceJson.ts';
import { creditNoteFacts } from '../../../events/sources/stripe/creditNote.ts';
import type { StripeEvent } from '../../../events/sources/stripe/event.ts';
import { type Doing, followedFields } from '../../../events/sources/stripe/followedFields.ts';
import { invoiceFacts } from '../../../events/sources/stripe/invoice.ts';
import { StripeMapping } from '../../../events/sources/stripe/mapping.ts';
import { subscriptionFacts } from '../../../events/sources/stripe/subscription.ts';
import { stripe } from '../../../events/sources/stripe.ts';
import { connectionTo } from './reading.ts';
import { creditNoteOf, type Fields, invoiceOf, itemOf, start, subscriptionOf } from './stripeShapes.ts';

/** The value, and a note of each path that is looked up in it. A list adds nothing to the path. */
const watched = <T extends object>(value: T, seen: Set<string>, path = ''): T => {
  const below = (key: string) => (/^\d+$/.test(key) ? path : path === '' ? key : `${path}.${key}`);
  return new Proxy(value, {
    getOwnPropertyDescriptor: (target, key) => {
      if (typeof key === 'string' && !Array.isArray(target)) seen.add(below(key));
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key);
      return typeof key === 'string' && typeof found === 'object' && found !== null && !('text' in found)
        ? watched(found, seen, below(key))
        : found;
    },
  });
};

const jsonOf = (object: unknown): JsonObject => {
  const read = readJson(JSON.stringify(object));
  const json: Json = read.ok ? read.json : null;
  if (!isObject(json)) throw new Error('expected an object');
  return json;
};

/** The paths that a reader looks up in the objects. */
const pathsIn = (
  type: string,
  read: (event: StripeEvent) => Translation,
  objects: readonly Fields[],
): ReadonlySet<string> => {
  const seen = new Set<string>();
  for (const object of objects)
    read({
      id: 'evt_1',
      type,
      createdAt: '2026-02-01T00:00:00.000Z',
      second: start,
      sourceSeq: '001769904000',
      object: watched(jsonOf(object), seen),
      previous: undefined,
      connection: connectionTo(stripe),
      mapping: StripeMapping.parse({}),
    });
  return seen;
};

const names = /^(?:id|metadata.*|customer|customer\.id|items|items\.data|lines|lines\.data)$/;
const leads = /^(?:parent|subscription|subscription_details)(?:\..*)?$|^lines\.data\.(?:parent|subscription)/;

const within = (path: string, listed: string): boolean => path === listed || path.startsWith(`${listed}.`);

const compare = (seen: ReadonlySet<string>, list: Readonly<Record<string, Doing>>) => {
  const listed = Object.entries(list);
  const read = listed.filter(([, doing]) => doing === 'used' || 'reason' in doing).map(([path]) => path);
  const told = listed.filter(([, doing]) => doing !== 'used' && 'told' in doing).map(([path]) => path);
  const asked = [...seen].filter((path) => !names.test(path) && !leads.test(path));
  return {
    notListed: asked.filter((path) => !read.some((one) => within(path, one) || within(one, path))),
    notRead: read.filter((path) => !asked.some((one) => within(one, path))),
    readThoughToldElsewhere: asked.filter((path) => told.includes(path)),
  };
};
const agreed = { notListed: [], notRead: [], readThoughToldElsewhere: [] };

const option = { duration: 'forever', percent_off: 10 };
const subscriptions: readonly Fields[] = [
  subscriptionOf(),
  subscriptionOf({ status: 'canceled' }),
  subscriptionOf({
    cancel_at: 'max_period_end',
    start_date: null,
    automatic_tax: { enabled: true },
    pause_collection: {},
  }),
  subscriptionOf({ currency: 'eur' }, [itemOf({}, { currency_options: { eur: { unit_amount: 1 } } })]),
  subscriptionOf({ currency: null }, [
    { quantity: 1, plan: { amount: 1 } },
    { quantity: 2, price: {} },
  ]),
  subscriptionOf({
    items: undefined,
    quantity: 1,
    plan: {
      amount: null,
      tiers_mode: 'volume',
      tiers: [{ up_to: null, unit_amount: 2 }],
      currency: 'usd',
      interval: 'month',
    },
  }),
  subscriptionOf({ items: undefined, plan: {} }),
  subscriptionOf({ items: undefined, quantity: 1, plan: { currency: 'usd', interval: 'month' } }),
  subscriptionOf({}, [itemOf({}, { unit_amount: null })]),
  subscriptionOf({
    items: undefined,
    quantity: 1,
    plan: { amount: null, currency: 'usd', interval: 'month', transform_usage: {} },
  }),
  subscriptionOf({ discounts: [{ coupon: { ...option, applies_to: { products: ['p'] } } }], customer: { id: 'c' } }),
  subscriptionOf({ discount: { coupon: option } }, [itemOf({ current_period_start: null, current_period_end: null })]),
  subscriptionOf({ customer: { id: 'c', discount: { coupon: option } } }),
  subscriptionOf({}, [
    itemOf({}, { unit_amount: null, billing_scheme: 'tiered', tiers: [{ up_to: null, unit_amount: 2 }] }),
  ]),
  subscriptionOf({ billing_mode: { type: 'flexible' }, start_date: null }, [itemOf()], { has_more: true }),
];

describe('the list of fields', () => {
  it('holds what is read of a subscription and its items', () => {
    const seen = new Set([
      ...pathsIn('customer.subscription.created', subscriptionFacts, subscriptions),
      ...pathsIn('customer.subscription.deleted', subscriptionFacts, subscriptions),
    ]);
    const ofItem = (path: string) => path.startsWith('items.data.') || path.startsWith('plan.');
    const items = new Set([...seen].filter(ofItem).map((path) => path.replace('items.data.', '')));
    expect(compare(items, followedFields.item)).toEqual(agreed);
    expect(compare(new Set([...seen].filter((path) => !ofItem(path))), followedFields.subscription)).toEqual(agreed);
  });

  it('holds what is read of an invoice', () => {
    const objects = [
      invoiceOf(),
      invoiceOf({ total_excluding_tax: 1 }),
      invoiceOf({ total: null }),
      invoiceOf({ total: null, amount_paid: null }),
      invoiceOf({ total: 2, tax: 1, pre_payment_credit_notes_amount: 1 }),
    ];
    const seen = new Set([
      ...pathsIn('invoice.paid', invoiceFacts, objects),
      ...pathsIn('invoice.payment_failed', invoiceFacts, objects),
    ]);
    expect(compare(seen, followedFields.invoice)).toEqual(agreed);
  });

  it('holds what is read of a credit note', () => {
    const objects = [creditNoteOf(), creditNoteOf({ total: null }), creditNoteOf({ post_payment_amount: 2 })];
    const seen = [...pathsIn('credit_note.created', creditNoteFacts, objects)].filter(
      (path) => !path.startsWith('invoice'),
    );
    expect(compare(new Set(seen), followedFields.creditNote)).toEqual(agreed);
  });
});
