// Is it time to offer a receipt to translate again? A pending one always; one that waits ever less often, by its age alone.
import { addMilliseconds, epochOf, type Instant } from '../../events/instant.ts';
import type { PendingReceipt } from './receipts.ts';

/** How often the sweep looks; receipts that are older should long have been translated. */
export const offerEveryMs = 5 * 60_000;

/** The sweep's ticks come with a little delay, each with its own: a step that lies so far back is not missed. */
const slackMs = 60_000;

/** When the tick before this one was, at the latest. */
export const lastTickBefore = (now: Instant): Instant => addMilliseconds(now, -offerEveryMs - slackMs);

/** From then on they are offered at each such step: what a tenant has mended is noticed within 5 hours and 20 minutes. */
const mostSteps = 64;

const isDue = (step: number): boolean =>
  step % mostSteps === 0 || (step < mostSteps && Number.isInteger(Math.log2(step)));

/** A stretch of time: what became due after `since`, up to `now`. */
export interface Stretch {
  readonly since: Instant;
  readonly now: Instant;
}

/**
 * Whether the receipt is to be offered for what became due in a stretch. One that waits is woken by the link that it waits for;
 * only what wakes nobody (a connection that may say more, a mended mapping) needs this, 5, 10, 20 … minutes after it was received.
 */
export const isOfferedAgain = ({ status, receivedAt }: PendingReceipt, { since, now }: Stretch): boolean => {
  if (status !== 'waiting') return true;
  const stepAt = (at: Instant): number => Math.floor((epochOf(at) - epochOf(receivedAt)) / offerEveryMs);
  const before = Math.max(0, stepAt(since));
  const steps = Array.from({ length: Math.max(0, stepAt(now) - before) }, (_, index) => before + 1 + index);
  return steps.some(isDue);
};
