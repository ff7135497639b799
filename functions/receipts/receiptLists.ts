// Which receipts does a tenant have, the newest first, by status, source, connection and time?
// The read API calls it; it queries the receipts table and its indexes of open and of ended receipts, and never reads a body.
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { addDays } from '../../events/instant.ts';
import type { Item } from '../aws/batchGet.ts';
import { callsAtOnce, inParallel } from '../aws/parallel.ts';
import { queryPages } from '../aws/queryPages.ts';
import { openIdOf, openPartitionOf, openShards, type receiptStatuses } from './receipt.ts';
import { connectionOfKey, receiptIdOf, receivedAtOf } from './receiptId.ts';
import { partitionsOf } from './receiptPartitions.ts';

export type ReceiptStatus = (typeof receiptStatuses)[number];

/** A receipt as a list shows it: never its body. */
export interface ListedReceipt {
  readonly receipt: string;
  readonly status: string;
  /** Why it waits, was ignored or was refused; null where it does not. */
  readonly reason: string | null;
  readonly source: string;
  readonly connection: string;
  readonly receivedAt: string;
}

export interface ReceiptsAsked {
  readonly tenantId: string;
  readonly status?: ReceiptStatus | undefined;
  readonly source?: string | undefined;
  /** The connections whose receipts of all statuses are listed; asked for only where no index has the receipts. */
  readonly connections: () => Promise<readonly string[]>;
  /** Only receipts of these connections; undefined: of all. */
  readonly only?: readonly string[] | undefined;
  /** Received at this instant or later. */
  readonly from: string;
  /** The end: an instant, or the sort key of the last receipt of the page before; what has this key or a later one is left out. */
  readonly before: string;
  readonly limit: number;
}

export interface ReceiptPage {
  readonly items: readonly ListedReceipt[];
  /** Pass it as `before` for the next page; undefined where nothing more may follow. */
  readonly end: string | undefined;
}

interface Found {
  readonly id: string;
  readonly listed: ListedReceipt;
}

/** What one query has found, the newest first, and down to which sort key it has looked; undefined: to the end. */
interface Reached {
  readonly found: readonly Found[];
  readonly downTo: string | undefined;
}

/** The most pages of one query for one answer: a filter that hardly anything passes must not hold the answer up. */
const mostPages = 10;
/** The most days that are looked at at once, and for one answer. */
const daysAtOnce = 10;
const mostDays = 200;

/** Joins what queries have found. Below the highest place that one of them has reached, something may be missing still. */
export const joined = (reached: readonly Reached[], limit: number): { found: readonly Found[]; end?: string } => {
  const floor = reached.map(({ downTo }) => downTo ?? '').reduce((a, b) => (a > b ? a : b), '');
  const sure = reached.flatMap(({ found }) => found.filter(({ id }) => id >= floor));
  sure.sort((a, b) => (a.id < b.id ? 1 : -1));
  const found = sure.slice(0, limit);
  const end = found.length < sure.length ? found.at(-1)?.id : floor === '' ? undefined : floor;
  return { found, ...(end !== undefined && { end }) };
};

const shifted = (day: string, days: number): string => addDays(`${day}T00:00:00.000Z`, days).slice(0, 10);
const dayBefore = (day: string): string => shifted(day, -1);
const dayAfter = (day: string): string => shifted(day, 1);

const textOf = (value: AttributeValue | undefined): string => value?.S ?? '';

/** A receipt of a list, from an item of the table or of an index. */
export const listedIn = ({ partition, id, status, reason, source }: Item): ListedReceipt => {
  const key = { partition: textOf(partition), id: textOf(id) };
  return {
    receipt: receiptIdOf(key),
    status: textOf(status),
    reason: reason?.S ?? null,
    source: textOf(source),
    connection: connectionOfKey(key),
    receivedAt: receivedAtOf(key),
  };
};

const foundIn = (item: Item): Found => ({ id: textOf(item.id), listed: listedIn(item) });

/** A partition of the table or of an index, and the bounds of its sort key. */
interface Place {
  readonly index?: 'open' | 'ended';
  readonly partition: string;
  readonly sortKey: string;
  readonly from: string;
  readonly before: string;
}

