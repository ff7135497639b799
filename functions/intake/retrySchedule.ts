// When is an open receipt offered to translate again?
import { addMilliseconds, epochOf, type Instant } from '../../events/instant.ts';
import type { PendingReceipt } from '../receipts/receipts.ts';

/** How often sweep offers receipts. A receipt that is older should have been translated already. */
export const offerEveryMs = 5 * 60_000;

/** Ticks of sweep come with small, different delays. A step within this time before the last tick is not missed. */
const slackMs = 60_000;

/** An instant that is not later than the tick before this one. */
export const lastTickBefore = (now: Instant): Instant => addMilliseconds(now, -offerEveryMs - slackMs);

/** The most steps between two offers: a tenant's correction is noticed within 64 steps, which are 5 hours and 20 minutes. */
const mostSteps = 64;

const isDue = (step: number): boolean =>
  step % mostSteps === 0 || (step < mostSteps && Number.isInteger(Math.log2(step)));

/** A span of time: after `since`, up to `now`. */
export interface Stretch {
  readonly since: Instant;
  readonly now: Instant;
}

/**
 * Whether the receipt is offered for the steps that lie in the span. A pending receipt always is. A waiting receipt is woken by
 * the link that it lacks, but a corrected connection or mapping wakes nobody. So it is also offered 5, 10, 20 … minutes after it
 * was received.
 */
export const isOfferedAgain = ({ status, receivedAt }: PendingReceipt, { since, now }: Stretch): boolean => {
  if (status !== 'waiting') return true;
  const stepAt = (at: Instant): number => Math.floor((epochOf(at) - epochOf(receivedAt)) / offerEveryMs);
  const before = Math.max(0, stepAt(since));
  const steps = Array.from({ length: Math.max(0, stepAt(now) - before) }, (_, index) => before + 1 + index);
  return steps.some(isDue);
};
