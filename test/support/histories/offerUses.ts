// What do tests of the rules on partners say? Wins and deliveries of one partner, each of an engagement of its own.
import type { OfferUse } from '../../../domain/patterns/partner/offerUse.ts';
import { instant } from './events.ts';

type Said = Partial<Omit<OfferUse, 'at' | 'kind'>>;

const use = (kind: OfferUse['kind'], at: string, said: Said): OfferUse => ({
  kind,
  at: instant(at),
  engagementId: `of-${at}`,
  eventId: `event-${at}`,
  factId: `fact-${at}`,
  type: kind === 'win' ? 'DealClosed' : 'MilestoneReached',
  ...{ offerId: 'suite', published: true, minutes: 600, plannedMinutes: 600, fingerprint: 'same' },
  ...{ customisations: 0, promoted: [], earned: null, roles: ['msp'], policyVersion: 0, thresholds: {} },
  ...said,
});

export const won = (at: string, said: Said = {}): OfferUse => use('win', at, said);
export const delivered = (at: string, said: Said = {}): OfferUse => use('delivery', at, said);

/** Days from 2026-01-01 on: `day(0)`, `day(1)`, … */
export const day = (index: number): string => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
