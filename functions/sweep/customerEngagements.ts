// Which engagements have a party as their customer?
// The customer tick calls it; it queries the index by customer of the engagements' heads.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { streamIdOf } from '../../events/identifiers.ts';
import { queryItems } from '../aws/queryPages.ts';

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
    const query = {
      TableName: table,
      IndexName: 'byCustomer',
      KeyConditionExpression: 'ix_byCustomer = :customer',
      ExpressionAttributeValues: { ':customer': { S: `${tenantId}#${partyId}` } },
    };
    const streams: string[] = [];
    for await (const { rowKey } of queryItems({ client, query })) {
      if (rowKey?.S !== undefined) streams.push(streamIdOf(tenantId, 'engagement', rowKey.S));
    }
    return streams;
  };
