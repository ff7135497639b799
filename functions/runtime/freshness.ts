// How fresh are the sources behind an answer? When each connection of the tenant was last heard.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

const Heard = z.object({ connectionId: z.string(), source: z.string().optional(), lastHeardAt: z.string().optional() });

export interface SourceFreshness {
  readonly connection: string;
  readonly source: string | null;
  /** Null with its reason where nothing was heard yet. */
  readonly lastHeardAt: string | null;
  readonly reason?: 'neverHeard';
}

/** The tenant's connections and when each was last heard. */
export const createFreshness =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }) =>
  async (tenantId: string): Promise<readonly SourceFreshness[]> => {
    const answer = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'tenantId = :tenant',
        ExpressionAttributeValues: { ':tenant': { S: tenantId } },
      }),
    );
    return (answer.Items ?? []).map((item) => {
      const { connectionId, source, lastHeardAt } = Heard.parse(unmarshall(item));
      return {
        connection: connectionId,
        source: source ?? null,
        lastHeardAt: lastHeardAt ?? null,
        ...(lastHeardAt === undefined && { reason: 'neverHeard' as const }),
      };
    });
  };
