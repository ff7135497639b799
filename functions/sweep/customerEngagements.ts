// Whose engagements does a word about a customer concern? Those whose customer the party is, from their index.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { streamIdOf } from '../../events/identifiers.ts';

export interface CustomerEngagementsSettings {
  readonly client: DynamoDBClient;
  /** The table of the engagements' head rows. */
  readonly table: string;
}

/** The streams of the engagements whose head names the party as the customer. */
export type CustomerEngagements = (tenantId: string, partyId: string) => Promise<readonly string[]>;

export const createCustomerEngagements =
  ({ client, table }: CustomerEngagementsSettings): CustomerEngagements =>
  async (tenantId, partyId) => {
    const streams: string[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byCustomer',
          KeyConditionExpression: 'ix_byCustomer = :customer',
          ExpressionAttributeValues: { ':customer': { S: `${tenantId}#${partyId}` } },
          ExclusiveStartKey: next,
        }),
      );
      streams.push(
        ...(page.Items ?? []).flatMap(({ rowKey }) =>
          rowKey?.S === undefined ? [] : [streamIdOf(tenantId, 'engagement', rowKey.S)],
        ),
      );
      next = page.LastEvaluatedKey;
    } while (next !== undefined);
    return streams;
  };
