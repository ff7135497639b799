// What does one append write, and how is it chained to the commit before?
import { hash } from 'node:crypto';
import { type Fact, type Issue, parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId, type StreamKind } from '../../events/identifiers.ts';
import type { Tip } from './eventStore.ts';
import { checkTip, knownTip } from './knownTips.ts';

export const eventBytesLimit = 200 * 1024;
export const commitBytesLimit = 300 * 1024;
export const shardCount = 16;

/** The most bytes that recording adds to a fact's text: a version and an instant. */
const recordingBytes = 64;

/** A commit as it is stored: one item, keyed by its stream and by the version of its first event. */
export interface Commit {
  readonly stream: string;
  readonly version: number;
  readonly count: number;
  /** The exact JSON text of the array of events; the hash is computed from it. */
  readonly text: string;
  readonly prevHash: string;
  readonly hash: string;
  readonly recordedAt: string;
  /** Only on a stream's first commit: it lists the stream in the shard index. */
  readonly shard?: string;
}

export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

export class CommitTooLarge extends Error {
  override readonly name = 'CommitTooLarge';
}

/** A bug of the caller: an event belongs to another stream, or already has another version. */
export class MisplacedEvent extends Error {
  override readonly name = 'MisplacedEvent';
}

/** A bug of the caller: `load` would refuse the event, so that its stream could never be read again. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** SHA-256 of the previous commit's hash and of the exact text, in hex. */
export const hashOf = (prevHash: string, text: string): string => hash('sha256', prevHash + text, 'hex');

/** The most bytes that a fact takes in a commit. */
export const bytesOf = (fact: Fact): number => Buffer.byteLength(JSON.stringify(fact)) + recordingBytes;

/** The partition of the shard index in which a kind's streams of one shard are listed. */
export const shardKeyOf = (kind: StreamKind, shard: number): string => `${kind}#${String(shard).padStart(2, '0')}`;

/** The partition of the shard index in which a stream is listed. */
export const shardOf = (streamId: string): string => {
  const shard = Number.parseInt(hash('sha256', streamId, 'hex').slice(0, 2), 16) % shardCount;
  return shardKeyOf(parseStreamId(streamId).kind, shard);
};

export interface CommitDraft {
  readonly streamId: string;
  readonly tip: Tip;
  readonly facts: readonly Fact[];
  readonly now: string;
}

/** Throws where a fact belongs to another stream, or was already recorded with another version. */
const checkPlace = (streamId: string, fact: Fact, version: number): void => {
  if (fact.streamId !== streamId) {
    throw new MisplacedEvent(`event ${fact.eventId} belongs to ${fact.streamId}, not to ${streamId}`);
  }
  if ('version' in fact && fact.version !== version) {
    throw new MisplacedEvent(
      `event ${fact.eventId} of ${streamId} has version ${fact.version}, but the next version is ${version}`,
    );
  }
};

/** Throws where `load` would refuse the event. It parses the event, not its text: JSON keeps everything that the schemas accept. */
const checkReadable = (event: RecordedEvent): void => {
  const parsed = parseRecorded(event);
  if (parsed.ok) return;
  throw new UnreadableEvent(
    `event ${event.eventId} of ${event.streamId} could not be read again: ${issuesText(parsed.issues)}`,
  );
};

/** Issues as one line of text. */
export const issuesText = (issues: readonly Issue[]): string =>
  issues.map(({ path, message }) => `${path}: ${message}`).join('; ');

/**
 * The commit that appends the facts after the tip, and its events. Throws `EventTooLarge` or `CommitTooLarge`. Where the stream
 * could not be read afterwards, it throws `ForeignTip`, `MisplacedEvent` or `UnreadableEvent`.
 */
export const commitOf = ({ streamId, tip, facts, now }: CommitDraft): { commit: Commit; events: RecordedEvent[] } => {
  if (facts.length === 0) throw new Error(`an append to ${streamId} needs at least one fact`);
  checkTip(streamId, tip);
  const recordedAt = now > tip.recordedAt ? now : tip.recordedAt;
  const events = facts.map((fact, index): RecordedEvent => {
    const version = tip.version + 1 + index;
    checkPlace(streamId, fact, version);
    return { ...fact, version, recordedAt };
  });
  const texts = events.map((event) => JSON.stringify(event));
  for (const [index, text] of texts.entries()) {
    const bytes = Buffer.byteLength(text);
    if (bytes > eventBytesLimit) {
      throw new EventTooLarge(`event ${events[index]?.eventId} has ${bytes} bytes; ${eventBytesLimit} are allowed`);
    }
  }
  for (const event of events) checkReadable(event);
  const text = `[${texts.join(',')}]`;
  const bytes = Buffer.byteLength(text);
  if (bytes > commitBytesLimit) {
    throw new CommitTooLarge(`a commit to ${streamId} has ${bytes} bytes; ${commitBytesLimit} are allowed`);
  }
  const commit: Commit = {
    stream: streamId,
    version: tip.version + 1,
    count: events.length,
    text,
    prevHash: tip.hash,
    hash: hashOf(tip.hash, text),
    recordedAt,
    ...(tip.version === 0 && { shard: shardOf(streamId) }),
  };
  return { commit, events };
};

/** The tip after a commit. */
export const tipOf = ({ stream, version, count, hash, recordedAt }: Omit<Commit, 'text' | 'prevHash'>): Tip =>
  knownTip(stream, { version: version + count - 1, hash, recordedAt });
