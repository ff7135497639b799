// What is stored of each connection of a tenant: when its last message came, and how its messages ended?
// Freshness, the counts of receipts and the list of records to read again call it; it queries the table of sources.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { queryItems } from '../aws/queryPages.ts';

/** The row of a connection; its counts by reason stand in it beside these. */
const SourceRow = z.looseObject({
  connectionId: z.string(),
  source: z.string().optional(),
  lastHeardAt: z.string().optional(),
  quietSince: z.string().optional(),
});
type SourceRow = Readonly<z.infer<typeof SourceRow>>;

export type SourceRows = (tenantId: string) => Promise<readonly SourceRow[]>;

export const createSourceRows =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }): SourceRows =>
  async (tenantId) => {
    const query = {
      TableName: table,
      KeyConditionExpression: 'tenantId = :tenant',
      ExpressionAttributeValues: { ':tenant': { S: tenantId } },
    };
    const found: SourceRow[] = [];
    for await (const item of queryItems({ client, query })) found.push(SourceRow.parse(unmarshall(item)));
    return found;
  };
