// What was known a moment ago? Values by key that are forgotten after a while, and the oldest first where there are too many.
import { epochOf } from '../../events/instant.ts';

export interface Recently<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

export interface RecentlySettings {
  readonly forMs: number;
  readonly capacity: number;
  readonly now: () => string;
}

/** Keeps values for `forMs` milliseconds of `now`'s clock, at most `capacity` of them. */
export const createRecently = <Value>({ forMs, capacity, now }: RecentlySettings): Recently<Value> => {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    get: (key) => {
      const known = kept.get(key);
      return known !== undefined && known.until > epochOf(now()) ? known.value : undefined;
    },
    set: (key, value) => {
      kept.delete(key);
      kept.set(key, { value, until: epochOf(now()) + forMs });
      const oldest = kept.keys().next();
      if (kept.size > capacity && oldest.done !== true) kept.delete(oldest.value);
    },
    delete: (key) => {
      kept.delete(key);
    },
  };
};