export const createReceiptLists = ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }) => {
  const inPlace = async (
    asked: ReceiptsAsked,
    { index, partition, sortKey, from, before }: Place,
  ): Promise<Reached> => {
    // DynamoDB refuses bounds in the wrong order.
    if (before < from) return { found: [], downTo: undefined };
    const query = {
      TableName: table,
      ...(index !== undefined && { IndexName: index }),
      KeyConditionExpression: '#place = :place AND #sort BETWEEN :from AND :before',
      ProjectionExpression: '#partition, id, #status, reason, #source',
      ExpressionAttributeNames: {
        ...{ '#place': index ?? 'partition', '#sort': sortKey, '#partition': 'partition' },
        ...{ '#status': 'status', '#source': 'source' },
      },
      ExpressionAttributeValues: { ':place': { S: partition }, ':from': { S: from }, ':before': { S: before } },
      ScanIndexForward: false,
    };
    const fits = ({ id, listed }: Found): boolean =>
      id < asked.before &&
      (asked.status === undefined || listed.status === asked.status) &&
      (asked.source === undefined || listed.source === asked.source) &&
      (asked.only === undefined || asked.only.includes(listed.connection));
    const found: Found[] = [];
    let pages = 0;
    // One more than asked for, because the end of the page before is read again.
    for await (const { items, next } of queryPages({ client, query, limitOf: () => asked.limit + 1 })) {
      found.push(...items.map(foundIn).filter(fits));
      pages += 1;
      if (next !== undefined && (found.length >= asked.limit || pages === mostPages)) {
        return { found, downTo: textOf(next.id) };
      }
    }
    return { found, downTo: undefined };
  };

  const open = async (asked: ReceiptsAsked): Promise<readonly Reached[]> =>
    await Promise.all(
      openShards.map((shard) =>
        inPlace(asked, {
          ...{ index: 'open', partition: openPartitionOf(asked.tenantId, shard), sortKey: 'openId' },
          from: openIdOf(asked.tenantId, asked.from),
          before: openIdOf(asked.tenantId, asked.before),
        }),
      ),
    );

  /** The days from the newest on, until enough is found. */
  const ended = async (asked: ReceiptsAsked): Promise<readonly Reached[]> => {
    const reached: Reached[] = [];
    const first = asked.from.slice(0, 10);
    let day = asked.before.slice(0, 10);
    for (let days = 0; day >= first; days += daysAtOnce) {
      const found = reached.reduce((sum, each) => sum + each.found.length, 0);
      if (found > asked.limit || days >= mostDays || reached.some(({ downTo }) => downTo !== undefined)) {
        // Everything of this day and of those before is still to be read.
        return [...reached, { found: [], downTo: dayAfter(day) }];
      }
      const some: string[] = [];
      for (; some.length < daysAtOnce && day >= first; day = dayBefore(day)) some.push(day);
      const bounds = { sortKey: 'id', from: asked.from, before: asked.before };
      reached.push(
        ...(await Promise.all(
          some.map((each) => inPlace(asked, { index: 'ended', partition: `${asked.tenantId}#${each}`, ...bounds })),
        )),
      );
    }
    return reached;
  };

  const ofConnections = async (asked: ReceiptsAsked): Promise<readonly Reached[]> =>
    await inParallel(
      (await asked.connections()).flatMap((connection) => partitionsOf(asked.tenantId, connection)),
      callsAtOnce,
      (partition) => inPlace(asked, { partition, sortKey: 'id', from: asked.from, before: asked.before }),
    );

  return async (asked: ReceiptsAsked): Promise<ReceiptPage> => {
    const { status } = asked;
    const isOpen = status === 'pending' || status === 'waiting';
    const reached = await (isOpen
      ? open(asked)
      : status === 'ignored' || status === 'refused' || status === 'expired'
        ? ended(asked)
        : ofConnections(asked));
    const { found, end } = joined(reached, asked.limit);
    return { items: found.map(({ listed }) => listed), end };
  };
};

export type ReceiptLists = ReturnType<typeof createReceiptLists>;
