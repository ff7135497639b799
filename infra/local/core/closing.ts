// What must be closed when the runtime ends? All opened parts, the last one first.

export interface Closing {
  /** Notes a step for the end. */
  add(end: () => Promise<void> | void): void;
  /** Closes all, also where one of them fails; then it rejects with the first failure. */
  close(): Promise<void>;
  /** Resolves after everything is closed, for any reason. */
  readonly closed: Promise<void>;
}

export function createClosing(): Closing {
  const ends: (() => Promise<void> | void)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    add: (end) => void ends.push(end),
    async close() {
      const failures: unknown[] = [];
      for (const end of ends.splice(0).reverse()) {
        try {
          await end();
        } catch (error) {
          failures.push(error);
        }
      }
      resolve();
      if (failures.length > 0) throw failures[0];
    },
    closed: promise,
  };
}
