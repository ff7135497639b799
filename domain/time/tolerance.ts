// How close must two times be to count as simultaneous?
import { epochOf, type Instant } from '../../events/instant.ts';

/**
 * In milliseconds. Clocks and transport differ by minutes, so rules that ask "before" or "without" take such times as
 * simultaneous.
 */
export const tolerance = 5 * 60_000;

/** Whether an instant is later than another by more than the tolerance. */
export const isLater = (at: Instant, other: Instant): boolean => epochOf(at) > epochOf(other) + tolerance;
