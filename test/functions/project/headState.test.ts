// Does a head still say what its rows rest on, however it was written?

import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../../domain/rows/row.ts';
import { createHeadReader } from '../../../functions/project/headReader.ts';
import { packState, StoredState } from '../../../functions/project/headState.ts';
import { createProjectionStore, rowItem } from '../../../functions/project/projectionStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementId, engagementStream, tenantId } from '../../support/histories/events.ts';
import { createProjections } from '../../support/projections.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const state = {
  basis: { [engagementStream]: 12, 'acme/policy/policy': 0 },
  digests: { [`engagements|${engagementId}`]: 'abcdefghijkl', [`flags|${engagementId}#f`]: 'mnopqrstuvwx' },
};
const other = { evaluatedAt: '2026-03-01T00:00:00.000Z', release: 1, computedBy: 'code', revision: 3 };
const headRow: Row = { table: 'engagements', rowKey: engagementId, columns: { engagementId } };

test('what is packed is unpacked as it was', () => {
  expect(StoredState.parse({ headState: packState(state) })).toEqual(state);
});

test('ten rows and ten streams take less than half of their text', () => {
  const ids = Array.from({ length: 10 }, (_, index) => crypto.randomUUID().replace(/^./, String(index)));
  const many = {
    basis: Object.fromEntries(ids.map((id) => [`northwind/identity/${id}`, 1])),
    digests: Object.fromEntries(ids.map((id, index) => [`flags|${ids[0]}#${id}`, `digest ${index}`])),
  };
  expect(packState(many).length).toBeLessThan(JSON.stringify(many).length / 2);
});

test('a head of before is read, and written again packed', async () => {
  const { tableOf } = await createProjections(engine.client);
  const table = tableOf('engagements');
  const { basis, digests } = state;
  const attributes = marshall({ ...other, basis, digests: JSON.stringify(digests) });
  await engine.client.send(
    new PutItemCommand({ TableName: table, Item: { ...rowItem(tenantId, headRow), ...attributes } }),
  );
  const store = createProjectionStore({ client: engine.client, tableOf, random: Math.random });
  const reader = createHeadReader({ client: engine.client, engagementsTable: table, eventsTable: 'none' });
  const against = await store.head(tenantId, engagementId);
  expect(against).toEqual({ ...other, ...state });
  expect((await reader.head(engagementStream))?.basis).toEqual(basis);

  const { revision: _, ...head } = { ...other, ...state };
  const written = await store.write({ tenantId, headRow, head, puts: [], deletes: [], against });
  expect(written).toEqual({ outcome: 'written', head: { ...head, revision: 4 } });
  const Key = { tenantId: { S: tenantId }, rowKey: { S: engagementId } };
  const { Item } = await engine.client.send(new GetItemCommand({ TableName: table, Key }));
  expect(Object.keys(Item ?? {})).toContain('headState');
  expect(Object.keys(Item ?? {})).not.toContain('basis');
  expect(Object.keys(Item ?? {})).not.toContain('digests');
  expect(await store.head(tenantId, engagementId)).toEqual({ ...head, revision: 4 });
  expect((await reader.head(engagementStream))?.basis).toEqual(basis);
});
