// When did the last message of each connection come, and how many have come?
// The webhook and the partner bus call it; it updates the sources table, but not with every message of a busy sender.
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { addMilliseconds, epochOf } from '../../events/instant.ts';
import type { Connection } from '../../events/sources/source.ts';

/** Counts a message. It never rejects, because the message itself is stored already. */
export type SourceActivity = (connection: Connection, receivedAt: string) => Promise<void>;

export interface SourceActivitySettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly report: (error: unknown) => void;
}

/** One process writes a connection's row at most once in this time. What it counts meanwhile goes into the next write. */
const everyMs = 5_000;

/** The index of the sources table in which connections stand that declare a rhythm, by when their silence is longer than that. */
export const watchedIndex = 'watched';

/**
 * What the row of a connection that declares a rhythm has beside: until when it may be silent, what it may say, and, while sweep has it
 * marked as quiet, its first message since.
 */
const watching = ({ rhythmHours, allowedTypes, partner }: Connection, receivedAt: string) => {
  if (rhythmHours === undefined) return { set: '', values: {} };
  const quietFrom = addMilliseconds(receivedAt, rhythmHours * 3_600_000);
  return {
    set: `, quietFrom = :from, watched = if_not_exists(watched, :rhythm), mayHaveSaid = :types,
      heardAgainAt = if_not_exists(heardAgainAt, :at)${partner === undefined ? '' : ', partner = :partner'}`,
    values: {
      ':from': { S: quietFrom },
      ':rhythm': { S: 'rhythm' },
      ':types': { L: allowedTypes.map((type) => ({ S: type })) },
      ...(partner === undefined ? {} : { ':partner': { S: partner } }),
    },
  };
};

export const createSourceActivity = ({ client, table, report }: SourceActivitySettings): SourceActivity => {
  const counted = new Map<string, { readonly writtenAt: number; readonly since: number }>();
  return async (said, receivedAt) => {
    const { connection, tenantId, source, account } = said;
    const { set, values } = watching(said, receivedAt);
    const { writtenAt, since } = counted.get(connection) ?? { writtenAt: 0, since: 0 };
    const time = epochOf(receivedAt);
    if (time >= writtenAt && time < writtenAt + everyMs) {
      counted.set(connection, { writtenAt, since: since + 1 });
      return;
    }
    counted.set(connection, { writtenAt: time, since: 0 });
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { tenantId: { S: tenantId }, connectionId: { S: connection } },
          UpdateExpression: `SET lastHeardAt = :at, #source = :source, account = :account${set} ADD received :count`,
          ExpressionAttributeNames: { '#source': 'source' },
          ExpressionAttributeValues: {
            ':at': { S: receivedAt },
            ':source': { S: source },
            ':account': { S: account },
            ':count': { N: String(since + 1) },
            ...values,
          },
        }),
      );
    } catch (error) {
      const now = counted.get(connection);
      counted.set(connection, { writtenAt: now?.writtenAt ?? time, since: (now?.since ?? 0) + since + 1 });
      report(error);
    }
  };
};
