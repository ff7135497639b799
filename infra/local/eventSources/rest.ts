// How does a loop wait for work? Until another part wakes it, or for a fixed time in which work collects.

export interface Rest {
  /** Resolves after so many milliseconds; without a time, after a wake. `hurry` ends both at once. */
  take(milliseconds?: number): Promise<void>;
  /** Ends a wait that has no time. */
  wake(): void;
  hurry(): void;
}

export function createRest(): Rest {
  let end: (() => void) | undefined;
  let isTimed = false;
  return {
    take: (milliseconds) =>
      new Promise((resolve) => {
        const timer = milliseconds === undefined ? undefined : setTimeout(() => end?.(), milliseconds);
        isTimed = milliseconds !== undefined;
        end = () => {
          clearTimeout(timer);
          end = undefined;
          resolve();
        };
      }),
    wake() {
      if (!isTimed) end?.();
    },
    hurry: () => end?.(),
  };
}
