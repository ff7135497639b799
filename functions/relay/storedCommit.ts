// Which events does the commit hold that a message of relay's queue names?
// The relay handler calls it; it reads the events table.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

/** A commit, by its stream and the version of its first event. */
export interface CommitPlace {
  readonly stream: string;
  readonly version: number;
}

/** The JSON text of the commit's events, read consistently; throws where there is no such commit. */
export type StoredEvents = (place: CommitPlace) => Promise<string>;

export const createStoredEvents =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }): StoredEvents =>
  async ({ stream, version }) => {
    const Key = { stream: { S: stream }, version: { N: String(version) } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    if (Item?.events?.S === undefined) throw new Error(`commitAbsent: ${stream} has no commit of version ${version}`);
    return Item.events.S;
  };
