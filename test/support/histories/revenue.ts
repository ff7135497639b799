// What do tests say of recurring revenue? An engagement's opening, its leads, and its subscriptions' amounts a year.
import { streamIdOf } from '../../../events/identifiers.ts';
import { org } from '../tabled.ts';
import { instant, recorded, tenantId } from './events.ts';

/** A yearly price; `unknown`: it has no billing period, so that its amount a year is not known. */
export type Yearly = number | 'unknown';

export interface SoldSaid {
  readonly currency?: string;
  /** The partner that the subscription names itself. */
  readonly partner?: string;
  readonly customer?: string;
}

const priceOf = (amount: Yearly, currency = 'EUR') =>
  amount === 'unknown'
    ? { price: { amountMinor: 1, currency } }
    : { price: { amountMinor: amount, currency }, billingPeriod: 'P1Y' as const };

/** The words of one engagement. Dates may be as short as `2026-03-01`. */
export const engagement = (id: string) => {
  const stream = streamIdOf(tenantId, 'engagement', id);
  return {
    opened: (at: string, { customer, lead }: { readonly customer?: string; readonly lead?: string } = {}) =>
      recorded(
        'EngagementOpened',
        {
          ...(customer === undefined ? {} : { customer: org(customer) }),
          ...(lead === undefined ? {} : { leadPartner: org(lead) }),
        },
        { at, stream },
      ),
    assigned: (at: string, partner: string) =>
      recorded('PartnerAssigned', { partner: org(partner), by: 'connection' }, { at, stream }),
    started: (at: string, subscriptionId: string, amount: Yearly, said: SoldSaid = {}) =>
      recorded(
        'SubscriptionStarted',
        {
          subscriptionId,
          termStart: instant(at),
          ...priceOf(amount, said.currency),
          ...(said.partner === undefined ? {} : { partner: org(said.partner) }),
          ...(said.customer === undefined ? {} : { customer: org(said.customer) }),
        },
        { at, stream },
      ),
    changed: (at: string, subscriptionId: string, amount: Yearly, currency?: string) =>
      recorded('SubscriptionChanged', { subscriptionId, ...priceOf(amount, currency) }, { at, stream }),
    ended: (at: string, subscriptionId: string, effective?: string) =>
      recorded(
        'SubscriptionEnded',
        { subscriptionId, ...(effective === undefined ? {} : { effectiveAt: instant(effective) }) },
        { at, stream },
      ),
  };
};
