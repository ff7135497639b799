// Which value is still in the cache, within its time limit and its budget of bytes?
import { epochOf } from '../../events/instant.ts';

export interface TtlCache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

export interface TtlCacheSettings {
  readonly forMs: number;
  /** Bytes of memory, estimated from the values' JSON. */
  readonly budgetBytes: number;
  readonly now: () => string;
}

const bytesOf = (key: string, value: unknown): number => 200 + 2 * (key.length + JSON.stringify(value).length);

/**
 * Caches plain data for `forMs` milliseconds of `now`'s clock; the oldest values leave earlier where all take too many bytes. It
 * is small, so that the intake needs no library for it.
 */
export const createTtlCache = <Value extends object | string | true>({
  forMs,
  budgetBytes,
  now,
}: TtlCacheSettings): TtlCache<Value> => {
  const kept = new Map<string, { readonly value: Value; readonly until: number; readonly bytes: number }>();
  let keptBytes = 0;

  const forget = (key: string): void => {
    keptBytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };

  return {
    get: (key) => {
      const known = kept.get(key);
      return known !== undefined && known.until > epochOf(now()) ? known.value : undefined;
    },
    set: (key, value) => {
      forget(key);
      const bytes = bytesOf(key, value);
      if (bytes > budgetBytes) return;
      kept.set(key, { value, until: epochOf(now()) + forMs, bytes });
      keptBytes += bytes;
      for (const oldest of kept.keys()) {
        if (keptBytes <= budgetBytes) break;
        forget(oldest);
      }
    },
    delete: forget,
  };
};
