// What is to be closed when the runtime ends? What was opened last goes first.

export interface Closing {
  /** Notes what to do at the end. */
  add(end: () => Promise<void> | void): void;
  close(): Promise<void>;
  /** Resolves once it is closed, whoever asked for it. */
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
