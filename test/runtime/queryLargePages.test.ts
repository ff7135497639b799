// Is a page never too large for a function to answer? Long rows make shorter pages, and none is lost between them.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { streamIdOf } from '../../events/identifiers.ts';
import { formats } from '../../functions/runtime/tableFormat.ts';
import { type Api, createApi, peopleOf } from '../support/api.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { fact, tenantId } from '../support/events.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';

// Real engines and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;

const offers = 60;
const largestAnswer = 6 * 1024 * 1024;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
  api = await createApi(engine, issuer);
  // Quotes are what grows most: escaped in the row, and once more in the function's answer.
  const capabilities = Array.from({ length: 200 }, () => '"'.repeat(200));
  for (let number = 0; number < offers; number += 1) {
    const offerId = `o${String(number).padStart(2, '0')}`;
    const said = {
      offerId,
      version: 1,
      components: [{ componentId: 'c', kind: 'base_licence' as const }],
      capabilities,
    };
    await api.record(
      fact('OfferPublished', said, { at: '2026-01-01', stream: streamIdOf(tenantId, 'offer', offerId) }),
    );
  }
  await api.project();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

test.each(formats)('as %s', async (format) => {
  const lengths: number[] = [];
  const bodies: string[] = [];
  let cursor: string | undefined;
  do {
    const asked = { format, limit: '1000', ...(cursor !== undefined && { cursor }) };
    const answer = await api.ask(vendor, 'tables/offers', asked);
    expect(answer.statusCode).toBe(200);
    lengths.push(Buffer.byteLength(JSON.stringify(answer)));
    bodies.push(answer.body);
    cursor = format === 'json' ? JSON.parse(answer.body).cursor : answer.headers['x-next-cursor'];
  } while (cursor !== undefined);
  expect(Math.max(...lengths)).toBeLessThan(largestAnswer);
  expect(lengths.length).toBeGreaterThan(1);
  const ids = [...bodies.join('').matchAll(/o\d\d#0001/g)].map(([id]) => id);
  expect(ids).toEqual(Array.from({ length: offers }, (_, number) => `o${String(number).padStart(2, '0')}#0001`));
});
