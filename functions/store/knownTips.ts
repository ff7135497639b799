// Is this tip the end of a commit of that stream, as a store has returned it?
import { emptyTip, type Tip } from './eventStore.ts';

/** A bug of the caller: the tip does not belong to the stream. */
export class ForeignTip extends Error {
  override readonly name = 'ForeignTip';
}

/** The stream of every tip that this process has made. A copy of a tip is not in it, because a copy may have been changed. */
const streams = new WeakMap<Tip, string>();

/** Registers a tip of a stream. Only code that has read or written the commit that ends there may call it. */
export const knownTip = (streamId: string, tip: Tip): Tip => {
  streams.set(tip, streamId);
  return tip;
};

/**
 * Throws `ForeignTip` unless the tip is empty or registered for this stream. This check keeps the chain of hashes whole: the
 * condition of the put checks only the next version, and would accept any previous hash.
 */
export const checkTip = (streamId: string, tip: Tip): void => {
  const known = streams.get(tip);
  if (known === streamId) return;
  if (known !== undefined) throw new ForeignTip(`a tip of ${known} was given for ${streamId}`);
  const { version, hash, recordedAt } = tip;
  if (version === emptyTip.version && hash === emptyTip.hash && recordedAt === emptyTip.recordedAt) return;
  throw new ForeignTip(`no store has returned this tip of ${streamId}: version ${version}, hash "${hash}"`);
};
