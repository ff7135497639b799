// How fresh are the sources behind an answer? When each connection of the tenant was last heard.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Caller } from '../http/caller.ts';

const SourceActivity = z.object({
  connectionId: z.string(),
  source: z.string().optional(),
  lastHeardAt: z.string().optional(),
});

export interface SourceFreshness {
  /** The connection's id; null for partners, whose own not every connection is. */
  readonly connection: string | null;
  readonly source: string | null;
  /** Null with its reason where nothing was heard yet. */
  readonly lastHeardAt: string | null;
  readonly reason?: 'neverHeard';
}

export type Freshness = (caller: Caller) => Promise<readonly SourceFreshness[]>;

/** The tenant's connections and when each was last heard. */
export const createFreshness =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }): Freshness =>
  async ({ tenantId, role }) => {
    const found: SourceFreshness[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const answer = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'tenantId = :tenant',
          ExpressionAttributeValues: { ':tenant': { S: tenantId } },
          ExclusiveStartKey: next,
        }),
      );
      for (const item of answer.Items ?? []) {
        const { connectionId, source, lastHeardAt } = SourceActivity.parse(unmarshall(item));
        found.push({
          connection: role === 'vendor' ? connectionId : null,
          source: source ?? null,
          lastHeardAt: lastHeardAt ?? null,
          ...(lastHeardAt === undefined && { reason: 'neverHeard' as const }),
        });
      }
      next = answer.LastEvaluatedKey;
    } while (next !== undefined);
    return found;
  };
