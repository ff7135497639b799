// What does a head rest on, and has one of those streams grown since?
// Rebuilds call it; it reads the tables that hold heads, and the events table.
import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type HeadPlace, headOfStream } from './headPlace.ts';
import { type Head, headAttributes, StoredHead } from './headState.ts';
import { keyOfRow } from './rowItem.ts';

export interface HeadReader {
  /** The head at a place, read consistently; undefined where there is none. */
  at(place: HeadPlace): Promise<Head | undefined>;
  /** The head of a stream, read consistently; undefined before its first projection, and where its kind has none. */
  head(streamId: string): Promise<Head | undefined>;
  /** Whether a stream holds an event after this version, read consistently. */
  hasGrown(streamId: string, version: number): Promise<boolean>;
}

export interface HeadReaderSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each table that holds heads. */
  readonly tableOf: (table: string) => string;
  readonly eventsTable: string;
}

export const createHeadReader = ({ client, tableOf, eventsTable }: HeadReaderSettings): HeadReader => {
  const at: HeadReader['at'] = async (place) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tableOf(place.table),
        Key: keyOfRow(place.tenantId, place),
        ConsistentRead: true,
        ProjectionExpression: headAttributes.map((name) => `#${name}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(headAttributes.map((name) => [`#${name}`, name])),
      }),
    );
    return Item === undefined ? undefined : StoredHead().parse(unmarshall(Item));
  };
  return {
    at,
    head: async (streamId) => {
      const place = headOfStream(streamId);
      return place === undefined ? undefined : await at(place);
    },

    hasGrown: async (streamId, version) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: eventsTable,
          ConsistentRead: true,
          KeyConditionExpression: '#stream = :stream AND #version > :version',
          ProjectionExpression: '#version',
          ExpressionAttributeNames: { '#stream': 'stream', '#version': 'version' },
          ExpressionAttributeValues: { ':stream': { S: streamId }, ':version': { N: String(version) } },
          Limit: 1,
        }),
      );
      return Items.length > 0;
    },
  };
};
