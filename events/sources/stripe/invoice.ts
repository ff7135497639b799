// Which facts does a Stripe invoice mean?
import type { Money } from '../../money.ts';
import { refused, type Translation } from '../source.ts';
import { at, integerAt, type Json, listAt, secondsAt, textAt } from '../sourceJson.ts';
import { idAt, namedEngagement, type StripeEvent, sayAbout, stripeId, subscriptionLink } from './event.ts';

/** The invoice's subscription: under its parent since API version 2025-03-31, in the invoice itself before. */
const subscriptionOf = (invoice: Json): string | undefined =>
  idAt(invoice, 'parent.subscription_details.subscription') ?? idAt(invoice, 'subscription');

/** The engagement that the subscription's metadata named when the invoice was finalised, else the invoice's own. */
const engagementOf = (event: StripeEvent) =>
  ['parent.subscription_details.metadata', 'subscription_details.metadata', 'metadata']
    .map((path) => namedEngagement(event, at(event.object, path)))
    .find((reference) => reference !== undefined);

const moneyAt = (invoice: Json, field: string): Money | undefined => {
  const amountMinor = integerAt(invoice, field);
  const currency = textAt(invoice, 'currency')?.toUpperCase();
  return amountMinor === undefined || currency === undefined ? undefined : { amountMinor, currency };
};

/** The period that the lines cover, from the earliest start to the latest end. */
const periodOf = (invoice: Json) => {
  const lines = listAt(invoice, 'lines.data');
  const starts = lines.map((line) => secondsAt(line, 'period.start')).filter((time) => time !== undefined);
  const ends = lines.map((line) => secondsAt(line, 'period.end')).filter((time) => time !== undefined);
  return { periodStart: starts.sort()[0], periodEnd: ends.sort().at(-1) };
};

/**
 * The facts of `invoice.paid` and `invoice.payment_failed`. Amounts are in minor units already. A missing amount is
 * refused, never guessed.
 */
export const invoiceFacts = (event: StripeEvent): Translation => {
  const { object, mapping } = event;
  const invoiceId = textAt(object, 'id');
  if (invoiceId === undefined) return refused('objectWithoutId', 'data.object.id', 'the invoice has no id');
  const failed = event.type === 'invoice.payment_failed';
  const field = failed ? 'amount_due' : 'amount_paid';
  const amount = moneyAt(object, field);
  if (amount === undefined) {
    const expected = 'expected an integer of minor units, with the currency beside it';
    return refused('amountMissing', `data.object.${field}`, expected);
  }
  if (!failed && amount.amountMinor === 0) return { outcome: 'ignored', reason: 'nothingPaid: the invoice came to 0' };
  const subscriptionId = subscriptionOf(object);
  const named = engagementOf(event);
  const own = subscriptionId === undefined ? stripeId('invoice', invoiceId) : stripeId('subscription', subscriptionId);
  const fact = failed
    ? sayAbout(event, named ?? own, {
        type: 'PaymentFailed',
        data: { invoiceId, subscriptionId, amount, attempt: integerAt(object, 'attempt_count') },
      })
    : sayAbout(event, named ?? own, {
        type: 'LedgerEntryRecorded',
        data: {
          entryId: invoiceId,
          direction: 'revenue',
          category: mapping.category,
          amount,
          ...periodOf(object),
          subscriptionId,
          kind: 'charge',
        },
      });
  const links =
    named === undefined || subscriptionId === undefined ? [] : [subscriptionLink(event, subscriptionId, named)];
  return { outcome: 'facts', facts: [fact, ...links] };
};
