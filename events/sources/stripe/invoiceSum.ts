// What did a paid Stripe invoice come to, without tax, or why is that not exactly known?
import { at, flagAt, integerAt, type Json, listAt, textAt } from '../sourceJson.ts';

/** A sum in Stripe's unit, negative for a credit; or why it is not known, and at which field. */
export type InvoiceSum =
  | { readonly amount: number }
  | { readonly reason: string; readonly field: string; readonly message: string };

const taxLists = ['total_taxes', 'total_tax_amounts', 'tax_amounts'] as const;

/**
 * The first of the fields, or of the lists of taxes, that is told but holds no integer. Its sum must not be taken from
 * another field, nor for 0.
 */
export const unreadableAmount = (object: Json, fields: readonly string[]): string | undefined =>
  fields.find((field) => (at(object, field) ?? null) !== null && integerAt(object, field) === undefined) ??
  taxLists.find((list) => listAt(object, list).some((tax) => integerAt(tax, 'amount') === undefined));

export const unreadableMessage = 'expected an integer of minor units that no digit is lost of';

const listedTax = (object: Json, list: string, field: string): number | undefined => {
  const taxes = listAt(object, list).map((tax) => integerAt(tax, field));
  if (taxes.length === 0 || taxes.includes(undefined)) return undefined;
  return taxes.reduce<number>((sum, tax) => sum + (tax ?? 0), 0);
};

/** The tax of an invoice or a credit note, wherever its API version writes it. None that is told is none. */
export const taxOf = (object: Json): number => {
  const total = integerAt(object, 'total');
  const net = integerAt(object, 'total_excluding_tax');
  if (total !== undefined && net !== undefined) return total - net;
  return (
    listedTax(object, 'total_taxes', 'amount') ??
    listedTax(object, 'total_tax_amounts', 'amount') ??
    listedTax(object, 'tax_amounts', 'amount') ??
    integerAt(object, 'tax') ??
    0
  );
};

/** What was paid outside of Stripe. It is not in `amount_paid`; what remains of an invoice that is paid was paid so. */
const paidElsewhere = (invoice: Json): number => {
  const told = integerAt(invoice, 'amount_paid_off_stripe');
  if (told !== undefined) return told;
  const due = integerAt(invoice, 'amount_due') ?? 0;
  const paid = integerAt(invoice, 'amount_paid') ?? 0;
  if (flagAt(invoice, 'paid_out_of_band') === true) return Math.max(0, due - paid);
  return textAt(invoice, 'status') === 'paid' ? Math.max(0, integerAt(invoice, 'amount_remaining') ?? 0) : 0;
};

/** The sum where the invoice tells no total: what was paid. The oldest versions tell only `paid` and what was due. */
const paidSum = (invoice: Json): InvoiceSum => {
  const paid =
    integerAt(invoice, 'amount_paid') ??
    (flagAt(invoice, 'paid') === true ? integerAt(invoice, 'amount_due') : undefined);
  if (paid === undefined) {
    return { reason: 'amountMissing', field: 'amount_paid', message: 'expected an integer of minor units' };
  }
  return { amount: paid + paidElsewhere(invoice) - taxOf(invoice) };
};

const sums = [
  'total',
  'total_excluding_tax',
  'tax',
  'pre_payment_credit_notes_amount',
  'amount_due',
  'amount_paid',
  'amount_paid_off_stripe',
  'amount_remaining',
] as const;

/**
 * What the invoice came to when it was paid, by whatever means (a payment, the customer's balance, outside of Stripe),
 * without tax. Credit notes from before the payment are taken off; those from after it are entries of their own. A
 * customer's balance only moves money from one invoice to another: each invoice counts for what it came to.
 */
export const invoiceSum = (invoice: Json): InvoiceSum => {
  const field = unreadableAmount(invoice, sums);
  if (field !== undefined) return { reason: 'amountUnreadable', field, message: unreadableMessage };
  const total = integerAt(invoice, 'total');
  if (total === undefined) return paidSum(invoice);
  const tax = taxOf(invoice);
  const credited = integerAt(invoice, 'pre_payment_credit_notes_amount') ?? 0;
  if (credited === 0) return { amount: total - tax };
  if (credited === total) return { amount: 0 };
  return tax === 0
    ? { amount: total - credited }
    : {
        reason: 'taxOfCreditNotesUnknown',
        field: 'pre_payment_credit_notes_amount',
        message: 'the invoice does not tell how much of its credit notes is tax',
      };
};

/** Whether the message holds all lines; else the period that they cover is not known. */
export const hasAllLines = (invoice: Json): boolean => at(invoice, 'lines.has_more') !== true;
