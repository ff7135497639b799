// What was known a moment ago? Values by key that are forgotten after a while, and the longest unused first where they take too many bytes.
import { LRUCache } from 'lru-cache';
import { epochOf } from '../../events/instant.ts';

export interface Recently<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

export interface RecentlySettings {
  readonly forMs: number;
  /** Of memory, as it is reckoned from the values' JSON. */
  readonly budgetBytes: number;
  readonly now: () => string;
}

const bytesOf = (value: unknown, key: string): number => 200 + 2 * (key.length + JSON.stringify(value).length);

/** Keeps values, plain data, for `forMs` milliseconds of `now`'s clock. */
export const createRecently = <Value extends object | string | true>({
  forMs,
  budgetBytes,
  now,
}: RecentlySettings): Recently<Value> => {
  const kept = new LRUCache<string, Value>({
    maxSize: budgetBytes,
    sizeCalculation: bytesOf,
    // A value of exactly that age is forgotten.
    ttl: forMs - 1,
    ttlResolution: 0,
    perf: { now: () => epochOf(now()) },
  });
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      kept.set(key, value);
    },
    delete: (key) => {
      kept.delete(key);
    },
  };
};
