// What time is it for the local runtime, and who must look again when a test moves it?

/** Time as the runtime's queues, schedules and endpoints see it: theirs to read, a test's to advance. */
export interface Clock {
  /** The instant now, in epoch milliseconds. */
  now(): number;
  /** Calls the listener after each jump of a manual clock; answers how to stop. The system's clock never jumps. */
  onAdvance(listener: () => void): () => void;
  /** A manual clock's instant as one BigInt64 that worker threads read, so that functions live in the same time. */
  readonly shared?: SharedArrayBuffer;
}

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  readonly shared: SharedArrayBuffer;
  /** Moves time forward by so many milliseconds, then calls the listeners in the order they came. */
  advance(ms: number): void;
  /** Moves time forward to an instant in epoch milliseconds, then calls the listeners. */
  set(instant: number): void;
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return { now: () => Date.now(), onAdvance: () => () => {} };
}

/** A clock that starts at an instant in epoch milliseconds and moves only by `advance` and `set`. */
export function manualClock(start: number): ManualClock {
  const listeners = new Set<() => void>();
  const shared = new SharedArrayBuffer(8);
  const cell = new BigInt64Array(shared);
  const now = (): number => Number(Atomics.load(cell, 0));
  const set = (instant: number): void => {
    if (!(instant >= now())) throw new RangeError(`A clock can't go back: from ${now()} to ${instant}.`);
    Atomics.store(cell, 0, BigInt(Math.round(instant)));
    for (const listener of [...listeners]) listener();
  };
  Atomics.store(cell, 0, BigInt(start));
  return {
    now,
    shared,
    onAdvance(listener) {
      // Each registration is its own, even when the same function comes twice.
      const registration = () => listener();
      listeners.add(registration);
      return () => listeners.delete(registration);
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock can't go back: advance(${ms}).`);
      set(now() + ms);
    },
    set,
  };
}

/** Timers of the machine end at about 24 days; a longer wait is taken in pieces of an hour. */
const longestTimer = 3_600_000;

/** Runs the work once when the clock reaches the instant (epoch ms), at the earliest on the next turn; answers how to cancel. */
export function wakeAt(clock: Clock, instant: number, work: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let forget = () => {};
  const cancel = () => {
    clearTimeout(timer);
    forget();
  };
  const look = () => {
    const wait = instant - clock.now();
    if (wait <= 0) {
      cancel();
      work();
    } else if (clock.shared === undefined) {
      timer = setTimeout(look, Math.min(wait, longestTimer));
    }
  };
  forget = clock.onAdvance(look);
  timer = setTimeout(look, clock.shared === undefined ? Math.min(Math.max(instant - clock.now(), 0), longestTimer) : 0);
  return cancel;
}
