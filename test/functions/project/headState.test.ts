// Is the head of every owner stored in few bytes, and read back unchanged?
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../../domain/rows/row.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { bareHead, type HeadPlace } from '../../../functions/project/headPlace.ts';
import { createHeadReader } from '../../../functions/project/headReader.ts';
import { StoredHead, storedHead } from '../../../functions/project/headState.ts';
import { createProjectionStore } from '../../../functions/project/projectionStore.ts';
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

const engagement: HeadPlace = { table: 'engagements', tenantId, rowKey: engagementId };
const offer: HeadPlace = { table: 'reference_heads', tenantId, rowKey: 'offer/o1' };

test('a stored head is read back unchanged', () => {
  expect(StoredHead().parse(storedHead({ ...state, ...other }))).toEqual({ ...state, ...other });
});

test('the state of ten rows and ten streams takes less than half of its text', () => {
  const ids = Array.from({ length: 10 }, (_, index) => crypto.randomUUID().replace(/^./, String(index)));
  const many = {
    basis: Object.fromEntries(ids.map((id) => [`northwind/identity/${id}`, 1])),
    digests: Object.fromEntries(ids.map((id, index) => [`flags|${ids[0]}#${id}`, `digest ${index}`])),
  };
  expect(storedHead({ ...many, ...other }).headState.length).toBeLessThan(JSON.stringify(many).length / 2);
});

test.each([
  ['an engagement’s', engagement, headRow, engagementStream],
  ['an offer’s', offer, bareHead(offer, undefined), streamIdOf(tenantId, 'offer', 'o1')],
])('%s head is written packed, and the store and the reader of heads both read it', async (_, place, row, stream) => {
  const { tableOf } = await createProjections(engine.client);
  const store = createProjectionStore({ client: engine.client, tableOf, random: Math.random });
  const reader = createHeadReader({ client: engine.client, tableOf, eventsTable: 'none' });
  const { revision: __, ...head } = { ...other, ...state };
  const written = await store.write({ place, headRow: row, head, puts: [], deletes: [], against: undefined });
  expect(written).toEqual({ outcome: 'written', head: { ...head, revision: 1 } });
  const Key = { tenantId: { S: tenantId }, rowKey: { S: place.rowKey } };
  const { Item } = await engine.client.send(new GetItemCommand({ TableName: tableOf(place.table), Key }));
  expect(Object.keys(Item ?? {})).toContain('headState');
  expect(Object.keys(Item ?? {})).not.toContain('basis');
  expect(await store.head(place)).toEqual({ ...head, revision: 1 });
  expect((await reader.head(stream))?.basis).toEqual(state.basis);
});
