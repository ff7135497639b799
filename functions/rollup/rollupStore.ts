// Which contributions does a group have?
// The projector of groups calls it; it reads the table of contributions consistently, bucket by bucket.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type GroupName, partitionOf } from '../../domain/rollups/contributionRows.ts';
import type { Fed } from '../../domain/rollups/rollup.ts';
import { callsAtOnce, inParallel } from '../aws/parallel.ts';
import { queryItems } from '../aws/queryPages.ts';

const Contribution = z.object({ rowKey: z.object({ S: z.string() }), data: z.object({ S: z.string() }) });

export interface RollupStore {
  /** All contributions of a group that has so many buckets, in no fixed order. */
  fedTo(tenantId: string, group: GroupName, buckets: number): Promise<readonly Fed<unknown>[]>;
}

/** A contribution's key is its owner's id, which holds no `#`, and a part. */
const fedBy = (item: unknown): Fed<unknown> => {
  const { rowKey, data } = Contribution.parse(item);
  const [owner = '', ...part] = rowKey.S.split('#');
  return { owner, part: part.join('#'), data: JSON.parse(data.S) };
};

/** The store on DynamoDB. */
export const createRollupStore = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): RollupStore => {
  const inPartition = async (partition: string): Promise<readonly Fed<unknown>[]> => {
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'fed = :partition',
      ProjectionExpression: 'rowKey, #data',
      ExpressionAttributeNames: { '#data': 'data' },
      ExpressionAttributeValues: { ':partition': { S: partition } },
    };
    return (await Array.fromAsync(queryItems({ client, query }))).map(fedBy);
  };

  return {
    fedTo: async (tenantId, group, buckets) => {
      const partitions = Array.from({ length: buckets }, (_, bucket) => `${tenantId}#${partitionOf(group, bucket)}`);
      return (await inParallel(partitions, callsAtOnce, inPartition)).flat();
    },
  };
};
