// How are the newer events of many streams read in few calls?
// The event stores call it; it reads through what they give it.
import { inParallel } from '../aws/parallel.ts';
import { type EventStore, emptyTip, type Loaded, type Tip } from './eventStore.ts';
import { BrokenStream, follow, type StoredCommit } from './readCommits.ts';

/** A commit, by its stream and the version of its first event. */
export interface CommitKey {
  readonly stream: string;
  readonly version: number;
}

/** Returns those of the commits that exist, by their streams, read consistently; at most one commit of each stream is asked for. */
export type NextCommits = (commits: readonly CommitKey[]) => Promise<ReadonlyMap<string, StoredCommit>>;

/** So often the next commits are asked for together; what follows then, each stream reads alone. */
const mostRounds = 4;
const readsAtOnce = 8;

const together = (before: Loaded, after: Loaded): Loaded => ({
  events: [...before.events, ...after.events],
  tip: after.tip,
  bytes: before.bytes + after.bytes,
});

/** Reads each stream alone. */
export const loadEach = async (
  load: EventStore['load'],
  tips: ReadonlyMap<string, Tip>,
): Promise<ReadonlyMap<string, Loaded>> => {
  const loaded = new Map<string, Loaded>();
  await inParallel([...tips], readsAtOnce, async ([stream, tip]) => {
    try {
      loaded.set(stream, await load(stream, tip));
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error;
    }
  });
  return loaded;
};

/**
 * Asks for the commit that would follow each tip, one call for all streams, and again for the streams that have grown. A stream is
 * read alone where it is the only one, where it was not known before and is not empty (it may be long), or where it has grown by many
 * commits.
 */
export const createLoadMany =
  (load: EventStore['load'], nextCommits: NextCommits): EventStore['loadMany'] =>
  async (tips) => {
    const loaded = new Map([...tips].map(([stream, tip]): [string, Loaded] => [stream, { events: [], tip, bytes: 0 }]));
    let open: readonly string[] = [...tips.keys()];
    const alone = new Set<string>();
    for (let round = 0; open.length > 1 && round < mostRounds; round += 1) {
      const found = await nextCommits(
        open.map((stream) => ({ stream, version: (loaded.get(stream)?.tip.version ?? 0) + 1 })),
      );
      const grown: string[] = [];
      for (const [stream, commit] of found) {
        const before = loaded.get(stream);
        if (before === undefined) continue;
        try {
          loaded.set(stream, together(before, follow(stream, before.tip, [commit])));
          if (before.tip.version === emptyTip.version) alone.add(stream);
          else grown.push(stream);
        } catch (error) {
          if (!(error instanceof BrokenStream)) throw error;
          loaded.delete(stream);
        }
      }
      open = grown;
    }
    const rest = [...alone, ...open].flatMap((stream) => {
      const before = loaded.get(stream);
      return before === undefined ? [] : [[stream, before] as const];
    });
    const after = await loadEach(load, new Map(rest.map(([stream, { tip }]) => [stream, tip])));
    for (const [stream, before] of rest) {
      const read = after.get(stream);
      if (read === undefined) loaded.delete(stream);
      else loaded.set(stream, together(before, read));
    }
    return loaded;
  };
