// Which connections have been silent for longer than their rhythm, and which of them are heard again?
// The rhythm tick calls it; it reads and marks rows of the sources table.
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Instant } from '../../events/instant.ts';
import { queryItems } from '../aws/queryPages.ts';
import { watchedIndex } from '../intake/sourceActivity.ts';

const Row = z.looseObject({
  tenantId: z.string(),
  connectionId: z.string(),
  source: z.string(),
  account: z.string(),
  lastHeardAt: z.string(),
  quietFrom: z.string(),
  mayHaveSaid: z.array(z.string()),
  partner: z.string().optional(),
  /** When its silence was longer than its rhythm, and since when it had lasted. */
  quietAt: z.string().optional(),
  quietSince: z.string().optional(),
  heardAgainAt: z.string().optional(),
});
/** A connection that declares a rhythm, as its last message left it. */
export type WatchedSource = Readonly<z.infer<typeof Row>>;

export interface QuietSources {
  /** The connections whose silence is longer than their rhythm at that instant, and those that were quiet before. */
  at(now: Instant): Promise<readonly WatchedSource[]>;
  /** Marks a connection as quiet; undefined where it was heard meanwhile. */
  mark(source: WatchedSource): Promise<WatchedSource | undefined>;
  /** Watches a connection again that is heard again. */
  release(source: WatchedSource): Promise<void>;
}

export interface QuietSourcesSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
}

export const createQuietSources = ({ client, table }: QuietSourcesSettings): QuietSources => {
  const inPartition = async (watched: 'rhythm' | 'quiet', until: Instant): Promise<readonly WatchedSource[]> => {
    const query = {
      TableName: table,
      IndexName: watchedIndex,
      KeyConditionExpression: 'watched = :watched AND quietFrom <= :until',
      ExpressionAttributeValues: { ':watched': { S: watched }, ':until': { S: until } },
    };
    const found: WatchedSource[] = [];
    for await (const item of queryItems({ client, query })) found.push(Row.parse(unmarshall(item)));
    return found;
  };
  const keyOf = ({ tenantId, connectionId }: WatchedSource) => ({
    TableName: table,
    Key: { tenantId: { S: tenantId }, connectionId: { S: connectionId } },
  });

  return {
    // A year that no rhythm reaches: all that are quiet.
    at: async (now) => [...(await inPartition('quiet', '9999')), ...(await inPartition('rhythm', now))],
    mark: async (source) => {
      try {
        await client.send(
          new UpdateItemCommand({
            ...keyOf(source),
            UpdateExpression: 'SET watched = :quiet, quietAt = quietFrom, quietSince = lastHeardAt REMOVE heardAgainAt',
            ConditionExpression: 'watched = :rhythm AND quietFrom = :from',
            ExpressionAttributeValues: {
              ':quiet': { S: 'quiet' },
              ':rhythm': { S: 'rhythm' },
              ':from': { S: source.quietFrom },
            },
          }),
        );
        return { ...source, quietAt: source.quietFrom, quietSince: source.lastHeardAt, heardAgainAt: undefined };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
    release: async (source) => {
      await client.send(
        new UpdateItemCommand({
          ...keyOf(source),
          UpdateExpression: 'SET watched = :rhythm REMOVE quietAt, quietSince, heardAgainAt',
          ExpressionAttributeValues: { ':rhythm': { S: 'rhythm' } },
        }),
      );
    },
  };
};
