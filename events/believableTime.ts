// Which time does a fact get, of the time that its sayer claims?
import type { FactEnvelope } from './envelope.ts';
import { addMilliseconds, type Instant } from './instant.ts';

const earliest = '2000-01-01T00:00:00.000Z';

const minute = 60_000;

/** How far ahead of its receipt a fact may be dated, in minutes: a day, for clocks and time zones; a partner's only for clocks. */
export const minutesAhead = (saidBy: FactEnvelope['saidBy']): number => (saidBy?.role === 'partner' ? 5 : 24 * 60);

/**
 * The claimed time where it is believable; undefined where it lies before 2000 or too far ahead of the receipt. What a partner
 * dates ahead counts from its receipt: else it would come after what the vendor says meanwhile, and hide it.
 */
export const believableTime = (
  claimed: Instant,
  { receivedAt, saidBy }: { readonly receivedAt: Instant; readonly saidBy: FactEnvelope['saidBy'] },
): Instant | undefined => {
  if (claimed < earliest || claimed > addMilliseconds(receivedAt, minutesAhead(saidBy) * minute)) return undefined;
  return saidBy?.role === 'partner' && claimed > receivedAt ? receivedAt : claimed;
};
