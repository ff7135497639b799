// Why did an event fail, for a person who finds it in a dead-letter queue?
// The batch handler of every function calls it; it writes the failures table.
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { uuidOf } from '../../events/identifiers.ts';
import { epochOf } from '../../events/instant.ts';

export interface Failure {
  /** The event's id; the message's id where no event id could be read. */
  readonly eventId: string;
  readonly reason: string;
  readonly messageId?: string | undefined;
  /** How often the message has been received by now. */
  readonly receiveCount?: number | undefined;
}

/** Stores a failure. Throws where the table can't be written. */
export type KeepFailure = (failure: Failure) => Promise<void>;

export interface FailuresSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly functionName: string;
  readonly now: () => string;
}

const keptSeconds = 90 * 24 * 3600;
const longestReason = 2000;

/** DynamoDB refuses half of a surrogate pair, which a cut may leave. */
const cut = (reason: string): string => reason.slice(0, longestReason).toWellFormed();

/** DynamoDB's limit for a partition key, in bytes. */
const longestKey = 2048;

/** The key of a failure: the event's id, or a UUID of an id that is no key. */
const keyOf = (eventId: string): string =>
  Buffer.byteLength(eventId) > longestKey ? uuidOf('failure', eventId) : eventId;

/** An error as a reason: its name and message, cut because some messages repeat the whole request. */
export const reasonOf = (error: unknown): string =>
  cut(error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** Stores the failures of one function; DynamoDB deletes them after 90 days. */
export const createKeepFailure =
  ({ client, table, functionName, now }: FailuresSettings): KeepFailure =>
  async ({ eventId, reason, messageId, receiveCount }) => {
    const at = now();
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          eventId: { S: keyOf(eventId) },
          at: { S: at },
          function: { S: functionName },
          reason: { S: cut(reason) },
          ...(messageId !== undefined && { messageId: { S: messageId } }),
          ...(receiveCount !== undefined && { receiveCount: { N: String(receiveCount) } }),
          expiresAt: { N: String(Math.floor(epochOf(at) / 1000) + keptSeconds) },
        },
      }),
    );
  };
