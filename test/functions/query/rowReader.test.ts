// Are the rows that an index finds the current ones, although the index lags?
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Row } from '../../../domain/rows/row.ts';
import { rowItem } from '../../../functions/project/rowItem.ts';
import { createRowReader } from '../../../functions/query/rowReader.ts';
import { answeringInPart } from '../../support/answeringInPart.ts';
import { clientOf, startTestEngine, type TestEngine } from '../../support/engine.ts';
import { tenantId } from '../../support/histories/events.ts';
import { createProjections } from '../../support/projections.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const head = (number: number, stage: string | null, arrMinor = 0): Row => {
  const engagementId = `e${String(number).padStart(3, '0')}`;
  return { table: 'engagements', rowKey: engagementId, columns: { engagementId, stage, arrMinor } };
};

const within = { index: 'byStage', values: ['sell'] };

/** A reader whose index still answers the state before `meanwhile`, as an index that lags does. */
const laggingReader = async (meanwhile: (put: (row: Row) => Promise<void>) => Promise<void>) => {
  const { tableOf } = await createProjections(engine.client);
  const put = async (row: Row): Promise<void> => {
    await engine.client.send(new PutItemCommand({ TableName: tableOf('engagements'), Item: rowItem(tenantId, row) }));
  };
  for (let number = 0; number < 250; number += 1) await put(head(number, 'sell'));
  const client: DynamoDBClient = clientOf(engine.endpoint);
  let asked = 0;
  client.middlewareStack.add((next, { commandName }) => async (args) => {
    const answer = await next(args);
    if (commandName === 'QueryCommand') asked += 1;
    if (commandName === 'QueryCommand' && asked === 1) await meanwhile(put);
    return answer;
  });
  return createRowReader({ client, tableOf, random: () => 0 });
};

test('more rows than one call returns come complete and in the order of their keys', async () => {
  const reader = await laggingReader(async () => undefined);
  const page = await reader.page({ table: 'engagements', tenantId, within, limit: 240 });
  expect(page.rows.map((row) => row.rowKey)).toEqual(
    Array.from({ length: 240 }, (_, number) => `e${String(number).padStart(3, '0')}`),
  );
  expect(page.end).toBe('e239');
});

test('rows that a call left out are read again, after a pause', async () => {
  const { tableOf } = await createProjections(engine.client);
  for (let number = 0; number < 7; number += 1) {
    const Item = rowItem(tenantId, head(number, 'sell'));
    await engine.client.send(new PutItemCommand({ TableName: tableOf('engagements'), Item }));
  }
  // Beyond 16 MB DynamoDB returns only some of them, here two.
  const { client, calls } = answeringInPart(engine, 2);
  const random = vi.fn(() => 0);
  const reader = createRowReader({ client, tableOf, random });
  const page = await reader.page({ table: 'engagements', tenantId, within, limit: 7 });
  expect(page.rows.map((row) => row.rowKey)).toEqual(['e000', 'e001', 'e002', 'e003', 'e004', 'e005', 'e006']);
  expect(calls()).toBe(4);
  expect(random).toHaveBeenCalledTimes(3);
});

test('a row that left the index meanwhile is left out, and the page is filled with the next rows', async () => {
  const reader = await laggingReader(async (put) => {
    await put(head(1, 'procure'));
    await put(head(2, null));
  });
  const page = await reader.page({ table: 'engagements', tenantId, within, limit: 4 });
  expect(page.rows.map((row) => row.rowKey)).toEqual(['e000', 'e003', 'e004', 'e005']);
});

test('a row that changed meanwhile comes with its current columns', async () => {
  const reader = await laggingReader((put) => put(head(1, 'sell', 700)));
  const page = await reader.page({ table: 'engagements', tenantId, within, limit: 2 });
  expect(page.rows.map((row) => row.arrMinor)).toEqual([0, 700]);
});
