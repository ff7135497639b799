// Does a writer notice that another came first, by each error with which DynamoDB reports it?
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../../domain/rows/row.ts';
import { type Change, createProjectionStore } from '../../../functions/project/projectionStore.ts';
import { clientOf, startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementId, engagementStream, tenantId } from '../../support/histories/events.ts';
import { createProjections } from '../../support/projections.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const headRow: Row = { table: 'engagements', rowKey: engagementId, columns: { engagementId } };
const handoff: Row = { table: 'handoffs', rowKey: `${engagementId}#h`, columns: { engagementId, handoffId: 'h' } };
const change = (...puts: readonly Row[]): Change => ({
  ...{
    place: { table: 'engagements', tenantId, rowKey: engagementId },
    headRow,
    puts,
    deletes: [],
    against: undefined,
  },
  head: {
    ...{ basis: { [engagementStream]: 1 }, digests: {}, evaluatedAt: '2026-03-01T00:00:00.000Z' },
    ...{ release: 1, computedBy: 'code' },
  },
});

const cancelled = (Code: string) => [{ Code: 'None' }, { Code }];
const said = { message: 'as DynamoDB says it', $metadata: {} };

test.each([
  ['a single put whose condition failed', [], new ConditionalCheckFailedException(said)],
  ['a single put that met a transaction', [], new TransactionConflictException(said)],
  [
    'a transaction whose condition failed',
    [handoff],
    new TransactionCanceledException({ ...said, CancellationReasons: cancelled('ConditionalCheckFailed') }),
  ],
  [
    'a transaction that met another',
    [handoff],
    new TransactionCanceledException({ ...said, CancellationReasons: cancelled('TransactionConflict') }),
  ],
])('%s', async (_, rows, refusal) => {
  const { tableOf } = await createProjections(engine.client);
  const client = clientOf(engine.endpoint);
  let refused = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      if (++refused > 1) return await next(args);
      throw refusal;
    },
    { step: 'initialize' },
  );
  const store = createProjectionStore({ client, tableOf, random: () => 0 });
  expect(await store.write(change(...rows))).toEqual({ outcome: 'behind' });
  expect(await store.write(change(...rows))).toMatchObject({ outcome: 'written', head: { revision: 1 } });
  client.destroy();
});
