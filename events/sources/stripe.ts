// Which facts do a Stripe account's webhooks mean?

import { anyAccount, defineSource, refused, type Translation } from './source.ts';
import { at, flagAt, integerAt, isObject, readJson, secondsAt, textAt } from './sourceJson.ts';
import type { StripeEvent } from './stripe/event.ts';
import { invoiceFacts } from './stripe/invoice.ts';
import { StripeMapping } from './stripe/mapping.ts';
import { signedSample } from './stripe/sample.ts';
import { verifyStripe } from './stripe/signature.ts';
import { subscriptionFacts } from './stripe/subscription.ts';

const factsByType: ReadonlyMap<string, (event: StripeEvent) => Translation> = new Map([
  ['customer.subscription.created', subscriptionFacts],
  ['customer.subscription.updated', subscriptionFacts],
  ['customer.subscription.deleted', subscriptionFacts],
  ['invoice.paid', invoiceFacts],
  ['invoice.payment_failed', invoiceFacts],
]);

/** Stripe: webhooks signed with the endpoint's secret. */
export const stripe = defineSource({
  name: 'stripe',
  title: 'Stripe',
  isCrm: false,
  accountIs: 'account',
  accountOf: anyAccount,
  marksTestData: true,
  delivery: {
    way: 'webhook',
    contract: {
      description: "Stripe's events: give Stripe this URL as a webhook endpoint.",
      headers: { 'Stripe-Signature': 'The time and HMAC-SHA256 that Stripe signs with.' },
    },
    acceptedStatus: 200,
    secretOf: (random) => `whsec_${Buffer.from(random).toString('hex')}`,
    issuesSecret: "Stripe shows an endpoint's signing secret (whsec_…) once the endpoint is made.",
    sampleOf: signedSample,
    verify: verifyStripe,
  },
  says: [
    'SubscriptionStarted',
    'PaymentFailed',
    'LedgerEntryRecorded',
    'SubscriptionChanged',
    'SubscriptionRenewed',
    'SubscriptionEnded',
  ],
  mapping: StripeMapping,
  translate: ({ message, connection, mapping }) => {
    const read = readJson(message.body);
    if (!read.ok) return refused(read.reason, '', read.message);
    const id = textAt(read.json, 'id');
    const type = textAt(read.json, 'type');
    if (id === undefined || type === undefined)
      return refused('notAnEvent', id === undefined ? 'id' : 'type', 'missing');
    const factsOf = factsByType.get(type);
    if (factsOf === undefined) return { outcome: 'ignored', reason: `typeNotFollowed: ${type}` };
    if (mapping.liveOnly && flagAt(read.json, 'livemode') !== true) {
      return { outcome: 'ignored', reason: 'testMode: the mapping takes live events only' };
    }
    const object = at(read.json, 'data.object');
    if (!isObject(object)) return refused('notAnEvent', 'data.object', 'expected the snapshot of an object');
    const createdAt = secondsAt(read.json, 'created');
    if (createdAt === undefined) return refused('notAnEvent', 'created', 'expected seconds since 1970');
    return factsOf({
      id,
      type,
      createdAt,
      sourceSeq: String(integerAt(read.json, 'created')).padStart(12, '0'),
      object,
      previous: at(read.json, 'data.previous_attributes'),
      connection,
      mapping,
    });
  },
});
