// Which facts do a Stripe account's webhooks mean?
import { anyAccount, defineSource, refused, type Translation } from './source.ts';
import { at, flagAt, integerAt, isObject, type Json, readJson, secondsAt, textAt } from './sourceJson.ts';
import { creditNoteFacts } from './stripe/creditNote.ts';
import type { StripeEvent } from './stripe/event.ts';
import { eventsToldElsewhere } from './stripe/eventsToldElsewhere.ts';
import { invoiceFacts } from './stripe/invoice.ts';
import { StripeMapping } from './stripe/mapping.ts';
import { signedSample } from './stripe/sample.ts';
import { verifyStripe } from './stripe/signature.ts';
import { subscriptionFacts } from './stripe/subscription.ts';

type Reader = (event: StripeEvent) => Translation;

const factsByType: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['customer.subscription.created', subscriptionFacts],
  ['customer.subscription.updated', subscriptionFacts],
  ['customer.subscription.deleted', subscriptionFacts],
  ['customer.subscription.paused', subscriptionFacts],
  ['customer.subscription.resumed', subscriptionFacts],
  ['invoice.paid', invoiceFacts],
  ['invoice.payment_failed', invoiceFacts],
  ['credit_note.created', creditNoteFacts],
  ['credit_note.updated', creditNoteFacts],
  ['credit_note.voided', creditNoteFacts],
]);

const customerDiscount = 'customerDiscountNotCounted: no subscription tells a discount of its customer';

/** A discount of a whole customer names no subscription. */
const isOfCustomer = (type: string, object: Json | undefined): boolean =>
  type.startsWith('customer.discount.') && isObject(object) && at(object, 'subscription') === null;

/** An event that bears on a sum or a date, and that another event tells better. */
const toldElsewhere = (type: string, object: Json | undefined): string => {
  if (isOfCustomer(type, object)) return customerDiscount;
  const told = eventsToldElsewhere.find(({ types }) => types.some((start) => type.startsWith(start)));
  return told?.reason ?? `typeNotFollowed: ${type}`;
};

/**
 * A thin event holds only the id of what changed; what it was then can't be read from it. Its object and its type begin
 * with a version of the API, which those of snapshots don't.
 */
const isThin = (json: Json): boolean =>
  textAt(json, 'object')?.startsWith('v2.') === true || /^v\d+\./.test(textAt(json, 'type') ?? '');

/** Stripe: webhooks signed with the endpoint's secret. */
export const stripe = defineSource({
  name: 'stripe',
  title: 'Stripe',
  isCrm: false,
  accountIs: 'account',
  accountOf: anyAccount,
  marksTestData: true,
  factAccount: '',
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
    'SubscriptionSuspended',
    'SubscriptionReinstated',
    'PaymentFailed',
    'LedgerEntryRecorded',
    'SubscriptionChanged',
    'SubscriptionRenewed',
    'CancellationAnnounced',
    'SubscriptionEnded',
  ],
  mapping: () => StripeMapping,
  translate: ({ message, connection, mapping }) => {
    const read = readJson(message.body);
    if (!read.ok) return refused(read.reason, '', read.message);
    if (isThin(read.json)) {
      const message = 'a thin event holds no object; give the endpoint snapshot payloads';
      return refused(`thinEvent: ${textAt(read.json, 'type') ?? ''}`, 'object', message);
    }
    const id = textAt(read.json, 'id');
    const type = textAt(read.json, 'type');
    if (id === undefined || type === undefined)
      return refused('notAnEvent', id === undefined ? 'id' : 'type', 'missing');
    const factsOf = factsByType.get(type);
    if (factsOf === undefined) return { outcome: 'ignored', reason: toldElsewhere(type, at(read.json, 'data.object')) };
    if (flagAt(read.json, 'livemode') === false && connection.testData !== true) {
      return { outcome: 'ignored', reason: 'testMode: the connection takes no test data' };
    }
    const object = at(read.json, 'data.object');
    if (!isObject(object)) return refused('notAnEvent', 'data.object', 'expected the snapshot of an object');
    const createdAt = secondsAt(read.json, 'created');
    const second = integerAt(read.json, 'created');
    if (createdAt === undefined || second === undefined)
      return refused('notAnEvent', 'created', 'expected seconds since 1970');
    return factsOf({
      id,
      type,
      createdAt,
      second,
      sourceSeq: String(second).padStart(12, '0'),
      object,
      previous: at(read.json, 'data.previous_attributes'),
      connection,
      mapping,
    });
  },
});
