// How do the transactions of the same moment share one call?
// The projection store calls it; it writes heads and rows.
import { type DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';

/** Writes items, all or none. */
export type Transact = (items: readonly TransactWriteItem[]) => Promise<void>;

/** The most items of one transaction. */
export const transactionItems = 100;

interface Asked {
  readonly items: readonly TransactWriteItem[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Fills transactions in the order of asking. What is larger than a transaction stands alone, for DynamoDB to refuse. */
const packed = (asked: readonly Asked[]): readonly (readonly Asked[])[] => {
  const packs: Asked[][] = [];
  let room = 0;
  for (const each of asked) {
    const last = packs.at(-1);
    if (last === undefined || each.items.length > room) {
      packs.push([each]);
      room = transactionItems - each.items.length;
    } else {
      last.push(each);
      room -= each.items.length;
    }
  }
  return packs;
};

/**
 * Creates a `Transact` whose callers of the same moment share transactions: fewer calls, and the same price. Where a shared
 * transaction fails, each caller's items are written alone, so that nobody fails by another's condition.
 */
export const createJointWrites = (client: DynamoDBClient): Transact => {
  let gathered: Asked[] = [];

  const alone = async ({ items, done, failed }: Asked): Promise<void> => {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
      done();
    } catch (error) {
      failed(error);
    }
  };

  const together = async (pack: readonly Asked[]): Promise<void> => {
    try {
      const TransactItems = pack.flatMap(({ items }) => items);
      await client.send(new TransactWriteItemsCommand({ TransactItems }));
      for (const { done } of pack) done();
    } catch {
      for (const each of pack) void alone(each);
    }
  };

  const write = (): void => {
    const asked = gathered;
    gathered = [];
    for (const pack of packed(asked)) {
      const [first, ...others] = pack;
      if (first !== undefined) void (others.length === 0 ? alone(first) : together(pack));
    }
  };

  return (items) =>
    new Promise((done, failed) => {
      if (gathered.length === 0) setImmediate(write);
      gathered.push({ items, done, failed });
    });
};
