// How does a loop rest until there is something to do? Until it is woken, or for a time through which work gathers.

export interface Rest {
  /** Resolves after so many milliseconds; without a time, once it is woken. `hurry` ends either. */
  take(milliseconds?: number): Promise<void>;
  /** Ends a rest that has no time. */
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
