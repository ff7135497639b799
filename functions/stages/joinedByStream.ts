// How do calls that record facts of one stream at the same time become one commit?
// `recordFacts.ts` calls it; it calls what it wraps.

/** Work on items of one stream; returns the answers in the items' order. */
type Work<Item, Answer> = (streamId: string, items: readonly Item[]) => Promise<readonly Answer[]>;

interface Call<Item, Answer> {
  readonly items: readonly Item[];
  readonly answer: (answers: readonly Answer[]) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Wraps work: on one stream it runs once at a time. Items that come meanwhile wait, and then are worked on together, in the order
 * in which they came. So no two callers of this process collide, and each of them waits for two runs at the most.
 */
export const joinedByStream = <Item, Answer>(work: Work<Item, Answer>): Work<Item, Answer> => {
  /** The calls that wait, of each stream on which the work runs. */
  const waiting = new Map<string, Call<Item, Answer>[]>();

  const run = async (streamId: string, calls: readonly Call<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await work(
        streamId,
        calls.flatMap(({ items }) => items),
      );
      let from = 0;
      for (const { items, answer } of calls) {
        answer(answers.slice(from, from + items.length));
        from += items.length;
      }
    } catch (error) {
      for (const { fail } of calls) fail(error);
    }
  };

  const runAll = async (streamId: string, first: Call<Item, Answer>): Promise<void> => {
    for (let calls: readonly Call<Item, Answer>[] = [first]; calls.length > 0; calls = waiting.get(streamId) ?? []) {
      waiting.set(streamId, []);
      await run(streamId, calls);
    }
    waiting.delete(streamId);
  };

  return (streamId, items) =>
    new Promise((answer, fail) => {
      const call = { items, answer, fail };
      const line = waiting.get(streamId);
      if (line === undefined) void runAll(streamId, call);
      else line.push(call);
    });
};
