// Is anything running? This counts running work, so that `drained` can wait for its end without polling.

export interface Activity {
  /** Notes that work begins; answers a function that notes its end (once). */
  begin(): () => void;
  busy(): boolean;
  /** How many pieces of work have begun so far. */
  begun(): number;
  /** Resolves when nothing runs; at once when nothing does. */
  quiet(): Promise<void>;
}

/** Nothing runs yet. */
export function createActivity(): Activity {
  let running = 0;
  let begun = 0;
  let waiting: (() => void)[] = [];
  return {
    begin() {
      running += 1;
      begun += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        running -= 1;
        if (running > 0) return;
        const wake = waiting;
        waiting = [];
        for (const resolve of wake) resolve();
      };
    },
    busy: () => running > 0,
    begun: () => begun,
    quiet: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
