// How many messages of each connection of a tenant have come, and how have they ended, by reason?
// The queries of receipts call it; it queries the table of sources.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { queryItems } from '../aws/queryPages.ts';
import { type EndingCounts, endingCountsIn } from './endingCounts.ts';

export interface CountedSource extends EndingCounts {
  readonly connection: string;
  readonly source: string | null;
  readonly lastHeardAt: string | null;
  /** Messages that were stored, repeated ones too; the last ones of a burst are counted with the next message. */
  readonly received: number;
}

export type SourceCounts = (tenantId: string) => Promise<readonly CountedSource[]>;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const createSourceCounts =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }): SourceCounts =>
  async (tenantId) => {
    const query = {
      TableName: table,
      KeyConditionExpression: 'tenantId = :tenant',
      ExpressionAttributeValues: { ':tenant': { S: tenantId } },
    };
    const found: CountedSource[] = [];
    for await (const item of queryItems({ client, query })) {
      const row = unmarshall(item);
      found.push({
        connection: textOf(row.connectionId) ?? '',
        source: textOf(row.source),
        lastHeardAt: textOf(row.lastHeardAt),
        received: Number(row.received ?? 0),
        ...endingCountsIn(row),
      });
    }
    return found;
  };
