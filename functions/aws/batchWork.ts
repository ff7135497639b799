// How is the work of a batch divided, so that the others go on where one item fails?
import { reasonOf } from './failureLog.ts';
import { inFairParallel, inParallel } from './parallel.ts';

/** Why an item is not done. */
export interface NotDone {
  readonly reason: string;
  /** The id under which the reason is stored; absent: the item's own id. */
  readonly eventId?: string | undefined;
}

/** Returns what became of each item, in the items' order; undefined where the item is done. If it throws, that error is the reason for all items. */
export type Work<Item> = (items: readonly Item[]) => Promise<readonly (NotDone | undefined)[]>;

/** Does the work; never rejects. */
export const attempted = async <Item>(
  items: readonly Item[],
  work: Work<Item>,
): Promise<readonly (NotDone | undefined)[]> => {
  try {
    return await work(items);
  } catch (error) {
    return items.map(() => ({ reason: reasonOf(error) }));
  }
};

/** Work that succeeds or fails for all its items together. */
export const asOne =
  <Item>(work: (items: readonly Item[]) => Promise<unknown>): Work<Item> =>
  async (items) => {
    await work(items);
    return items.map(() => undefined);
  };

export interface Grouping<Item> {
  /** Items with the same key are one group; keys are compared as a `Map` compares them. */
  readonly keyOf: (item: Item) => unknown;
  /** How many groups are worked on at once. */
  readonly atOnce: number;
  /** Whose work an item is: of several tenants' groups each tenant gets its share of what runs at once. Absent: all are one. */
  readonly tenantOf?: (item: Item) => string;
  readonly work: Work<Item>;
}

/** Work group by group; a group keeps the items' order. */
export const byGroup =
  <Item>({ keyOf, atOnce, tenantOf = () => '', work }: Grouping<Item>): Work<Item> =>
  async (items) => {
    const answers: (NotDone | undefined)[] = items.map(() => undefined);
    const groups = Map.groupBy(items.entries(), ([, item]) => keyOf(item));
    const laneOf = ([first]: readonly (readonly [number, Item])[]): string =>
      first === undefined ? '' : tenantOf(first[1]);
    await inFairParallel([...groups.values()], { width: atOnce, laneOf }, async (group) => {
      const ofGroup = await attempted(
        group.map(([, item]) => item),
        work,
      );
      for (const [index, [place]] of group.entries()) answers[place] = ofGroup[index];
    });
    return answers;
  };

/** Work on each item alone, at most `atOnce` at a time. */
export const oneByOne =
  <Item>(atOnce: number, work: (item: Item) => Promise<unknown>): Work<Item> =>
  (items) =>
    inParallel(items, atOnce, async (item) => {
      const [notDone] = await attempted(
        [item],
        asOne(() => work(item)),
      );
      return notDone;
    });
