// What is the least that reading a stream can cost? The bare Query of its items, page after page, and nothing made of them.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';

export interface QueryAsked {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly stream: string;
}

/** Reads every item of a stream, consistently; answers how many there are. */
export const queryAll = async ({ client, table, stream }: QueryAsked): Promise<number> => {
  let read = 0;
  let next: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#stream = :stream',
        ExpressionAttributeNames: { '#stream': 'stream' },
        ExpressionAttributeValues: { ':stream': { S: stream } },
        ExclusiveStartKey: next,
      }),
    );
    read += page.Items?.length ?? 0;
    next = page.LastEvaluatedKey;
  } while (next !== undefined);
  return read;
};
