// Where do tests and benches find a real DynamoDB engine? Here: the embedded one on a folder of its own, with the tables they ask for.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Credentials } from '../../infra/local/core/accessKeys.ts';
import { startEngine } from '../../infra/local/storage/engine.ts';

export interface TestEngine {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  /** A new, empty events table, as the template describes it; answers its name. */
  eventsTable(): Promise<string>;
  /** A new, empty failures table; answers its name. */
  failuresTable(): Promise<string>;
  /** A new, empty table of the pager's runs; answers its name. */
  runsTable(): Promise<string>;
  stop(): Promise<void>;
}

export interface TestEngineOptions {
  /** Where the data lies: in memory where the system allows it (default), or on the disk. */
  readonly on?: 'memory' | 'disk';
}

const memoryFolder = '/dev/shm';

type Keys = Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema'> & Partial<CreateTableCommandInput>;

/** The keys, index and stream of an events table, as the template describes it. */
export const eventsTableKeys: Keys = {
  AttributeDefinitions: [
    { AttributeName: 'stream', AttributeType: 'S' },
    { AttributeName: 'version', AttributeType: 'N' },
    { AttributeName: 'shard', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'stream', KeyType: 'HASH' },
    { AttributeName: 'version', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'shards',
      KeySchema: [
        { AttributeName: 'shard', KeyType: 'HASH' },
        { AttributeName: 'stream', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
};

const failures: Keys = {
  AttributeDefinitions: [
    { AttributeName: 'eventId', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'eventId', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
};

const runs: Keys = {
  AttributeDefinitions: [{ AttributeName: 'run', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'run', KeyType: 'HASH' }],
};

/** A client of a local engine, set up as the functions' own. */
export const clientOf = (
  endpoint: string,
  credentials: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' },
): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 4,
  });

/** Starts an engine; `stop` ends it and removes its data. */
export const startTestEngine = async ({ on = 'memory' }: TestEngineOptions = {}): Promise<TestEngine> => {
  const parent = on === 'memory' && existsSync(memoryFolder) ? memoryFolder : tmpdir();
  const dataDir = mkdtempSync(join(parent, 'throughline-'));
  const engine = await startEngine({ dataDir, log: () => undefined });
  const client = clientOf(engine.endpoint);
  let made = 0;
  const table = async (name: string, keys: Keys): Promise<string> => {
    made += 1;
    const TableName = `${name}-${made}`;
    await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...keys }));
    return TableName;
  };
  return {
    endpoint: engine.endpoint,
    client,
    eventsTable: () => table('events', eventsTableKeys),
    failuresTable: () => table('failures', failures),
    runsTable: () => table('runs', runs),
    stop: async () => {
      client.destroy();
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
