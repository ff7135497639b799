// Where are the pages and roots of days stored, so that they are never changed?
// Seal calls it, and the commands that verify streams read its items; it reads and writes the roots table.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { BegunDay, DayRoot, SealedPage } from './sealedDay.ts';

/** The partition of the roots, by day. The pages of a day are in a partition that has the day's name. */
export const rootsPartition = 'roots';

/** The partition that says which day was begun after each root, so that only one day can follow a root. */
export const begunPartition = 'begun';

export interface Roots {
  /** The root of the last sealed day. */
  last(): Promise<DayRoot | undefined>;
  /** The last stored page of a day. */
  lastPage(day: string): Promise<SealedPage | undefined>;
  /** Begins a day after the root before it. Returns the day that was begun there first, which may be another one. */
  begin(day: BegunDay): Promise<BegunDay>;
  /** Puts a page. Returns the page that was put there first, which may be another one. */
  putPage(page: SealedPage): Promise<SealedPage>;
  /** Puts a root. Returns the root that was put there first, which may be another one. */
  putRoot(root: DayRoot): Promise<DayRoot>;
}

export interface DailyRootsSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
}

type Item = Record<string, AttributeValue>;

const sixDigits = (page: number): string => String(page).padStart(6, '0');

const itemOfPage = ({ day, page, next, ...rest }: SealedPage): Item => ({
  ...marshall({ ...rest, ...(next !== undefined && { next: JSON.stringify(next) }) }),
  part: { S: day },
  id: { S: sixDigits(page) },
});

/** A day's page, from its item. */
export const pageOfItem = (item: Item): SealedPage => {
  const { part, id, next, ...rest } = unmarshall(item);
  return SealedPage.parse({
    ...rest,
    day: part,
    page: Number(id),
    ...(typeof next === 'string' && { next: JSON.parse(next) }),
  });
};

/** The first day follows no root, and a key can't be empty. */
const itemOfBegun = (begun: BegunDay): Item => ({
  ...marshall(begun),
  part: { S: begunPartition },
  id: { S: begun.previous === '' ? 'first' : begun.previous },
});

const itemOfRoot = ({ day, ...rest }: DayRoot): Item => ({
  ...marshall(rest),
  part: { S: rootsPartition },
  id: { S: day },
});

/** A day's root, from its item. */
export const rootOfItem = (item: Item): DayRoot => {
  const { part: _part, id, ...rest } = unmarshall(item);
  return DayRoot.parse({ ...rest, day: id });
};

export const createDailyRoots = ({ client, table }: DailyRootsSettings): Roots => {
  const newest = async (part: string): Promise<Item | undefined> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'part = :part',
        ExpressionAttributeValues: { ':part': { S: part } },
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    return Items[0];
  };

  /** Returns the item that already has this key; undefined where the put has succeeded. */
  const put = async (item: Item): Promise<Item | undefined> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: item,
          ConditionExpression: 'attribute_not_exists(part)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException && error.Item !== undefined) return error.Item;
      throw error;
    }
  };

  return {
    last: async () => {
      const item = await newest(rootsPartition);
      return item === undefined ? undefined : rootOfItem(item);
    },
    lastPage: async (day) => {
      const item = await newest(day);
      return item === undefined ? undefined : pageOfItem(item);
    },
    begin: async (day) => {
      const stood = await put(itemOfBegun(day));
      return stood === undefined ? day : BegunDay.parse(unmarshall(stood));
    },
    putPage: async (page) => {
      const stood = await put(itemOfPage(page));
      return stood === undefined ? page : pageOfItem(stood);
    },
    putRoot: async (root) => {
      const stood = await put(itemOfRoot(root));
      return stood === undefined ? root : rootOfItem(stood);
    },
  };
};
