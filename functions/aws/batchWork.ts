// How are the items of a batch worked on? Each by itself, or those that belong together in one go; where one fails, the others go on.
import { reasonOf } from './failureLog.ts';
import { inParallel } from './parallel.ts';

/** Why an item is not done. */
export interface NotDone {
  readonly reason: string;
  /** The id under which the reason is kept, where that isn't the item's own. */
  readonly eventId?: string | undefined;
}

/** What became of each item, in the items' order: undefined where it is done. What it throws is the reason of all of them. */
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

/** Work on what belongs together as on one thing: done, or not done for one reason. */
export const asOne =
  <Item>(work: (items: readonly Item[]) => Promise<unknown>): Work<Item> =>
  async (items) => {
    await work(items);
    return items.map(() => undefined);
  };

export interface Grouping<Item> {
  /** Items of one key are worked on together; keys are told apart as those of a map. */
  readonly keyOf: (item: Item) => unknown;
  /** So many groups at once. */
  readonly atOnce: number;
  readonly work: Work<Item>;
}

/** Work by groups, each in the items' order. */
export const byGroup =
  <Item>({ keyOf, atOnce, work }: Grouping<Item>): Work<Item> =>
  async (items) => {
    const answers: (NotDone | undefined)[] = items.map(() => undefined);
    const groups = Map.groupBy(items.entries(), ([, item]) => keyOf(item));
    await inParallel([...groups.values()], atOnce, async (group) => {
      const ofGroup = await attempted(
        group.map(([, item]) => item),
        work,
      );
      for (const [index, [place]] of group.entries()) answers[place] = ofGroup[index];
    });
    return answers;
  };

/** Work on each item by itself, so many at once. */
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
