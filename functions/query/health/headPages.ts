// Which heads does a tenant have, page by page, and which have these streams?
// Health calls it; it queries the three tables that hold heads, and reads heads by their keys.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { engagementHead } from '../../../domain/rows/catalog.ts';
import { referenceHeads, rollupHeads } from '../../../domain/rows/ownTables.ts';
import { builtOnce } from '../../../events/builtOnce.ts';
import { batchGet, batchKeys, type Item } from '../../aws/batchGet.ts';
import { inParallel } from '../../aws/parallel.ts';
import { queryPages } from '../../aws/queryPages.ts';
import { headOfStream } from '../../project/headPlace.ts';
import { headAttributes, StoredHead } from '../../project/headState.ts';

const Listed = builtOnce(() =>
  z.intersection(z.object({ rowKey: z.string(), nextDueAt: z.string().optional() }), StoredHead()),
);

/** The tables that hold heads, in the order in which they are read. */
export const headTables = [engagementHead, referenceHeads.name, rollupHeads.name] as const;
export type HeadTable = (typeof headTables)[number];

/** A head, and the table that holds it. */
export type ListedHead = Readonly<z.infer<ReturnType<typeof Listed>>> & { readonly table: HeadTable };

export interface HeadPage {
  readonly heads: readonly ListedHead[];
  /** The place after which the next page begins; undefined on the last page. */
  readonly end: string | undefined;
}

export interface HeadPagesSettings {
  readonly client: DynamoDBClient;
  readonly tableOf: (table: string) => string;
}

const attributes = ['rowKey', 'nextDueAt', ...headAttributes];
const only = {
  ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
};

const listedIn = (table: HeadTable, item: Item): ListedHead => ({ ...Listed().parse(unmarshall(item)), table });
const between = '|';

const placeOf = (after: string | undefined): { readonly table: HeadTable; readonly rowKey: string | undefined } => {
  const [name = '', ...rowKey] = (after ?? '').split(between);
  const table = headTables.find((each) => each === name) ?? headTables[0];
  return { table, rowKey: rowKey.join(between) || undefined };
};

/** Reads pages of at most `limit` heads. */
export const createHeadPages = ({ client, tableOf }: HeadPagesSettings) => {
  const inTable = async (table: HeadTable, tenantId: string, after: string | undefined, limit: number) => {
    const query = {
      TableName: tableOf(table),
      KeyConditionExpression: 'tenantId = :tenant',
      ExpressionAttributeValues: { ':tenant': { S: tenantId } },
      ...only,
      ...(after !== undefined && { ExclusiveStartKey: { tenantId: { S: tenantId }, rowKey: { S: after } } }),
    };
    const heads: ListedHead[] = [];
    for await (const { items, next } of queryPages({ client, query, limitOf: () => limit - heads.length })) {
      heads.push(...items.map((item) => listedIn(table, item)));
      if (heads.length >= limit) return { heads, end: next?.rowKey?.S };
    }
    return { heads, end: undefined };
  };

  return async (tenantId: string, after: string | undefined, limit: number): Promise<HeadPage> => {
    const heads: ListedHead[] = [];
    const from = placeOf(after);
    for (const table of headTables.slice(headTables.indexOf(from.table))) {
      // The page is full, so the next page begins with this table.
      if (heads.length >= limit) return { heads, end: `${table}${between}` };
      const begin = table === from.table ? from.rowKey : undefined;
      const page = await inTable(table, tenantId, begin, limit - heads.length);
      heads.push(...page.heads);
      if (page.end !== undefined) return { heads, end: `${table}${between}${page.end}` };
    }
    return { heads, end: undefined };
  };
};

const atOnce = 8;

/** Reads the heads of streams of one tenant; a stream without a head is left out. */
export const createHeadsOf =
  ({ client, tableOf, random }: HeadPagesSettings & { readonly random: () => number }) =>
  async (streams: readonly string[]): Promise<readonly ListedHead[]> => {
    const places = streams.flatMap((stream) => headOfStream(stream) ?? []);
    const calls = headTables.flatMap((table) => {
      const own = places.filter((place) => place.table === table);
      const count = Math.ceil(own.length / batchKeys);
      return Array.from({ length: count }, (_, call) => ({
        table,
        keys: own
          .slice(call * batchKeys, (call + 1) * batchKeys)
          .map(({ tenantId, rowKey }) => ({ tenantId: { S: tenantId }, rowKey: { S: rowKey } })),
      }));
    });
    const found = await inParallel(calls, atOnce, async ({ table, keys }) =>
      (await batchGet({ client, table: tableOf(table), random, only, keys })).map((item) => listedIn(table, item)),
    );
    return found.flat();
  };
