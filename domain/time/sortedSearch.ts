// From which item on does a condition hold in a sorted list?

/**
 * The first index at which `holds` is true; the length of the list if there is none. The list must be sorted so that
 * `holds` is true for all items after the first. It is a binary search, so that a long list is searched fast.
 */
export const turningPoint = <Item>(sorted: readonly Item[], holds: (item: Item) => boolean): number => {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && holds(item)) to = middle;
    else from = middle + 1;
  }
  return from;
};

/** The first item of a sorted list for which `holds` is true, as it is for all items after it. */
export const firstWhere = <Item>(sorted: readonly Item[], holds: (item: Item) => boolean): Item | undefined =>
  sorted[turningPoint(sorted, holds)];

/** The last item of a sorted list for which `holds` is not true yet. */
export const lastBefore = <Item>(sorted: readonly Item[], holds: (item: Item) => boolean): Item | undefined =>
  sorted[turningPoint(sorted, holds) - 1];
