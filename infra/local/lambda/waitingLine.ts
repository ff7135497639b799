// Which event comes next, and which has waited too long for its caller? A line in which no caller waits long, however many come.

/** Times in milliseconds. */
export interface LineLimits {
  /** How long a caller waits while a burst is worked off. */
  readonly burst: number;
  /** How long a caller waits when the line has been filled for longer than a burst: then more come than can be held. */
  readonly standing: number;
  /** How many callers wait at most. */
  readonly callers: number;
}

export const usualLimits: LineLimits = { burst: 1_000, standing: 500, callers: 500 };

interface Waiting<T> {
  readonly item: T;
  readonly since: number;
  /** Absent: no caller waits, and the item waits as long as it takes. */
  readonly refuse: (() => void) | undefined;
}

export interface WaitingLine<T> {
  /** Whether one more caller is taken. It is not where the first in the line has already waited too long. */
  takes(): boolean;
  /** Adds an item; `refuse` is called in place of its turn where it has waited too long. */
  push(item: T, refuse?: () => void): void;
  /** The next item; those that have waited too long are refused before. */
  next(): T | undefined;
  /** Refuses the callers that have waited too long. */
  expire(): void;
  isEmpty(): boolean;
  /** Takes all items, to fail them. */
  empty(): readonly T[];
}

/**
 * Makes a line; `now` answers milliseconds. A wait is bounded by time and not by a number, because a number would have to know how
 * long each function takes. A line that stays filled has more arrivals than can be served: its limit falls, so that who is taken is
 * taken soon (as the CoDel algorithm does with packets).
 */
export function createWaitingLine<T>(limits: LineLimits, now: () => number): WaitingLine<T> {
  let line: Waiting<T>[] = [];
  let filledSince = 0;
  let refusedAt = Number.NEGATIVE_INFINITY;

  const limitAt = (instant: number): number => (instant - filledSince > limits.burst ? limits.standing : limits.burst);

  function expire(): void {
    const instant = now();
    const limit = limitAt(instant);
    const isLate = ({ since, refuse }: Waiting<T>): boolean => refuse !== undefined && instant - since > limit;
    if (!line.some(isLate)) return;
    const late = line.filter(isLate);
    line = line.filter((waiting) => !isLate(waiting));
    refusedAt = instant;
    for (const { refuse } of late) refuse?.();
  }

  return {
    takes() {
      const [oldest] = line;
      const instant = now();
      const full = oldest !== undefined && (line.length >= limits.callers || instant - oldest.since > limitAt(instant));
      if (full) refusedAt = instant;
      return !full;
    },
    push(item, refuse) {
      const instant = now();
      // A line that is empty only because callers were refused counts as filled.
      if (line.length === 0 && instant - refusedAt > limits.burst) filledSince = instant;
      line.push({ item, since: instant, refuse });
    },
    next() {
      expire();
      return line.shift()?.item;
    },
    expire,
    isEmpty: () => line.length === 0,
    empty: () => line.splice(0).map(({ item }) => item),
  };
}
