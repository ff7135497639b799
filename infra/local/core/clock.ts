// What time is it for the local runtime? The machine's time, that time moved ahead, or a manual time that a test moves.

/** How worker threads see a clock: one BigInt64 in shared memory. */
export interface SharedClock {
  /** The instant of a manual clock; of a clock that runs, by how many milliseconds it is ahead of the machine's. */
  readonly cell: SharedArrayBuffer;
  readonly runs: boolean;
}

/** The time for the runtime's queues, schedules, endpoints and functions. */
export interface Clock {
  /** The instant now, in epoch milliseconds. */
  now(): number;
  /** The time of those outside, such as senders who sign: the machine's, but for a manual clock, which is everyone's. */
  outside(): number;
  /** Calls the listener after each jump; answers a function that stops this. The system's clock never jumps. */
  onAdvance(listener: () => void): () => void;
  /** Whether its time passes by itself. */
  readonly runs: boolean;
  /** Where worker threads read it, so that functions see the same time; absent: they use the machine's. */
  readonly shared?: SharedClock;
}

/** A clock that also jumps, forward only. */
export interface MovableClock extends Clock {
  readonly shared: SharedClock;
  /** Moves time forward by so many milliseconds, then calls the listeners in the order they came. */
  advance(ms: number): void;
  /** Moves time forward to an instant in epoch milliseconds, then calls the listeners. */
  set(instant: number): void;
}

/** A clock of a test: it moves only by a call. */
export interface ManualClock extends MovableClock {
  /** Moves time by so many milliseconds in either direction, as the machine's clock is corrected by a time server. */
  correct(ms: number): void;
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return { now: () => Date.now(), outside: () => Date.now(), onAdvance: () => () => {}, runs: true };
}

function listening(): Pick<Clock, 'onAdvance'> & { readonly tell: () => void } {
  const listeners = new Set<() => void>();
  return {
    onAdvance(listener) {
      // Each registration counts separately, even for the same function.
      const registration = () => listener();
      listeners.add(registration);
      return () => listeners.delete(registration);
    },
    tell() {
      for (const listener of [...listeners]) listener();
    },
  };
}

/** A clock on shared memory: `now` is what the cell holds, plus `base`. */
function clockOn(base: () => number, first: number, of: Pick<Clock, 'runs' | 'outside'>): ManualClock {
  const { onAdvance, tell } = listening();
  const shared = { cell: new SharedArrayBuffer(8), runs: of.runs };
  const cell = new BigInt64Array(shared.cell);
  const held = (): number => Number(Atomics.load(cell, 0));
  const now = (): number => base() + held();
  const correct = (ms: number): void => {
    Atomics.store(cell, 0, BigInt(Math.round(held() + ms)));
    tell();
  };
  const advance = (ms: number): void => {
    if (!(ms >= 0)) throw new RangeError(`A clock can't go back: advance(${ms}).`);
    correct(ms);
  };
  Atomics.store(cell, 0, BigInt(first));
  return {
    ...{ now, onAdvance, shared, advance, correct, runs: of.runs },
    outside: () => of.outside(),
    set(instant) {
      const at = now();
      if (!(instant >= at)) throw new RangeError(`A clock can't go back: from ${at} to ${instant}.`);
      advance(instant - at);
    },
  };
}

/** A clock that starts at an instant in epoch milliseconds and moves only by `advance` and `set`. */
export function manualClock(start: number): ManualClock {
  const clock: ManualClock = clockOn(() => 0, start, { runs: false, outside: () => clock.now() });
  return clock;
}

/** The machine's clock, so many milliseconds ahead; it runs on from there, and may be moved further ahead. */
export const clockAhead = (ms: number): MovableClock =>
  clockOn(() => Date.now(), ms, { runs: true, outside: () => Date.now() });

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
    clearTimeout(timer);
    const wait = instant - clock.now();
    if (wait <= 0) {
      cancel();
      work();
    } else if (clock.runs) {
      timer = setTimeout(look, Math.min(wait, longestTimer));
    }
  };
  forget = clock.onAdvance(look);
  timer = setTimeout(look, clock.runs ? Math.min(Math.max(instant - clock.now(), 0), longestTimer) : 0);
  return cancel;
}
