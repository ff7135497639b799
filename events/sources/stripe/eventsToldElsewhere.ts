// Which of Stripe's events are ignored because another event tells the same?

/** Events that bear on a sum or a date, and are ignored by name, because another event tells what we record. */
export const eventsToldElsewhere: readonly { readonly types: readonly string[]; readonly reason: string }[] = [
  {
    types: ['charge.refund', 'refund.'],
    reason: 'refundNotCounted: the credit note of its invoice tells what was taken back',
  },
  {
    types: ['subscription_schedule.'],
    reason: 'onlyPlanned: customer.subscription.updated tells each phase when it begins',
  },
  {
    types: ['customer.discount.', 'customer.subscription.pending_update_', 'customer.subscription.trial_will_end'],
    reason: 'toldByUpdate: customer.subscription.updated tells what changed',
  },
  {
    types: ['invoice.payment_succeeded', 'invoice_payment.', 'invoice.overpaid'],
    reason: 'toldByInvoicePaid: give the endpoint invoice.paid',
  },
];
