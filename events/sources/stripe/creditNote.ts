// Which facts does a credit note of a Stripe invoice mean?
import { refused, type Translation } from '../source.ts';
import { at, integerAt, textAt } from '../sourceJson.ts';
import { idAt, namedEngagement, type StripeEvent, sayAbout, stripeId } from './event.ts';
import { moneyAt } from './invoice.ts';
import { taxOf, unreadableAmount, unreadableMessage } from './invoiceSum.ts';

/** The order of a note's events in one second: it is created, updated, then voided. */
const ranks: readonly string[] = ['credit_note.created', 'credit_note.updated', 'credit_note.voided'];

const sums = ['total', 'amount', 'total_excluding_tax', 'tax', 'post_payment_amount'] as const;

/** What the note takes back of a paid invoice, in Stripe's unit and with tax; 0 if it was made before the payment. */
const afterPayment = (event: StripeEvent): number | undefined => {
  const { object } = event;
  const total = integerAt(object, 'total') ?? integerAt(object, 'amount');
  const told = integerAt(object, 'post_payment_amount');
  if (told !== undefined) return told;
  return textAt(object, 'type') === 'pre_payment' ? 0 : total;
};

/**
 * The facts of `credit_note.created`, `.updated` and `.voided`. A note after the payment takes revenue back, whether
 * by a refund, by the customer's balance, or outside of Stripe. One before the payment is in the invoice's own sum. The
 * entry is keyed on the note, so that a void states it again as 0.
 */
export const creditNoteFacts = (event: StripeEvent): Translation => {
  const { object, type } = event;
  const noteId = textAt(object, 'id');
  const invoiceId = idAt(object, 'invoice');
  if (noteId === undefined) return refused('objectWithoutId', 'data.object.id', 'the credit note has no id');
  if (invoiceId === undefined) return refused('objectWithoutId', 'data.object.invoice', 'the note names no invoice');
  const unreadable = unreadableAmount(object, sums);
  if (unreadable !== undefined) return refused('amountUnreadable', `data.object.${unreadable}`, unreadableMessage);
  const total = integerAt(object, 'total') ?? integerAt(object, 'amount');
  const post = afterPayment(event);
  if (post === 0) return { outcome: 'ignored', reason: 'creditNoteBeforePayment: the paid invoice comes to less' };
  const tax = taxOf(object);
  if (post !== total && tax !== 0) {
    const message = 'the note does not tell how much of what it takes back after the payment is tax';
    return refused('taxOfPartUnknown', 'data.object.post_payment_amount', message);
  }
  const voided = type === 'credit_note.voided' || textAt(object, 'status') === 'void';
  const read = moneyAt(object, post === undefined ? undefined : voided ? 0 : post - tax, 'total');
  if ('outcome' in read) return read;
  const named = namedEngagement(event, at(object, 'metadata'));
  const fact = sayAbout(event, named ?? stripeId('invoice', invoiceId), {
    type: 'LedgerEntryRecorded',
    data: {
      entryId: noteId,
      direction: 'revenue',
      category: event.mapping.category,
      amount: read.money,
      kind: 'credit',
      correctsEntryId: invoiceId,
    },
  });
  const sourceSeq = `${event.sourceSeq}.${Math.max(0, ranks.indexOf(type))}`;
  return { outcome: 'facts', facts: [{ ...fact, sourceId: noteId, sourceSeq }] };
};
