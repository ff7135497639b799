// Are the tables keyed as the stores expect, and is what can't be said again kept?
import { describe, expect, it } from 'vitest';
import { tables } from '../../domain/rows/catalog.ts';
import { type OwnTable, ownTables } from '../../domain/rows/ownTables.ts';
import { plain, resources, synthesized } from './synthesized.ts';

const template = synthesized();
const byName = new Map(
  resources(template, 'AWS::DynamoDB::GlobalTable').map(([id, table]) => [
    plain(id).replace('Foundation', ''),
    { ...table.Properties, policy: [table.DeletionPolicy, table.UpdateReplacePolicy] },
  ]),
);
const table = (name: string) => {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`no table ${name}; there are ${[...byName.keys()].join(', ')}`);
  return found;
};
const idOf = (name: string): string =>
  `Rows${name.replace(/(^|_)([a-z])/g, (_whole: string, _gap: string, letter: string) => letter.toUpperCase())}`;
const key = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : []),
];

describe('every table', () => {
  it.each([...byName.keys()])('%s can be restored to any moment of its last weeks, and is paid by request', (name) => {
    expect(table(name).Replicas).toHaveLength(1);
    expect(table(name).Replicas[0].PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(table(name).BillingMode).toBe('PAY_PER_REQUEST');
  });
});

describe('tables that can not be made again', () => {
  it.each(['EventsTable', 'OperationalReceipts', 'OperationalConnections', 'OperationalNames', 'SealRoots'])(
    '%s outlives its stack',
    (name) => {
      expect(table(name).policy).toEqual(['Retain', 'Retain']);
      expect(table(name).Replicas[0].DeletionProtectionEnabled).toBe(true);
    },
  );
});

describe('the event store', () => {
  it('has stream and first version as the key of a commit, and a stream of new items', () => {
    const { KeySchema, AttributeDefinitions, StreamSpecification, TimeToLiveSpecification } = table('EventsTable');
    expect(KeySchema).toEqual(key('stream', 'version'));
    expect(AttributeDefinitions).toContainEqual({ AttributeName: 'version', AttributeType: 'N' });
    expect(StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    expect(TimeToLiveSpecification).toBeUndefined();
  });

  it('lists its streams by shard', () => {
    expect(table('EventsTable').GlobalSecondaryIndexes).toEqual([
      { IndexName: 'shards', KeySchema: key('shard', 'stream'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ]);
  });

  it('raises an alarm on every change or removal of a commit', () => {
    const [alarm] = resources(template, 'AWS::CloudWatch::Alarm').filter(([id]) => id.includes('EventsChangeAlarm'));
    const operations = JSON.stringify(alarm?.[1].Properties.Metrics).matchAll(/"Operation","Value":"(\w+)"/g);
    expect([...operations].map(([, operation]) => operation)).toEqual(
      expect.arrayContaining(['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems', 'ExecuteStatement']),
    );
    expect(alarm?.[1].Properties.Threshold).toBe(1);
  });
});

describe('the roots', () => {
  it('refuse every change or removal', () => {
    const [statement, ...others] = table('SealRoots').Replicas[0].ResourcePolicy.PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
    expect(statement.Action).toEqual(
      expect.arrayContaining(['UpdateItem', 'DeleteItem', 'BatchWriteItem'].map((action) => `dynamodb:${action}`)),
    );
    expect(statement.Action).not.toContain('dynamodb:PutItem');
  });
});

describe('the operational tables', () => {
  it('keep receipts by connection, with an expiry after their end and indexes of the open ones and of those that ended without facts', () => {
    const receipts = table('OperationalReceipts');
    expect(receipts.KeySchema).toEqual(key('partition', 'id'));
    expect(receipts.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    expect(receipts.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    expect(receipts.GlobalSecondaryIndexes).toMatchObject([
      { IndexName: 'open', KeySchema: key('open', 'openId'), Projection: { ProjectionType: 'INCLUDE' } },
      { IndexName: 'ended', KeySchema: key('ended', 'id'), Projection: { ProjectionType: 'INCLUDE' } },
    ]);
    for (const { Projection } of receipts.GlobalSecondaryIndexes) {
      expect(Projection.NonKeyAttributes.toSorted()).toEqual(['reason', 'source', 'status']);
    }
  });

  it('keep connections, names, sources and failures by the keys of the stores', () => {
    expect(table('OperationalConnections').KeySchema).toEqual(key('connection'));
    expect(table('OperationalNames').KeySchema).toEqual(key('tenantId', 'reference'));
    expect(table('OperationalSources').KeySchema).toEqual(key('tenantId', 'connectionId'));
    expect(table('OperationalFailures').KeySchema).toEqual(key('eventId', 'at'));
    expect(table('OperationalFailures').TimeToLiveSpecification).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
  });
});

describe('the projection tables', () => {
  it('have a stream of changed contributions, whose keys name the group', () => {
    expect(table('RowsContributions').StreamSpecification).toEqual({ StreamViewType: 'KEYS_ONLY' });
  });

  it('are those of the catalog', () => {
    const made = [...byName.keys()].filter((name) => name.startsWith('Rows'));
    expect(made.sort()).toEqual([...tables, ...ownTables].map(({ name }) => idOf(name)).sort());
  });

  const all: readonly OwnTable[] = [...tables, ...ownTables];
  it.each(all)('$name has the catalog’s indexes', (entry) => {
    const { KeySchema, GlobalSecondaryIndexes } = table(idOf(entry.name));
    expect(KeySchema).toEqual(key(entry.partitionKey ?? 'tenantId', 'rowKey'));
    expect(GlobalSecondaryIndexes ?? []).toEqual(
      entry.indexes.map(({ name, sort }) => ({
        IndexName: name,
        KeySchema: key(`ix_${name}`, sort ?? 'rowKey'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    );
  });
});
