// Does the pipeline work as before where relay sends few types, and does a subscriber get these alone?
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { isObject } from '../../infra/local/core/json.ts';
import { mintToken } from '../../infra/local/http/tokens.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';
import { synthesize } from '../../infra/local/template/synthesize.ts';

const data = mkdtempSync(join(tmpdir(), 'throughline-narrowed-'));
const onBus: string[] = [];
let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({
    dataDir: data,
    template: await synthesize({ context: { relayTypes: 'OutcomeAgreed', gatherSeconds: '1' } }),
    interceptors: [
      async (call, pass) => {
        const entries = call.service === 'events' && call.caller === 'Relay' ? call.input.Entries : [];
        if (Array.isArray(entries)) onBus.push(...entries.filter(isObject).map(({ DetailType }) => String(DetailType)));
        return await pass();
      },
    ],
  });
});
afterAll(async () => {
  await runtime?.stop();
  rmSync(data, { recursive: true, force: true });
});

const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
  const { issuer, plan, url } = runtime;
  const request = { role: 'vendor', tenant: 'acme', subject: 'ann', seconds: 600 } as const;
  const token = await mintToken({ issuer, functions: plan.functions }, request);
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  return await (await fetch(`${url}${path}`, { ...init, headers })).json();
};
const say = (key: string, body: object) =>
  ask('/v1/facts', { method: 'POST', headers: { 'idempotency-key': key }, body: JSON.stringify(body) });

const Recorded = z.object({ events: z.array(z.object({ streamId: z.string() })) });
const Timeline = z.object({ items: z.array(z.object({ type: z.string() })) });

test('only what a rule takes, or the context names, reaches the bus; handovers and rows are as ever', async () => {
  const { events } = Recorded.parse(await say('one', { type: 'EngagementOpened', data: { segment: 'retail' } }));
  const engagement = events[0]?.streamId.split('/').at(-1) ?? '';
  const outcome = { outcomeId: 'o1', metric: 'restore time', unit: 'hours', target: 4 };
  await say('two', { type: 'OutcomeAgreed', engagement, data: outcome });
  await runtime.drained();
  // Sell recorded a third event, which no rule takes: that it was entered.
  expect(onBus.toSorted()).toEqual(['EngagementOpened', 'OutcomeAgreed']);
  const types = Timeline.parse(await ask(`/v1/engagements/${engagement}/events`)).items.map(({ type }) => type);
  expect(types.toSorted()).toEqual(['EngagementOpened', 'OutcomeAgreed', 'StageEntered']);
  expect(JSON.stringify(await ask('/v1/engagements'))).toContain('"stage":"sell"');
});
