// Is every page small enough for a function to answer, without a lost row?
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { streamIdOf } from '../../../events/identifiers.ts';
import { tablesOfEngagement } from '../../../functions/query/engagementReader.ts';
import { formats } from '../../../functions/query/tableFormat.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

// Real engines and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;

const Page = z.looseObject({
  cursor: z.string().optional(),
  items: z.array(z.looseObject({ data: z.looseObject({ handoffId: z.string() }).optional() })).default([]),
});
const Rows = z.array(z.looseObject({ rowKey: z.string(), handoffId: z.string().optional() }));

const offers = 60;
const largestAnswer = 6 * 1024 * 1024;
const handoffs = 800;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
  api = await createApi(engine, issuer);
  // Quotes grow most, because they are escaped in the row and again in the function's answer.
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
  const owner = '"'.repeat(1024);
  const offered = Array.from({ length: handoffs }, (_, number) =>
    fact(
      'HandoffOffered',
      { handoffId: `h${number}`, fromStage: 'create', toStage: 'mobilize', fromOwner: owner, toOwner: owner },
      { at: '2026-03-02T09:00' },
    ),
  );
  await api.record(...offered);
  await api.project();
});
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

/** All pages of a question; each is small enough to be answered, and there are several. */
const pagesOf = async (path: string, asked: Readonly<Record<string, string>> = {}) => {
  const pages: z.infer<typeof Page>[] = [];
  let cursor: string | undefined;
  do {
    const answer = await api.ask(vendor, path, { ...asked, ...(cursor !== undefined && { cursor }) });
    expect(answer.statusCode, answer.body.slice(0, 200)).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(largestAnswer);
    const page = Page.parse(JSON.parse(answer.body));
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(pages.length).toBeGreaterThan(1);
  return pages;
};

const numbered = Array.from({ length: handoffs }, (_, number) => `h${number}`);

test('as a timeline', async () => {
  const events = (await pagesOf('engagements/e1/events', { limit: '1000' })).flatMap(({ items }) => items);
  expect(events.map(({ data }) => data?.handoffId)).toEqual(numbered);
});

test.each([{}, { asOf: '2026-06-01' }])('as one engagement with all its rows, %o', async (asked) => {
  const pages = await pagesOf('engagements/e1', asked);
  for (const page of pages) expect(page.engagement).toMatchObject({ rowKey: 'e1' });
  for (const table of tablesOfEngagement.filter((name) => name !== 'engagements')) {
    const keys = pages.flatMap((page) => Rows.parse(page[table]).map(({ rowKey }) => rowKey));
    const whole = asked.asOf === undefined ? await api.all(vendor, `tables/${table}`) : undefined;
    if (whole !== undefined) expect(keys, table).toEqual(whole.items.map(({ rowKey }) => rowKey));
    expect(new Set(keys).size, table).toBe(keys.length);
  }
  const named = pages.flatMap((page) => Rows.parse(page.handoffs).map(({ handoffId }) => handoffId));
  expect(named.toSorted()).toEqual(numbered.toSorted());
});
