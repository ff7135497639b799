// Which terms do an engagement's subscriptions have, what is each worth a year, and how did it end?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { ComponentKind } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import { leadAt } from '../engagement/engagement.ts';
import { factsBySubscription, type InEffect, inEffectBefore, type SubscriptionEvent } from '../engagement/inEffect.ts';
import { arrTurns } from '../engagement/recurringRevenue.ts';
import { bringsAt } from '../engagement/revenueSteps.ts';
import type { Subscription, Term } from '../engagement/subscriptions.ts';
import { At, CurrencyCode, CustomerName, carriedByEngagement, Minor, PartnerName, PartyId } from './commonColumns.ts';
import { carried, partyOf, type RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    subscriptionId: z.string().describe('The subscription, as the facts name it.'),
    termStart: At.describe('When the term starts.'),
    termEnd: At.nullable().describe('When the term ends; null if no end is set.'),
    status: z
      .enum(['active', 'trial', 'suspended', 'renewed', 'ended'])
      .describe(
        'Renewed: a further term follows. Ended: the subscription has ended. Else suspended, in its trial, or active.',
      ),
    decidedAt: At.nullable().describe(
      'When it was renewed, or its end was announced; null while the term is undecided.',
    ),
    endsAt: At.nullable().describe(
      'When the subscription ends or ended, or is to end by a cancellation that is announced; null while no end is known.',
    ),
    endReason: z.string().nullable().describe('Why it ends; null if that is not known.'),
    kind: ComponentKind.nullable().describe('What the subscription is; null if that is not known.'),
    baseSubscriptionId: z.string().nullable().describe('The subscription that an add-on belongs to.'),
    sku: z.string().nullable().describe('The stock keeping unit that was last named in the term.'),
    quantity: z.number().nullable().describe('The units at the end of the term (now, while it is active).'),
    priceEvent: z
      .string()
      .nullable()
      .describe('The event that named the price, or why it is not known; null if none did.'),
  }),
  ...forVendor({ priceSeenBy: seenByColumn('the price') }),
  ...forSeers(
    { seenBy: 'priceSeenBy', from: 'priceEvent', reason: 'arrReason' },
    {
      priceMinor: Minor.describe(
        'The price of all units for a billing period, minor units, at the same time as `quantity`.',
      ),
      arrMinor: Minor.describe(
        'The price as minor units a year, at the same time as `quantity`. Null if it is not known, or while nothing is paid.',
      ),
      arrReason: z
        .string()
        .nullable()
        .describe(
          'Why `arrMinor` is null: trial, suspended, priceUnknown, billingPeriodUnknown, amountTooLarge, or why an adapter could not read the price, such as metered.',
        ),
      currency: CurrencyCode.describe('The currency of the amounts.'),
    },
  ),
  ...forEveryone({
    billingPeriod: z.string().nullable().describe('The billing period, as an ISO 8601 duration.'),
    autoRenew: z
      .boolean()
      .nullable()
      .describe('Whether it renews automatically, at the same time as `quantity`; null if that is not known.'),
    orderId: z.string().nullable().describe('The order that started it.'),
    customerId: PartyId.nullable().describe('The customer, as a party.'),
    customer: CustomerName,
    partnerId: PartyId.nullable().describe(
      'The partner of the subscription; if it names none, the lead partner when it began.',
    ),
    partner: PartnerName,
  }),
});

/**
 * The subscription in a term's row: as it was just before the term was decided, or as it is now if the term is
 * undecided.
 */
interface AtEnd extends Omit<InEffect, 'ended'> {
  readonly sku: string | undefined;
}

/**
 * The last stock keeping unit that was named before each of a subscription's facts; under `undefined`, after all of
 * them.
 */
const skusOf = (own: readonly SubscriptionEvent[]): ReadonlyMap<RecordedEvent | undefined, string | undefined> => {
  const named = new Map<RecordedEvent | undefined, string | undefined>();
  let sku: string | undefined;
  for (const event of own) {
    named.set(event, sku);
    sku = ('sku' in event.data ? event.data.sku : undefined) ?? sku;
  }
  return named.set(undefined, sku);
};

const atEnds = (subscription: Subscription, own: readonly SubscriptionEvent[]): ((term: Term) => AtEnd) => {
  const before = inEffectBefore(
    own,
    subscription.terms.flatMap(({ decidedBy }) => decidedBy ?? []),
  );
  const skus = skusOf(own);
  return ({ decidedBy }) => ({
    ...((decidedBy === undefined ? undefined : before.get(decidedBy)) ?? subscription),
    sku: skus.get(decidedBy),
  });
};

type End = Pick<Columns<typeof columns>, 'endsAt' | 'endReason'>;

