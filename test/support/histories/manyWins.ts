// What makes a partner fail across engagements, and gives it engagements that are its largest? Six wins without an offer, with revenue.
import type { Fact } from '../../../events/catalog.ts';
import type { Reference } from '../../../events/envelope.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { fact, tenantId } from './events.ts';

/** The engagements are called after `name`. */
export const manyWins = (name: string, leadPartner: Reference): readonly Fact[] =>
  Array.from({ length: 6 }, (_, index) => {
    const stream = streamIdOf(tenantId, 'engagement', `${name}-${index}`);
    const term = { subscriptionId: 's', billingPeriod: 'P1M', termStart: '2026-05-20T00:00:00.000Z' } as const;
    const price = { amountMinor: 100 + index, currency: 'EUR' };
    return [
      fact('EngagementOpened', { leadPartner }, { at: '2026-03-01T09:00', stream }),
      fact('DealClosed', { result: 'won' }, { at: `2026-05-1${index}`, stream }),
      fact('SubscriptionStarted', { ...term, price }, { at: '2026-05-20', stream }),
    ];
  }).flat();
