// On which tables do receive, translate and sweep work in their tests? Empty ones of the real engine, as the template describes them.
import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

const keys = (hash: string, range?: string): Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema'> => ({
  AttributeDefinitions: [hash, ...(range === undefined ? [] : [range])].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' } as const]),
  ],
});

/** Empty tables of the intake, as the template describes them. */
export const makeTables = async (client: DynamoDBClient) => {
  const made = randomUUID().slice(0, 8);
  const make = async (name: string, input: Partial<CreateTableCommandInput>): Promise<string> => {
    const TableName = `${name}-${made}`;
    await client.send(new CreateTableCommand({ ...keys('id'), BillingMode: 'PAY_PER_REQUEST', ...input, TableName }));
    return TableName;
  };
  const receiptKeys = keys('partition', 'id');
  const headKeys = keys('tenantId', 'rowKey');
  const texts = (...names: readonly string[]) =>
    names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }) as const);
  return {
    receipts: await make('receipts', {
      ...receiptKeys,
      AttributeDefinitions: [...(receiptKeys.AttributeDefinitions ?? []), ...texts('pending')],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'pending',
          KeySchema: [
            { AttributeName: 'pending', KeyType: 'HASH' },
            { AttributeName: 'id', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['kind', 'status', 'reason', 'source', 'connectionId', 'tenantId', 'receivedAt'],
          },
        },
      ],
    }),
    connections: await make('connections', keys('connection')),
    sources: await make('sources', keys('tenantId', 'connectionId')),
    failures: await make('failures', keys('eventId', 'at')),
    engagements: await make('engagements', {
      ...headKeys,
      AttributeDefinitions: [
        ...(headKeys.AttributeDefinitions ?? []),
        ...texts('ix_due', 'nextDueAt', 'ix_byCustomer'),
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'ix_due', KeyType: 'HASH' },
            { AttributeName: 'nextDueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
        {
          IndexName: 'byCustomer',
          KeySchema: [
            { AttributeName: 'ix_byCustomer', KeyType: 'HASH' },
            { AttributeName: 'rowKey', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  };
};

export const putItem = (client: DynamoDBClient, table: string, item: Record<string, unknown>) =>
  client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));

export const scan = async (client: DynamoDBClient, table: string): Promise<readonly Record<string, AttributeValue>[]> =>
  (await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];
