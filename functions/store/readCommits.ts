// Which events do stored commits hold, and does each commit follow the one before it?
import { parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { type Commit, hashOf, issuesText } from './commit.ts';
import { emptyTip, type Loaded, type Tip } from './eventStore.ts';
import { checkTip, knownTip } from './knownTips.ts';

/** A stream that can't be read to its end: a commit is missing, or one is not as it was recorded. */
export class BrokenStream extends Error {
  override readonly name: string = 'BrokenStream';
  /** One sentence about the fault, without the stream's name. */
  readonly fault: string;
  /** What the stream holds before the fault. */
  readonly before: Loaded;

  constructor(streamId: string, fault: string, before: Loaded) {
    super(`${streamId}: ${fault}`);
    this.fault = fault;
    this.before = before;
  }
}

/**
 * The commit is as it was recorded, but this code doesn't know one of its events: a later release has recorded it. Nothing is
 * wrong with the stream; that release can read it.
 */
export class UnknownEvent extends BrokenStream {
  override readonly name = 'UnknownEvent';
}

/** The part of a commit that `load` reads; the item's other attributes only repeat what its events hold. */
export type StoredCommit = Pick<Commit, 'text' | 'hash'>;

/** What the chain needs of a stored event, whatever its type. */
export interface ChainedEvent {
  readonly streamId: string;
  readonly version: number;
  readonly recordedAt: string;
}

type End = Pick<Tip, 'version' | 'hash'>;

const listIn = (text: string): readonly unknown[] | undefined => {
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
};

const isChained = (value: unknown): value is ChainedEvent =>
  typeof value === 'object' &&
  value !== null &&
  'streamId' in value &&
  typeof value.streamId === 'string' &&
  'version' in value &&
  typeof value.version === 'number' &&
  'recordedAt' in value &&
  typeof value.recordedAt === 'string';

/** An event, upcast and parsed; or, as text, why this code does not understand it. */
export const understoodEvent = (stored: ChainedEvent): RecordedEvent | string => {
  const parsed = parseRecorded(stored);
  if (parsed.ok) return parsed.value;
  return `the event of version ${stored.version} is not understood: ${issuesText(parsed.issues)}`;
};

/**
 * The events of the commit that follows an end of the stream, not parsed yet; or, as text, why the commit can't follow there. It
 * needs no type to be known.
 */
export const chainedEvents = (
  streamId: string,
  end: End,
  { text, hash: said }: StoredCommit,
): readonly [ChainedEvent, ...ChainedEvent[]] | string => {
  const next = end.version + 1;
  if (text === '' || said === '') return `the commit of version ${next} lacks its ${text === '' ? 'events' : 'hash'}`;
  const stored = listIn(text);
  const events = (stored ?? []).filter(isChained);
  const [first, ...others] = events;
  // A missing commit also spoils the hash, so it is looked for first.
  if (first !== undefined && first.version !== next) {
    return `a commit begins with version ${first.version}, after version ${end.version}`;
  }
  if (said !== hashOf(end.hash, text)) {
    const unknown = events.map(understoodEvent).find((event) => typeof event === 'string');
    return [`the commit of version ${next} does not match its hash`, ...(unknown === undefined ? [] : [unknown])].join(
      ', and ',
    );
  }
  if (stored === undefined) return `the commit of version ${next} holds no list of events`;
  if (first === undefined || events.length < stored.length) {
    return `the commit of version ${next} holds ${stored.length === 0 ? 'no event' : 'what is no event'}`;
  }
  const misplaced = events.find((event, index) => event.version !== next + index);
  if (misplaced !== undefined) return `the commit of version ${next} counts its events wrongly: ${misplaced.version}`;
  const foreign = events.find((event) => event.streamId !== streamId);
  if (foreign !== undefined) return `the event of version ${foreign.version} belongs to ${foreign.streamId}`;
  return [first, ...others];
};

/** The end of the stream after a commit. */
export const endAfter = (events: readonly [ChainedEvent, ...ChainedEvent[]], hash: string): Tip => {
  const { version, recordedAt } = events.at(-1) ?? events[0];
  return { version, hash, recordedAt };
};

/**
 * Reads the commits that follow a tip of the stream. Throws `ForeignTip` for a tip of another stream. Throws `BrokenStream` where
 * a commit is missing or changed, and `UnknownEvent` where this code does not understand an event.
 */
export const follow = (streamId: string, from: Tip | undefined, commits: readonly StoredCommit[]): Loaded => {
  let tip = from ?? emptyTip;
  checkTip(streamId, tip);
  let bytes = 0;
  const events: RecordedEvent[] = [];
  // A tip that was given is returned as it is, so that callers may pass it on.
  const reached = (): Loaded => ({ events, tip: bytes === 0 ? tip : knownTip(streamId, tip), bytes });
  for (const commit of commits) {
    const chained = chainedEvents(streamId, tip, commit);
    if (typeof chained === 'string') throw new BrokenStream(streamId, chained, reached());
    const understood: RecordedEvent[] = [];
    for (const stored of chained) {
      const event = understoodEvent(stored);
      if (typeof event === 'string') throw new UnknownEvent(streamId, event, reached());
      understood.push(event);
    }
    for (const event of understood) events.push(event);
    tip = endAfter(chained, commit.hash);
    bytes += Buffer.byteLength(commit.text);
  }
  return reached();
};

/** The events of one commit's text; throws where one is not understood. */
export const eventsOf = (streamId: string, text: string): readonly RecordedEvent[] =>
  (listIn(text) ?? []).map((value) => {
    const parsed = parseRecorded(value);
    if (parsed.ok) return parsed.value;
    throw new UnknownEvent(streamId, `an event is not understood: ${issuesText(parsed.issues)}`, {
      ...{ events: [], tip: emptyTip, bytes: 0 },
    });
  });

const eventIdIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'eventId' in value ? value.eventId : undefined;

/** Whether a stored commit is an earlier try of the same append: it holds the same events, whenever they were recorded. */
export const isOwnWrite = (stored: Commit, own: readonly RecordedEvent[]): boolean => {
  if (stored.count !== own.length) return false;
  const events = listIn(stored.text) ?? [];
  return own.every(({ eventId }, index) => eventIdIn(events[index]) === eventId);
};
