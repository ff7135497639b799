// What does telemetry say of one time? How much of what was bought was used, by one metric.
import type { Story } from '../story.ts';

/** One measurement: of which time, said when, and how much of what was bought is used. */
export interface Measured {
  readonly from: string;
  readonly until: string;
  readonly at: string;
  readonly share: number;
  /** Absent: seats in use. */
  readonly metric?: string;
}

export const measure = (
  { deal, say }: Story,
  subscriptionId: string,
  { from, until, at, share, metric = 'active_seats' }: Measured,
): void => {
  const activeUnits = share === 0 ? 0 : Math.max(1, Math.round(deal.quantity * share));
  const units = { purchasedUnits: deal.quantity, activeUnits, metric };
  say('telemetry', 'UsageMeasured', { at, data: { subscriptionId, windowStart: from, windowEnd: until, ...units } });
};
