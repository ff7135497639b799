// What does an engagement hold, together with those that were merged with it?
// The projector, the queries, record and translate call it; it reads the streams that merges name, through what it is given.
import { type Cuts, standing } from '../../domain/history.ts';
import {
  countingIn,
  eventsOfMerging,
  knowsMerges,
  type Merging,
  mergedInto,
  mergingOf,
  type Streams,
  streamsNamed,
} from '../../domain/merging.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { StreamReads } from './readOnce.ts';

/** What stands of an engagement at some cuts, as far as its streams are known. */
export interface WholeEngagement {
  /** Absent where no merge of the stream was ever said: it is its own engagement then. */
  readonly merged?: { readonly stream: string; readonly merging: Merging };
  /**
   * All its recorded events: of merged engagements those of all their streams. Of an engagement that is merged into another one, only the
   * merges: its facts count there.
   */
  readonly events: readonly RecordedEvent[];
  /** The versions of the other streams that were read. */
  readonly basis: Readonly<Record<string, number>>;
}

/** The id of the engagement into which it is merged; undefined where it is none. */
export const intoOf = ({ merged }: WholeEngagement): string | undefined =>
  merged === undefined ? undefined : mergedInto(merged.stream, merged.merging);

/** Reads every stream that merges name from a stream on. Throws `BrokenStream` where one can't be read to its end. */
export const readMergedStreams = async (
  look: Pick<StreamReads, 'read'>,
  stream: string,
  own: readonly RecordedEvent[],
): Promise<{ readonly streams: Streams; readonly basis: WholeEngagement['basis'] }> => {
  const streams = new Map([[stream, own]]);
  const basis: Record<string, number> = {};
  let ahead = new Set(streamsNamed(own));
  while (ahead.size > 0) {
    const next = new Set<string>();
    for (const [id, { history, tip, broken }] of await look.read(ahead)) {
      if (broken !== undefined) throw broken;
      streams.set(id, history.events);
      basis[id] = tip.version;
      for (const named of streamsNamed(history.events)) next.add(named);
    }
    ahead = new Set([...next].filter((id) => !streams.has(id)));
  }
  return { streams, basis };
};

/** The engagement of a stream, from its own recorded events on. */
export const readWholeEngagement = async (
  look: Pick<StreamReads, 'read'>,
  { stream, own, cuts }: { readonly stream: string; readonly own: readonly RecordedEvent[]; readonly cuts: Cuts },
): Promise<WholeEngagement> => {
  if (!knowsMerges(own)) return { events: own, basis: {} };
  const { streams, basis } = await readMergedStreams(look, stream, own);
  const merging = mergingOf(stream, streams, cuts);
  return { merged: { stream, merging }, events: eventsOfMerging(stream, merging, streams), basis };
};

/** The engagement in which the facts of a stream count: its own, or the one into which it is merged. */
export const survivorOf = async (
  look: Pick<StreamReads, 'read'>,
  asked: { readonly stream: string; readonly own: readonly RecordedEvent[]; readonly cuts: Cuts },
): Promise<WholeEngagement> => {
  const whole = await readWholeEngagement(look, asked);
  if (intoOf(whole) === undefined || whole.merged === undefined) return whole;
  const { survivor } = whole.merged.merging;
  const own = (await look.read([survivor])).get(survivor)?.history.events ?? [];
  return await readWholeEngagement(look, { ...asked, stream: survivor, own });
};

/** The events that stand in it and count at some cuts. */
export const standingInWhole = (whole: WholeEngagement, cuts: Cuts): readonly RecordedEvent[] =>
  countingIn(standing({ events: whole.events }, cuts), whole.merged?.merging);
