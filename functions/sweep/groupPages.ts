// Which groups have a head that is behind, page by page through all groups?
// The tick of group pages calls it; it queries the shard index of groups' heads, and reads the heads.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { GroupName } from '../../domain/rollups/contributionRows.ts';
import { rollupHeads } from '../../domain/rows/ownTables.ts';
import { shardCount, shards } from '../../domain/rows/row.ts';
import { inParallel } from '../aws/parallel.ts';
import { queryPages } from '../aws/queryPages.ts';
import { groupOfHead, type HeadPlace } from '../project/headPlace.ts';
import type { HeadReader } from '../project/headReader.ts';
import type { Writer } from '../project/writeDifference.ts';

/** A page of the groups: those of one shard, after a key. */
export const GroupPage = z.object({
  shard: z
    .int()
    .min(0)
    .max(shardCount - 1),
  /** The last head of the page before, by the keys of its table and its index. */
  after: z.object({ tenantId: z.string(), rowKey: z.string() }).optional(),
  tenantId: z.string().optional(),
  all: z.boolean().optional(),
});
export type GroupPage = Readonly<z.infer<typeof GroupPage>>;

export interface OwnedGroup extends GroupName {
  readonly tenantId: string;
}

export interface TurnedGroupPage {
  readonly groups: readonly OwnedGroup[];
  readonly next?: GroupPage;
}

export interface GroupPagesSettings extends Writer {
  readonly client: DynamoDBClient;
  readonly tableOf: (table: string) => string;
  readonly heads: Pick<HeadReader, 'at'>;
  /** The most heads of a page. */
  readonly pageSize: number;
}

/** Reads a page; returns the groups on it that are behind, and the next page. */
export type TurnGroupPage = (page: GroupPage) => Promise<TurnedGroupPage>;

const readsAtOnce = 16;

export const createGroupPages = (settings: GroupPagesSettings): TurnGroupPage => {
  const { client, tableOf, heads, release, computedBy, pageSize } = settings;

  const isBehind = async (place: HeadPlace): Promise<boolean> => {
    const head = await heads.at(place);
    // A newer deployment takes care of its own rows.
    if (head === undefined || head.release > release) return false;
    return head.rebuilding !== undefined || head.computedBy !== computedBy;
  };

  const listed = async ({ shard, after }: GroupPage) => {
    const of = { ':shard': { S: shards[shard] ?? '' } };
    const query = {
      TableName: tableOf(rollupHeads.name),
      IndexName: 'shards',
      KeyConditionExpression: 'ix_shards = :shard',
      ExpressionAttributeValues: of,
      Limit: pageSize,
      ...(after !== undefined && {
        ExclusiveStartKey: {
          tenantId: { S: after.tenantId },
          rowKey: { S: after.rowKey },
          ix_shards: of[':shard'],
        },
      }),
    };
    for await (const { items, next } of queryPages({ client, query })) return { items, next };
    return { items: [], next: undefined };
  };

  return async (page) => {
    const { items, next } = await listed(page);
    const places = items.flatMap(({ tenantId, rowKey }): readonly HeadPlace[] => {
      if (tenantId?.S === undefined || rowKey?.S === undefined) return [];
      const isWanted = page.tenantId === undefined || page.tenantId === tenantId.S;
      return isWanted ? [{ table: rollupHeads.name, tenantId: tenantId.S, rowKey: rowKey.S }] : [];
    });
    const found = await inParallel(places, readsAtOnce, async (place) =>
      page.all === true || (await isBehind(place)) ? [{ tenantId: place.tenantId, ...groupOfHead(place.rowKey) }] : [],
    );
    const { after: _turned, ...rest } = page;
    const groups = found.flat();
    if (next?.tenantId?.S !== undefined && next.rowKey?.S !== undefined)
      return { groups, next: { ...rest, after: { tenantId: next.tenantId.S, rowKey: next.rowKey.S } } };
    return page.shard + 1 < shardCount ? { groups, next: { ...rest, shard: page.shard + 1 } } : { groups };
  };
};
