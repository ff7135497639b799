// How do many small calls run at once without overloading a service?

/** So many calls of one piece of work, whose size its data decides, run at once. */
export const callsAtOnce = 32;

/** Items one by one. After an error no further one is taken, because a `for` loop that throws closes a generator, and no array's entries. */
function* inTurn<Item>(items: readonly Item[]): Generator<readonly [number, Item], void, undefined> {
  yield* items.entries();
}

/**
 * Does the work for each item, at most `width` at a time; returns the results in the items' order. Rejects with the first error,
 * and then begins nothing more.
 */
export const inParallel = async <Item, Answer>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  const queue = inTurn(items);
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) answers[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return answers;
};

export interface Fairly<Item> {
  /** Whose work an item is. */
  readonly laneOf: (item: Item) => unknown;
  /** How much runs at once. */
  readonly width: number;
}

/**
 * Does the work for each item, at most `width` at a time, and shares these places: a place that becomes free goes to the lane that
 * has the fewest. So a lane whose work is slow keeps its share, and the others go on. In a lane, work begins in the items' order.
 * Returns the results in the items' order; rejects with the first error, and then begins nothing more.
 */
export const inFairParallel = async <Item, Answer>(
  items: readonly Item[],
  { laneOf, width }: Fairly<Item>,
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  const lanes = [...Map.groupBy(items.entries(), ([, item]) => laneOf(item)).values()].map((waiting) => ({
    waiting,
    left: waiting.length,
    running: 0,
  }));
  const next = () => lanes.filter(({ left }) => left > 0).sort((a, b) => a.running - b.running)[0];
  const ended = new AbortController();
  const worker = async (): Promise<void> => {
    for (let lane = next(); lane !== undefined && !ended.signal.aborted; lane = next()) {
      lane.left -= 1;
      lane.running += 1;
      const [index, item] = lane.waiting[lane.waiting.length - lane.left - 1] ?? [];
      if (index !== undefined && item !== undefined) answers[index] = await work(item);
      lane.running -= 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  } finally {
    ended.abort();
  }
  return answers;
};
