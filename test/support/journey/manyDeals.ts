// Which deals does a partner fail across, and which are its largest?
import type { Message } from '../sender.ts';

const many = 'many';

/** Whether a row is of an engagement that another partner leads. */
export const isLed = ({ leadPartnerId, leadPartner }: Readonly<Record<string, unknown>>): boolean =>
  typeof leadPartnerId === 'string' && leadPartner !== `crm/account/${many}`;

const account = (id: string) => ({ system: 'crm', kind: 'account', id });

/**
 * Six deals of one partner, won without an offer, each with revenue: the partner fails across them, and some of them are its largest.
 * All are registered for one customer, the first for another partner, so that registrations exclude each other.
 */
export const manyDeals = (): readonly Message[] =>
  Array.from({ length: 6 }, (_, index) => {
    const deal = (type: string, data: object): Message => ({
      ...{ id: `many-${index}-${type}`, type: `throughline.${type}`, time: `2026-03-1${index}T09:00:00Z` },
      ...{ subject: `crm/opportunity/many-${index}`, data: { ...data } },
    });
    const price = { amountMinor: 1000 * (index + 1), currency: 'EUR' };
    const term = { subscriptionId: `many-${index}`, billingPeriod: 'P1M', termStart: '2026-03-20T00:00:00.000Z' };
    return [
      deal('EngagementOpened', { leadPartner: account(many) }),
      deal('DealRegistered', {
        ...{ registrationId: 'r', customer: account('one') },
        partner: account(index === 0 ? 'another' : many),
      }),
      deal('DealClosed', { result: 'won' }),
      deal('SubscriptionStarted', { ...term, price }),
    ];
  }).flat();
