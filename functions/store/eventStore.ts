// What must a store of events promise? Order and atomicity inside one stream, and nothing between streams.
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import type { StreamKind } from '../../events/identifiers.ts';

/**
 * Where a stream ends: the version of its last event, the hash of its last commit, and when that was recorded. Only a store
 * makes one; a tip is always a commit's end, and is given back as it was given, no copy of it.
 */
export interface Tip {
  readonly version: number;
  readonly hash: string;
  readonly recordedAt: string;
}

/** The tip of a stream that holds nothing. */
export const emptyTip: Tip = { version: 0, hash: '', recordedAt: '' };

export interface Loaded {
  readonly events: readonly RecordedEvent[];
  readonly tip: Tip;
  /** How many bytes the text of their commits has. */
  readonly bytes: number;
}

export type Appended = ({ readonly outcome: 'appended' } & Loaded) | { readonly outcome: 'conflict' };

export interface StreamPage {
  readonly streams: readonly string[];
  /** Given back for the next page; absent after the last one. */
  readonly cursor?: string;
}

export interface EventStore {
  /**
   * The stream's events in order, read consistently and parsed; with `from`, only what came after that tip. Throws
   * `BrokenStream` where a commit is missing, the chain of hashes is broken or an event can't be understood, and `ForeignTip`
   * for the tip of another stream (a bug of the caller).
   */
  load(streamId: string, from?: Tip): Promise<Loaded>;

  /**
   * Appends the facts as one commit after `tip`, all or nothing. Their `recordedAt` is `now` (an instant), but never before
   * the tip's. `conflict` where something else came after `tip`; an own write that is met again, known by its events' ids,
   * counts as appended. Throws `EventTooLarge` and `CommitTooLarge`; and for bugs of the caller, after which the stream could no
   * longer be read: `ForeignTip`, `MisplacedEvent` (of another stream, or of another place in it), `UnreadableEvent` (what
   * `load` would refuse), and an Error for an empty list.
   */
  append(streamId: string, tip: Tip, facts: readonly Fact[], now: string): Promise<Appended>;

  /** The streams of a kind in one of the 16 shards (0 to 15), in pages; eventually consistent. */
  streams(kind: StreamKind, shard: number, cursor?: string): Promise<StreamPage>;
}
