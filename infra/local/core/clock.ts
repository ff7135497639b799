// What time is it for the local runtime? The system's time, or a manual time that a test moves.

/** The time for the runtime's queues, schedules and endpoints; only a test can move it. */
export interface Clock {
  /** The instant now, in epoch milliseconds. */
  now(): number;
  /** Calls the listener after each move of a manual clock; answers a function that stops this. The system's clock never jumps. */
  onAdvance(listener: () => void): () => void;
  /** A manual clock's instant as one BigInt64 in shared memory: worker threads read it, so functions see the same time. */
  readonly shared?: SharedArrayBuffer;
}

/** A clock that moves only by a call. */
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
      // Each registration counts separately, even for the same function.
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

/** Node's timers end at about 24 days, so a longer wait is split into pieces of an hour. */
const longestTimer = 3_600_000;

/** Runs the work once when the clock reaches the instant (epoch ms), at the earliest on the next turn; answers a function that cancels it. */
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
