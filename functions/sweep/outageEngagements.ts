// Which engagements does the silence of a connection concern?
// The outage tick calls it; it queries indexes of the engagements' heads, their flags and their deadlines.
import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { engagementHead } from '../../domain/rows/catalog.ts';
import { deadlines } from '../../domain/rows/deadlines.ts';
import { flags } from '../../domain/rows/flags.ts';
import { shards } from '../../domain/rows/row.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { inParallel } from '../aws/parallel.ts';
import { queryItems } from '../aws/queryPages.ts';

/** What of a connection is known anew. */
export interface OutageWord {
  readonly tenantId: string;
  readonly connectionId: string;
  /** Since when flags may have been raised that a silence explains. */
  readonly from: Instant;
  /** Until when what was moved may be due. */
  readonly until: Instant;
}

/** The streams of the engagements with something that fell due, or is due, in that time, or that waits for the connection. */
export type OutageEngagements = (word: OutageWord) => Promise<readonly string[]>;

export interface OutageEngagementsSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each projection table. */
  readonly tableOf: (table: string) => string;
}

/** A query of an index, and how many parts its rows' keys have after the engagement's id. */
interface Asked {
  readonly query: QueryCommandInput;
  readonly parts: number;
}

export const createOutageEngagements = ({ client, tableOf }: OutageEngagementsSettings): OutageEngagements => {
  const idsIn = async ({ query, parts }: Asked, tenantId: string): Promise<readonly string[]> => {
    const ids: string[] = [];
    for await (const { tenantId: owner, rowKey } of queryItems({ client, query })) {
      const names = rowKey?.S?.split('#') ?? [];
      // The parts of a key hold no `#`; the engagement's id may.
      if (owner?.S === tenantId) ids.push(names.slice(0, names.length - parts).join('#'));
    }
    return ids;
  };

  return async ({ tenantId, connectionId, from, until }) => {
    const dueIn = (shard: string): QueryCommandInput => ({
      TableName: tableOf(engagementHead),
      IndexName: 'due',
      KeyConditionExpression: 'ix_due = :shard AND nextDueAt BETWEEN :from AND :until',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':from': { S: from }, ':until': { S: until } },
    });
    const raised: QueryCommandInput = {
      TableName: tableOf(flags.name),
      IndexName: 'byRaising',
      KeyConditionExpression: 'ix_byRaising = :tenant AND raisedAt >= :from',
      ExpressionAttributeValues: { ':tenant': { S: tenantId }, ':from': { S: from } },
    };
    const waiting: QueryCommandInput = {
      TableName: tableOf(deadlines.name),
      IndexName: 'byConnection',
      KeyConditionExpression: 'ix_byConnection = :connection',
      ExpressionAttributeValues: { ':connection': { S: `${tenantId}#${connectionId}` } },
    };
    const asked: readonly Asked[] = [
      ...shards.map((shard) => ({ query: dueIn(shard), parts: 0 })),
      { query: raised, parts: flags.key.length - 1 },
      { query: waiting, parts: deadlines.key.length - 1 },
    ];
    const found = (await inParallel(asked, shards.length, (each) => idsIn(each, tenantId))).flat();
    return [...new Set(found)].map((id) => streamIdOf(tenantId, 'engagement', id));
  };
};
