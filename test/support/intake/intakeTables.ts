// On which tables do receive, translate and sweep work in their tests? Empty ones of the real engine, as the template describes them.
import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

export const keys = (
  hash: string,
  range?: string,
): Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema'> => ({
  AttributeDefinitions: [hash, ...(range === undefined ? [] : [range])].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' } as const]),
  ],
});

const receiptIndex = (IndexName: string, sortKey: string) => ({
  IndexName,
  KeySchema: [
    { AttributeName: IndexName, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: ['status', 'reason', 'source'] },
});

/** The receipts table, as the template describes it. */
export const receiptsKeyed = {
  ...keys('partition', 'id'),
  AttributeDefinitions: ['partition', 'id', 'open', 'openId', 'ended'].map(
    (AttributeName) => ({ AttributeName, AttributeType: 'S' }) as const,
  ),
  GlobalSecondaryIndexes: [receiptIndex('open', 'openId'), receiptIndex('ended', 'id')],
} satisfies Partial<CreateTableCommandInput>;

/** Empty tables of the intake, as the template describes them. */
export const makeTables = async (client: DynamoDBClient) => {
  const made = randomUUID().slice(0, 8);
  const make = async (name: string, input: Partial<CreateTableCommandInput>): Promise<string> => {
    const TableName = `${name}-${made}`;
    await client.send(new CreateTableCommand({ ...keys('id'), BillingMode: 'PAY_PER_REQUEST', ...input, TableName }));
    return TableName;
  };
  const headKeys = keys('tenantId', 'rowKey');
  const texts = (...names: readonly string[]) =>
    names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }) as const);
  return {
    receipts: await make('receipts', receiptsKeyed),
    connections: await make('connections', keys('connection')),
    sources: await make('sources', {
      ...keys('tenantId', 'connectionId'),
      AttributeDefinitions: texts('tenantId', 'connectionId', 'watched', 'quietFrom'),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'watched',
          KeySchema: [
            { AttributeName: 'watched', KeyType: 'HASH' },
            { AttributeName: 'quietFrom', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
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

/** All items of a table. */
export const scan = async (
  client: DynamoDBClient,
  table: string,
): Promise<readonly Record<string, AttributeValue>[]> => {
  const found: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    found.push(...Items);
  }
  return found;
};
