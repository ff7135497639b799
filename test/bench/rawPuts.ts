// How fast is a bare conditional put, into an events table that holds as many items as the pipeline's? In an engine of its own, its stream trimmed as the runtime trims it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriteItemCommand, CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../functions/aws/parallel.ts';
import { startEngine } from '../../infra/local/storage/engine.ts';
import { clientOf, eventsTableKeys } from '../support/engine.ts';
import { rateOf } from './sideBySide.ts';

const table = 'events';
const puts = 1600;
const atOnce = 16;
const batch = 25;

export interface RawPuts {
  /** Puts items until the table holds so many. */
  fill(items: number): Promise<void>;
  /** Puts a second, sixteen at once. */
  rate(): Promise<number>;
  stop(): Promise<void>;
}

export const startRawPuts = async (): Promise<RawPuts> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-puts-'));
  const engine = await startEngine({ dataDir, log: () => undefined });
  const client = clientOf(engine.endpoint);
  await client.send(new CreateTableCommand({ TableName: table, BillingMode: 'PAY_PER_REQUEST', ...eventsTableKeys }));
  const text = 'x'.repeat(900);
  let held = 0;
  const items = (count: number) =>
    Array.from({ length: count }, () => {
      held += 1;
      return { stream: { S: `floor-${held}` }, version: { N: '1' }, events: { S: text } };
    });
  const trim = (): void => {
    const { streams } = engine;
    while (streams !== undefined && streams.trim(table, streams.newest(table)) > 0);
  };
  return {
    fill: async (wanted) => {
      while (held < wanted) {
        const batches = Array.from({ length: Math.min(40, Math.ceil((wanted - held) / batch)) }, () => items(batch));
        await inParallel(batches, 4, (each) =>
          client.send(
            new BatchWriteItemCommand({ RequestItems: { [table]: each.map((Item) => ({ PutRequest: { Item } })) } }),
          ),
        );
        trim();
      }
    },
    rate: async () => {
      const fresh = items(puts);
      const rate = await rateOf(puts, async () => {
        await inParallel(fresh, atOnce, (Item) =>
          client.send(
            new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(version)' }),
          ),
        );
      });
      trim();
      return rate;
    },
    stop: async () => {
      client.destroy();
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
