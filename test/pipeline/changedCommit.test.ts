// Is somebody called when a commit is changed or removed, by whatever operation, in the running pipeline?
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { mintToken } from '../../infra/local/http/tokens.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';

// The pipeline is bundled and synthesized, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const data = mkdtempSync(join(tmpdir(), 'throughline-changed-'));
let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ dataDir: data });
});
afterAll(async () => {
  await runtime?.stop();
  rmSync(data, { recursive: true, force: true });
});

const Recorded = z.object({ events: z.array(z.object({ streamId: z.string() })) });

/** Opens an engagement through the door, and answers its stream. */
const open = async (key: string): Promise<string> => {
  const { issuer, plan, url } = runtime;
  const request = { role: 'vendor', tenant: 'acme', subject: 'ann', seconds: 600 } as const;
  const token = await mintToken({ issuer, functions: plan.functions }, request);
  const answer = await fetch(`${url}/v1/facts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
    body: JSON.stringify({ type: 'EngagementOpened', data: { segment: 'retail' } }),
  });
  return Recorded.parse(await answer.json()).events[0]?.streamId ?? '';
};

const changed = (): readonly unknown[] =>
  runtime.queueStore.receive('Relay-Changed', 10).map(({ body }) => JSON.parse(body).detail);

test('an update, an overwrite and a removal each reach only the queue with the alarm', async () => {
  const table = runtime.plan.outputs.EventsTable ?? '';
  const stream = await open('one');
  await open('two');
  await runtime.drained();
  expect(changed()).toEqual([]);

  const Key = { stream: { S: stream }, version: { N: '1' } };
  const { Item } = z
    .object({ Item: z.record(z.string(), z.unknown()) })
    .parse(await runtime.engine.call('GetItem', { TableName: table, Key }));
  await runtime.engine.call('UpdateItem', {
    TableName: table,
    Key,
    UpdateExpression: 'SET recordedAt = :at',
    ExpressionAttributeValues: { ':at': { S: '2020-01-01T00:00:00.000Z' } },
  });
  await runtime.engine.call('PutItem', { TableName: table, Item: { ...Item, hash: { S: 'forged' } } });
  await runtime.engine.call('DeleteItem', { TableName: table, Key });
  await runtime.drained();

  const commit = { stream, version: 1 };
  expect(changed()).toEqual([
    { change: 'MODIFY', ...commit },
    { change: 'MODIFY', ...commit },
    { change: 'REMOVE', ...commit },
  ]);
  expect(runtime.queueStore.counts('Foundation-Pipeline-Unowned').visible).toBe(0);
});
