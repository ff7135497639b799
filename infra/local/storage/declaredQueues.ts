// Which queues are declared, with which settings, and which listeners learn that a message became visible?

/** The settings of a queue; times in seconds, as in the template. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

export interface DeclaredQueues {
  declare(name: string, settings: QueueSettings): void;
  find(name: string): QueueSettings | undefined;
  /** Throws where the queue is not declared. */
  settingsOf(name: string): QueueSettings;
  names(): Iterable<string>;
  tell(changed: Iterable<string>): void;
  /** Answers a function that ends the listening. */
  listen(listener: (queue: string) => void): () => void;
}

export function createDeclaredQueues(): DeclaredQueues {
  const queues = new Map<string, QueueSettings>();
  const listeners = new Set<(queue: string) => void>();
  return {
    declare: (name, settings) => void queues.set(name, settings),
    find: (name) => queues.get(name),
    settingsOf(name) {
      const settings = queues.get(name);
      if (settings === undefined) throw new Error(`There is no queue "${name}": declare it with ensureQueue.`);
      return settings;
    },
    names: () => queues.keys(),
    tell(changed) {
      for (const queue of changed) for (const listener of [...listeners]) listener(queue);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
