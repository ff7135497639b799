// Which fields of Stripe's objects change a sum or a date, and what is done with each?
// People read the list, and a test holds it against the adapter; no function that runs carries it.

/**
 * `used`: it is in the facts. Otherwise the reason by which it shows: as `priceReason`, or as the reason of a receipt
 * that is refused or ignored. `told`: another field or event tells it, as the words say.
 */
export type Doing = 'used' | { readonly reason: string } | { readonly told: string };

const elsewhere = (told: string): Doing => ({ told });
const reason = (name: string): Doing => ({ reason: name });

/** Paths in an item of a subscription, from its `items.data`. In the oldest versions the subscription is its own item. */
const item: Readonly<Record<string, Doing>> = {
  quantity: 'used',
  current_period_start: 'used',
  current_period_end: 'used',
  current_trial: reason('trial'),
  tax_rates: reason('taxInside'),
  discounts: 'used',
  discount: 'used',
  'price.unit_amount': 'used',
  'price.unit_amount_decimal': 'used',
  'price.currency': 'used',
  'price.currency_options': 'used',
  'price.billing_scheme': 'used',
  'price.tiers': 'used',
  'price.tiers_mode': reason('tiered'),
  'price.transform_quantity': 'used',
  'price.tax_behavior': reason('taxUnspecified'),
  'price.recurring.interval': 'used',
  'price.recurring.interval_count': 'used',
  'price.recurring.usage_type': reason('metered'),
  'price.product': 'used',
  'plan.amount': 'used',
  'plan.amount_decimal': 'used',
  'plan.currency': 'used',
  'plan.billing_scheme': 'used',
  'plan.tiers': 'used',
  'plan.tiers_mode': reason('tiered'),
  'plan.transform_usage': 'used',
  'plan.interval': 'used',
  'plan.interval_count': 'used',
  'plan.usage_type': reason('metered'),
  'plan.product': 'used',
};

const subscription: Readonly<Record<string, Doing>> = {
  status: 'used',
  currency: 'used',
  plan: 'used',
  quantity: 'used',
  current_period_start: 'used',
  current_period_end: 'used',
  start_date: 'used',
  start: 'used',
  trial_end: 'used',
  ended_at: 'used',
  canceled_at: 'used',
  cancel_at: 'used',
  cancel_at_period_end: 'used',
  cancellation_details: 'used',
  pause_collection: 'used',
  'items.has_more': reason('itemsCutOff'),
  'billing_mode.type': 'used',
  discount: 'used',
  discounts: 'used',
  'customer.discount': 'used',
  'customer.discounts': 'used',
  default_tax_rates: reason('taxInside'),
  'automatic_tax.enabled': reason('taxUnspecified'),
  'pause_collection.resumes_at': elsewhere('customer.subscription.updated, when the pause ends'),
  'status_details.paused': elsewhere('status'),
  schedule: elsewhere('customer.subscription.updated, when a phase begins'),
  pending_update: elsewhere('customer.subscription.updated, when it is paid'),
  billing_cycle_anchor: elsewhere('current_period_end'),
  trial_start: elsewhere('current_period_start'),
  tax_percent: elsewhere('nothing: the tax comes on top of the price'),
  application_fee_percent: elsewhere('nothing: it divides what is paid, and changes no price'),
};

const invoice: Readonly<Record<string, Doing>> = {
  currency: 'used',
  total: 'used',
  total_excluding_tax: 'used',
  total_taxes: 'used',
  total_tax_amounts: 'used',
  tax_amounts: 'used',
  tax: 'used',
  amount_due: 'used',
  amount_paid: 'used',
  amount_paid_off_stripe: 'used',
  amount_remaining: 'used',
  paid: 'used',
  paid_out_of_band: 'used',
  status: 'used',
  attempt_count: 'used',
  pre_payment_credit_notes_amount: reason('taxOfCreditNotesUnknown'),
  'lines.has_more': 'used',
  'lines.data.period.start': 'used',
  'lines.data.period.end': 'used',
  post_payment_credit_notes_amount: elsewhere('credit_note.created'),
  amount_overpaid: elsewhere('total: what was paid too much stays in the customer’s balance'),
  starting_balance: elsewhere('total: a balance moves money from one invoice to another'),
  ending_balance: elsewhere('total: a balance moves money from one invoice to another'),
  total_discount_amounts: elsewhere('total'),
  subtotal: elsewhere('total'),
  amount_shipping: elsewhere('total'),
  period_end: elsewhere('the periods of the lines'),
};

const creditNote: Readonly<Record<string, Doing>> = {
  currency: 'used',
  total: 'used',
  amount: 'used',
  total_excluding_tax: 'used',
  total_taxes: 'used',
  total_tax_amounts: 'used',
  tax_amounts: 'used',
  tax: 'used',
  type: reason('creditNoteBeforePayment'),
  post_payment_amount: reason('taxOfPartUnknown'),
  status: 'used',
  pre_payment_amount: elsewhere('post_payment_amount'),
  refunds: elsewhere('total: how the money goes back does not matter'),
  out_of_band_amount: elsewhere('total: how the money goes back does not matter'),
  customer_balance_transaction: elsewhere('total: how the money goes back does not matter'),
};

/** By object, each field by its path. */
export const followedFields = { item, subscription, invoice, creditNote } as const;
