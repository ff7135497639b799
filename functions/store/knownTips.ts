// Is this where a commit of that stream ends? Tips are known by themselves, so that only a store can make one.
import { emptyTip, type Tip } from './eventStore.ts';

/** A tip that is none of the stream to which it was given: a bug of whoever gave it. */
export class ForeignTip extends Error {
  override readonly name = 'ForeignTip';
}

/** The streams of all tips that were made in this process. A copy of a tip stands for nothing: it may have been changed. */
const streams = new WeakMap<Tip, string>();

/** Makes a tip of a stream known; only what has read or written the commit that ends there may call it. */
export const knownTip = (streamId: string, tip: Tip): Tip => {
  streams.set(tip, streamId);
  return tip;
};

/**
 * Throws `ForeignTip` unless the tip is the empty one, or is known of this stream. It is what keeps a commit in its chain: the
 * condition of the put looks at the next version alone, and would take any hash before it.
 */
export const checkTip = (streamId: string, tip: Tip): void => {
  const known = streams.get(tip);
  if (known === streamId) return;
  if (known !== undefined) throw new ForeignTip(`a tip of ${known} is none of ${streamId}`);
  const { version, hash, recordedAt } = tip;
  if (version === emptyTip.version && hash === emptyTip.hash && recordedAt === emptyTip.recordedAt) return;
  throw new ForeignTip(`version ${version}, hash "${hash}", is no tip of ${streamId} that a store has given`);
};
