// When did the last message of each connection behind an answer come?
// The routes call it for every request; it queries the table of sources.
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
  /** The connection's id; null for partners, because not every connection is theirs. */
  readonly connection: string | null;
  readonly source: string | null;
  /** When the last message came; null, with the reason, where none has come yet. */
  readonly lastHeardAt: string | null;
  readonly reason?: 'neverHeard';
}

export type Freshness = (caller: Caller) => Promise<readonly SourceFreshness[]>;

/** The tenant's connections, and when the last message of each came. */
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
