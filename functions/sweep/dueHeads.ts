// Which heads are due, because their rows change by time alone?
// The due tick calls it; it queries the index of due instants of each table that holds heads.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { engagementHead } from '../../domain/rows/catalog.ts';
import { referenceHeads, rollupHeads } from '../../domain/rows/ownTables.ts';
import { shards } from '../../domain/rows/row.ts';
import type { Instant } from '../../events/instant.ts';
import { inParallel } from '../aws/parallel.ts';
import { queryItems } from '../aws/queryPages.ts';
import type { HeadPlace } from '../project/headPlace.ts';

export interface DueHeadsSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each table that holds heads. */
  readonly tableOf: (table: string) => string;
  /** The most heads of a shard; absent: 2,000. The others come with the next tick. */
  readonly most?: number;
}

export interface DueHead extends HeadPlace {
  readonly dueAt: Instant;
}

/** The heads whose `nextDueAt` is at or before `now`; of each shard the earliest first. */
export type DueHeads = (now: Instant) => Promise<readonly DueHead[]>;

const headTables = [engagementHead, referenceHeads.name, rollupHeads.name];

export const createDueHeads = ({ client, tableOf, most = 2_000 }: DueHeadsSettings): DueHeads => {
  const dueIn = async (table: string, shard: string, now: Instant): Promise<readonly DueHead[]> => {
    const query = {
      TableName: tableOf(table),
      IndexName: 'due',
      KeyConditionExpression: 'ix_due = :shard AND nextDueAt <= :now',
      ProjectionExpression: 'tenantId, rowKey, nextDueAt',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':now': { S: now } },
      Limit: most,
    };
    const due: DueHead[] = [];
    for await (const { tenantId, rowKey, nextDueAt } of queryItems({ client, query })) {
      if (tenantId?.S !== undefined && rowKey?.S !== undefined && nextDueAt?.S !== undefined) {
        due.push({ table, tenantId: tenantId.S, rowKey: rowKey.S, dueAt: nextDueAt.S });
      }
      if (due.length === most) break;
    }
    return due;
  };

  return async (now) => {
    const all = headTables.flatMap((table) => shards.map((shard) => ({ table, shard })));
    return (await inParallel(all, shards.length, ({ table, shard }) => dueIn(table, shard, now))).flat();
  };
};
