// Which facts does a Stripe invoice mean?
import { refused, type Translation } from '../source.ts';
import { at, integerAt, type Json, listAt, secondsAt, textAt } from '../sourceJson.ts';
import { moneyOfStripe } from './currencies.ts';
import {
  idAt,
  linkTo,
  namedEngagement,
  type StripeEvent,
  type StripeFact,
  sayAbout,
  stripeId,
  subscriptionLink,
} from './event.ts';
import { hasAllLines, invoiceSum } from './invoiceSum.ts';

/** The subscription that all lines name, for invoices that don't name it themselves. A part of the lines tells none. */
const subscriptionOfLines = (invoice: Json): string | undefined => {
  if (!hasAllLines(invoice)) return undefined;
  const named = listAt(invoice, 'lines.data').map(
    (line) => idAt(line, 'parent.subscription_item_details.subscription') ?? idAt(line, 'subscription'),
  );
  return new Set(named).size === 1 ? named[0] : undefined;
};

/** The invoice's subscription: under its parent since API version 2025-03-31, in the invoice itself before. */
const subscriptionOf = (invoice: Json): string | undefined =>
  idAt(invoice, 'parent.subscription_details.subscription') ??
  idAt(invoice, 'subscription') ??
  subscriptionOfLines(invoice);

/** The engagement that the subscription's metadata named when the invoice was finalised, else the invoice's own. */
const engagementOf = (event: StripeEvent) =>
  ['parent.subscription_details.metadata', 'subscription_details.metadata', 'metadata']
    .map((path) => namedEngagement(event, at(event.object, path)))
    .find((reference) => reference !== undefined);

/** The period that the lines cover, from the earliest start to the latest end. A part of the lines tells none. */
const periodOf = (invoice: Json) => {
  const lines = hasAllLines(invoice) ? listAt(invoice, 'lines.data') : [];
  const starts = lines.map((line) => secondsAt(line, 'period.start')).filter((time) => time !== undefined);
  const ends = lines.map((line) => secondsAt(line, 'period.end')).filter((time) => time !== undefined);
  return { periodStart: starts.sort()[0], periodEnd: ends.sort().at(-1) };
};

const missing = (field: string): Translation =>
  refused('amountMissing', `data.object.${field}`, 'expected an integer of minor units, with the currency beside it');

/** Reads an amount of the object as money, or refuses it by name. */
export const moneyAt = (object: Json, amount: number | undefined, field: string) => {
  const currency = textAt(object, 'currency');
  if (amount === undefined || currency === undefined) return missing(field);
  const read = moneyOfStripe(BigInt(amount), currency);
  return read.ok
    ? { money: read.money }
    : refused(read.reason, `data.object.${field}`, `can't be read exactly as money of ${currency}`);
};

interface About {
  readonly event: StripeEvent;
  readonly invoiceId: string;
  readonly subscriptionId: string | undefined;
}

type SaidOrNot = { readonly said: StripeFact };

const failedPayment = ({ event, invoiceId, subscriptionId }: About): SaidOrNot | Translation => {
  const read = moneyAt(event.object, integerAt(event.object, 'amount_due'), 'amount_due');
  if ('outcome' in read) return read;
  const attempt = integerAt(event.object, 'attempt_count');
  const once = attempt === undefined ? undefined : `${invoiceId} attempt ${attempt}`;
  return { said: { type: 'PaymentFailed', data: { invoiceId, subscriptionId, amount: read.money, attempt }, once } };
};

const paid = ({ event, invoiceId, subscriptionId }: About): SaidOrNot | Translation => {
  const { object, mapping } = event;
  const sum = invoiceSum(object);
  if ('reason' in sum)
    return sum.reason === 'amountMissing'
      ? missing(sum.field)
      : refused(sum.reason, `data.object.${sum.field}`, sum.message);
  const field = at(object, 'total') === undefined ? 'amount_paid' : 'total';
  const read = moneyAt(object, Math.abs(sum.amount), field);
  if ('outcome' in read) return read;
  if (sum.amount === 0) return { outcome: 'ignored', reason: 'nothingPaid: the invoice came to 0' };
  return {
    said: {
      type: 'LedgerEntryRecorded',
      once: invoiceId,
      data: {
        entryId: invoiceId,
        direction: 'revenue',
        category: mapping.category,
        amount: read.money,
        ...periodOf(object),
        subscriptionId,
        // An invoice below 0, as after a downgrade, gives money back to the customer's balance.
        kind: sum.amount < 0 ? 'credit' : 'charge',
      },
    },
  };
};

/**
 * The facts of `invoice.paid` and `invoice.payment_failed`. A sum that is missing, or not exactly known, is refused by
 * name, never guessed. A paid invoice is linked too, because its credit notes carry its id alone.
 */
export const invoiceFacts = (event: StripeEvent): Translation => {
  const { object } = event;
  const invoiceId = textAt(object, 'id');
  if (invoiceId === undefined) return refused('objectWithoutId', 'data.object.id', 'the invoice has no id');
  const failed = event.type === 'invoice.payment_failed';
  const subscriptionId = subscriptionOf(object);
  const read = (failed ? failedPayment : paid)({ event, invoiceId, subscriptionId });
  if ('outcome' in read) return read;
  const named = engagementOf(event);
  const invoice = stripeId('invoice', invoiceId);
  const own = subscriptionId === undefined ? invoice : stripeId('subscription', subscriptionId);
  const to = named ?? (subscriptionId === undefined ? undefined : own);
  const links = [
    ...(named === undefined || subscriptionId === undefined ? [] : [subscriptionLink(event, subscriptionId, named)]),
    ...(failed || to === undefined ? [] : [linkTo(event, invoice, { to, reason: 'stripe invoice' })]),
  ];
  return { outcome: 'facts', facts: [sayAbout(event, named ?? own, read.said), ...links] };
};
