// What time is it for the local runtime, and who must look again when a test moves it?

/** Time as the runtime's queues, schedules and endpoints see it: theirs to read, a test's to advance. */
export interface Clock {
  /** The instant now, in epoch milliseconds. */
  now(): number;
  /** Calls the listener after each jump of a manual clock; answers how to stop. The system's clock never jumps. */
  onAdvance(listener: () => void): () => void;
}

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves time forward by so many milliseconds, then calls the listeners in the order they came. */
  advance(ms: number): void;
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return { now: () => Date.now(), onAdvance: () => () => {} };
}

/** A clock that starts at an instant in epoch milliseconds and moves only by `advance`. */
export function manualClock(start: number): ManualClock {
  const listeners = new Set<() => void>();
  let now = start;
  return {
    now: () => now,
    onAdvance(listener) {
      // Each registration is its own, even when the same function comes twice.
      const registration = () => listener();
      listeners.add(registration);
      return () => listeners.delete(registration);
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock can't go back: advance(${ms}).`);
      now += ms;
      for (const listener of [...listeners]) listener();
    },
  };
}
