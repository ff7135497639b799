// How often may each sender send, so that the flood of one does not use up what all share?

/** Tokens by key. Each key has a bucket of its own, so none takes from another. */
export interface Buckets {
  /** Takes a token of the key. Returns 0, or the whole seconds until the next token where the bucket is empty. */
  take(key: string): number;
  /** What `take` would return; takes nothing. */
  wait(key: string): number;
}

export interface BucketsSettings {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** The tokens of a full bucket. */
  readonly burst: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The most buckets in memory; absent: 10,000. The one that was not used for the longest time leaves first. */
  readonly most?: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Token buckets in the memory of one process. A key that is not known has a full bucket. */
export const createBuckets = ({ perSecond, burst, now, most = 10_000 }: BucketsSettings): Buckets => {
  const buckets = new Map<string, Bucket>();

  const filled = (key: string): Bucket => {
    const at = now();
    const known = buckets.get(key);
    if (known === undefined) return { tokens: burst, at };
    const seconds = Math.max(0, at - known.at) / 1000;
    return { tokens: Math.min(burst, known.tokens + seconds * perSecond), at };
  };

  const secondsUntilOne = ({ tokens }: Bucket): number => (tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perSecond));

  return {
    wait: (key) => secondsUntilOne(filled(key)),
    take: (key) => {
      const bucket = filled(key);
      const seconds = secondsUntilOne(bucket);
      // Deleted first, so that it is the newest of the map.
      buckets.delete(key);
      buckets.set(key, seconds === 0 ? { ...bucket, tokens: bucket.tokens - 1 } : bucket);
      const [oldest] = buckets.keys();
      if (buckets.size > most && oldest !== undefined) buckets.delete(oldest);
      return seconds;
    },
  };
};

/** The paces of webhooks, by connection. */
export interface WebhookPace {
  /** Messages with a valid signature. */
  readonly messages: Buckets;
  /**
   * Requests without one. They have a bucket of their own: who knows only the URL of a connection must not use up what its
   * sender may send.
   */
  readonly unsigned: Buckets;
}

/** Messages a second of one connection, in one process. Lambda gives a process one request at a time, so AWS hardly reaches it. */
export const usualPace = 200;
const burstSeconds = 10;
const unsignedPerSecond = 1;
const unsignedBurst = 20;

/** The pace of webhooks: so many messages a second of each connection, and ten seconds' worth of them at once. */
export const createWebhookPace = (now: () => number, perSecond: number = usualPace): WebhookPace => ({
  messages: createBuckets({ perSecond, burst: perSecond * burstSeconds, now }),
  unsigned: createBuckets({ perSecond: unsignedPerSecond, burst: unsignedBurst, now }),
});
