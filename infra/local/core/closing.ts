// What must be closed when the runtime ends? All opened parts, the last one first.

export interface Closing {
  /** Notes a step for the end. */
  add(end: () => Promise<void> | void): void;
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
      for (const end of ends.splice(0).reverse()) await end();
      resolve();
    },
    closed: promise,
  };
}
