// What does an engagement's head row rest on, and does any of it stand further by now?
import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { parseStreamId } from '../../events/identifiers.ts';
import { StoredState, stateAttributes } from './headState.ts';

const Head = z.intersection(
  z.object({
    computedBy: z.string(),
    release: z.number(),
    /** Left by a writer that has not come to its end. */
    rebuilding: z.unknown().optional(),
  }),
  StoredState.transform(({ basis }) => ({ basis })),
);
export type Head = Readonly<z.infer<typeof Head>>;

export interface HeadReader {
  /** The head of an engagement's stream, read consistently; undefined before its first projection. */
  head(streamId: string): Promise<Head | undefined>;
  /** Whether a stream holds more than a version, read consistently. */
  hasGrown(streamId: string, version: number): Promise<boolean>;
}

export interface HeadReaderSettings {
  readonly client: DynamoDBClient;
  readonly engagementsTable: string;
  readonly eventsTable: string;
}

export const createHeadReader = ({ client, engagementsTable, eventsTable }: HeadReaderSettings): HeadReader => ({
  head: async (streamId) => {
    const { tenantId, id } = parseStreamId(streamId);
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: engagementsTable,
        Key: { tenantId: { S: tenantId }, rowKey: { S: id } },
        ConsistentRead: true,
        ProjectionExpression: `${stateAttributes}, computedBy, #release, rebuilding`,
        ExpressionAttributeNames: { '#release': 'release' },
      }),
    );
    return Item === undefined ? undefined : Head.parse(unmarshall(Item));
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
});
