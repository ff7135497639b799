// From where on does something hold in a sorted list? Found by halves, so that a long list costs a few looks.

/** The first index from which on it holds, of a list sorted so that it holds for none and then for all; its length where for none. */
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

/** The first item of a sorted list for which it holds, and so for all after it. */
export const firstWhere = <Item>(sorted: readonly Item[], holds: (item: Item) => boolean): Item | undefined =>
  sorted[turningPoint(sorted, holds)];

/** The last item of a sorted list before it holds. */
export const lastBefore = <Item>(sorted: readonly Item[], holds: (item: Item) => boolean): Item | undefined =>
  sorted[turningPoint(sorted, holds) - 1];
