// What must an event store promise?
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import type { StreamKind } from '../../events/identifiers.ts';

/**
 * Where a stream ends: the version of its last event, the hash of its last commit, and when that commit was recorded. Only a
 * store makes a tip, always at the end of a commit. Callers pass back the same object; a store refuses a copy.
 */
export interface Tip {
  readonly version: number;
  readonly hash: string;
  readonly recordedAt: string;
}

/** The tip of an empty stream. */
export const emptyTip: Tip = { version: 0, hash: '', recordedAt: '' };

export interface Loaded {
  readonly events: readonly RecordedEvent[];
  readonly tip: Tip;
  /** The bytes of the text of their commits. */
  readonly bytes: number;
}

export type Appended =
  | ({ readonly outcome: 'appended' } & Loaded)
  /** `next` is the commit that came after the tip, read consistently. More commits may follow it. */
  | { readonly outcome: 'conflict'; readonly next: Loaded };

export interface StreamPage {
  readonly streams: readonly string[];
  /** Pass it back for the next page; absent after the last page. */
  readonly cursor?: string;
}

/** A store of streams. It promises order and atomicity inside one stream, and nothing between streams. */
export interface EventStore {
  /**
   * The stream's events in order, read consistently and parsed; with `from`, only the events after that tip. Throws
   * `BrokenStream` where a commit is missing, the chain of hashes is broken or an event can't be understood. Throws
   * `ForeignTip` for the tip of another stream (a bug of the caller).
   */
  load(streamId: string, from?: Tip): Promise<Loaded>;

  /**
   * The same for many streams, each from its tip, in few calls. A stream without a newer event has none in the answer. A stream
   * that can't be read to its end is left out; `load` says why.
   */
  loadMany(tips: ReadonlyMap<string, Tip>): Promise<ReadonlyMap<string, Loaded>>;

  /**
   * Appends the facts as one commit after `tip`, all or nothing. Their `recordedAt` is `now` (an instant), but never before
   * the tip's. Returns `conflict` where another commit came after `tip`. Where that commit is an earlier try of the same append
   * (its events have the same ids), it returns `appended`. Throws `EventTooLarge` and `CommitTooLarge`, and `BrokenStream` where the
   * other commit does not follow the tip. Throws for bugs of the caller, which would make the stream unreadable: `ForeignTip`, `MisplacedEvent` (of another stream, or with another version),
   * `UnreadableEvent` (`load` would refuse it), and an Error for an empty list.
   */
  append(streamId: string, tip: Tip, facts: readonly Fact[], now: string): Promise<Appended>;

  /** The streams of a kind in one of the 16 shards (0 to 15), in pages; eventually consistent. */
  streams(kind: StreamKind, shard: number, cursor?: string): Promise<StreamPage>;
}