/** The end of a term's subscription, as it is recorded or announced. */
const endOf = (term: Term, { cancellation }: Pick<AtEnd, 'cancellation'>): End => {
  if (term.decidedBy?.type === 'SubscriptionEnded') {
    const { data, occurredAt } = term.decidedBy;
    return { endsAt: data.effectiveAt ?? occurredAt, endReason: data.reason ?? null };
  }
  if (term.decidedBy !== undefined || cancellation === undefined) return { endsAt: null, endReason: null };
  return { endsAt: cancellation.data.effectiveAt ?? term.end ?? null, endReason: cancellation.data.reason ?? null };
};

const statusOf = (term: Term, { suspended, trialEnd }: AtEnd, now: Instant): Columns<typeof columns>['status'] => {
  if (term.decidedBy?.type === 'SubscriptionRenewed') return 'renewed';
  const ended = term.decidedBy?.data.effectiveAt ?? term.decidedBy?.occurredAt;
  if (ended !== undefined && ended <= now) return 'ended';
  if (suspended) return 'suspended';
  return trialEnd !== undefined && trialEnd > now ? 'trial' : 'active';
};

/** What the price comes to in a year, in a term's row. An ended subscription keeps what it brought. */
const arrCells = (atEnd: AtEnd, at: Instant): Pick<Columns<typeof columns>, 'arrMinor' | 'arrReason'> => {
  const { brings, idle } = bringsAt({ ...atEnd, ended: undefined }, at);
  if (brings === undefined) {
    return idle?.why === 'free' ? { arrMinor: 0, arrReason: null } : { arrMinor: null, arrReason: idle?.why ?? null };
  }
  return 'money' in brings
    ? { arrMinor: brings.money.amountMinor, arrReason: null }
    : { arrMinor: null, arrReason: brings.because ?? brings.reason };
};

const rowOfTerm = (
  rowContext: RowContext,
  { subscription, term, atEnd }: { subscription: Subscription; term: Term; atEnd: AtEnd },
) => {
  const { engagement, context, now } = rowContext;
  const { started, subscriptionId } = subscription;
  const { quantity, price, pricedBy, billingPeriod } = atEnd;
  const begins = started?.occurredAt ?? term.begunBy.occurredAt;
  const customerId = partyOf(context, started?.data.customer) ?? rowContext.customerId;
  const partnerId = partyOf(context, started?.data.partner ?? leadAt(engagement, begins));
  const cells: Columns<typeof columns> = {
    ...carried(rowContext, (term.decidedBy ?? term.begunBy).eventId),
    subscriptionId,
    termStart: term.start,
    termEnd: term.end ?? null,
    status: statusOf(term, atEnd, now),
    decidedAt: term.decidedBy?.occurredAt ?? null,
    ...endOf(term, atEnd),
    kind: started?.data.kind ?? null,
    baseSubscriptionId: started?.data.baseSubscriptionId ?? null,
    sku: atEnd.sku ?? null,
    quantity: quantity ?? null,
    priceEvent: pricedBy?.eventId ?? null,
    priceSeenBy: seenBy(pricedBy === undefined ? [] : [rowContext.seersOf(pricedBy, 'price')]),
    priceMinor: price?.amountMinor ?? null,
    billingPeriod: billingPeriod ?? null,
    ...arrCells(atEnd, term.decidedBy === undefined ? now : term.decidedBy.occurredAt),
    currency: price?.currency ?? null,
    autoRenew: atEnd.autoRenew ?? null,
    orderId: started?.data.orderId ?? null,
    customerId,
    customer: rowContext.nameOfParty(customerId),
    partnerId,
    partner: rowContext.nameOfParty(partnerId),
  };
  return { key: { engagementId: cells.engagementId, subscriptionId, termStart: term.start }, columns: cells };
};

/** The rows of `subscriptions`. Terms with the same start are one row: the last of them holds. */
const subscriptionRows = (rowContext: RowContext) => {
  const bySubscription = factsBySubscription(rowContext.engagement);
  return rowContext.engagement.subscriptions.flatMap((subscription) => {
    const byStart = new Map(subscription.terms.map((term) => [term.start, term]));
    const atEndOf = atEnds(subscription, bySubscription.get(subscription.subscriptionId) ?? []);
    return [...byStart.values()].map((term) => rowOfTerm(rowContext, { subscription, term, atEnd: atEndOf(term) }));
  });
};

export const subscriptions = defineTable({
  name: 'subscriptions',
  describes: 'One term of a subscription.',
  grain: 'engagement',
  key: ['engagementId', 'subscriptionId', 'termStart'],
  columns,
  indexes: [byLeadPartner],
  rows: subscriptionRows,
  turns: ({ engagement }) => arrTurns(engagement),
});
