// Do CSV and NDJSON hold the same rows as JSON, for every caller, whatever the size of the pages?
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { askedNames } from '../../../domain/rows/catalog.ts';
import { canonicalJson, derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import type { HttpAnswer } from '../../../functions/http/problem.ts';
import { columnsOf } from '../../../functions/query/tableFormat.ts';
import { type Api, createApi, type Item, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

// Real engines and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const leadPartner = { system: 'erp', kind: 'account', id: 'nordlys' };
const distributor = { system: 'erp', kind: 'account', id: 'distributor' };
const customer = { system: 'erp', kind: 'account', id: 'customer' };
const partnerId = parseStreamId(derivedPartyOf(tenantId, leadPartner)).id;

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, partner] = ['', ''];

/** Texts that a spreadsheet or a careless writer would spoil. */
const segments = ['=HYPERLINK("http://x")', '-1', 'tab\there', 'a "b", c', 'Øst; Vest', 'A;=1+1', '@home', "'=x"];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, partner] = await Promise.all([people.vendor(), people.partner(partnerId)]);
  api = await createApi(engine, issuer);
  for (const [number, segment] of segments.entries()) {
    const stream = streamIdOf(tenantId, 'engagement', `e${number}`);
    const price = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
    await api.record(
      fact('EngagementOpened', { segment, ...(number % 2 === 0 && { leadPartner }) }, { at: '2026-03-01', stream }),
      fact('DealClosed', { result: 'won' }, { at: '2026-03-10', stream }),
      fact(
        'OrderPlaced',
        {
          claimedBy: 'distributor',
          orderId: 'o',
          legs: [
            { seq: 1, component: 'c', seller: distributor, buyer: leadPartner, amount: price(8000) },
            { seq: 2, component: 'c', seller: distributor, buyer: customer, amount: price(number) },
          ],
        },
        { at: '2026-03-12', stream },
      ),
    );
  }
  await api.project();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

/** Every page of a file; each page names the address of the next. */
const pagesOf = async (token: string, table: string, asked: Readonly<Record<string, string>>) => {
  const pages: HttpAnswer[] = [];
  let url = new URL(`https://throughline.test/v1/tables/${table}?${new URLSearchParams(asked)}`);
  for (;;) {
    const page = await api.ask(token, `tables/${table}`, Object.fromEntries(url.searchParams));
    if (page.statusCode !== 200) throw new Error(page.body);
    pages.push(page);
    const next = /^<([^>]*)>; rel="next"$/.exec(page.headers.link ?? '')?.[1];
    expect(page.headers['x-next-cursor'] !== undefined).toBe(next !== undefined);
    if (next === undefined) return pages;
    url = new URL(next, url);
  }
};
const fileOf = (pages: readonly HttpAnswer[]): string => pages.map(({ body }) => body).join('');

const unguarded = (text: string): string => {
  const later = text.replaceAll(/([;|\t\r\n]["\s]*)'('*[=+\-@＝＋－＠])/g, '$1$2');
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(later) ? later.slice(1) : later;
};
const Lines = z.array(z.record(z.string(), z.string().nullable()));
const readCsv = (file: string) =>
  Lines.parse(
    parse(file, {
      columns: true,
      record_delimiter: '\r\n',
      cast: (text, { quoting }) => (text === '' && !quoting ? null : unguarded(text)),
    }),
  );
const asText = (table: (typeof askedNames)[number], row: Item) =>
  Object.fromEntries(
    columnsOf(table).map((name) => {
      const cell = row[name];
      if (cell === null || typeof cell === 'string') return [name, cell];
      return [name, typeof cell === 'object' ? canonicalJson(cell) : String(cell)];
    }),
  );

test('a file for Excel begins with a byte order mark on its first page alone, and other formats have none', async () => {
  const pages = await pagesOf(vendor, 'engagements', { format: 'csv', excel: 'true', limit: '3' });
  expect(pages.map(({ body }) => body.startsWith('\uFEFFrowKey,'))).toEqual(pages.map((_, page) => page === 0));
  expect(fileOf(pages).slice(1)).not.toContain('\uFEFF');
  expect(pages[0]?.body).toContain('"=""e0""","=""e0""",');
  const other = await api.ask(vendor, 'tables/engagements', { format: 'ndjson', excel: 'true' });
  expect([other.statusCode, JSON.parse(other.body).reason]).toEqual([400, 'excelWithoutCsv']);
  const word = await api.ask(vendor, 'tables/engagements', { format: 'csv', excel: 'yes' });
  expect([word.statusCode, JSON.parse(word.body).reason]).toEqual([400, 'excelUnknown']);
});

describe.each(askedNames)('%s', (table) => {
  test('holds in CSV and NDJSON what it holds in JSON, for vendors and for partners', async () => {
    for (const token of [vendor, partner]) {
      const { items } = await api.all(token, `tables/${table}`);
      const csv = fileOf(await pagesOf(token, table, { format: 'csv', limit: '3' }));
      expect(csv.slice(0, csv.indexOf('\r\n'))).toBe(columnsOf(table).join(','));
      expect(readCsv(csv)).toEqual(items.map((row) => asText(table, row)));
      const ndjson = fileOf(await pagesOf(token, table, { format: 'ndjson', limit: '3' }));
      expect(
        ndjson
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line)),
      ).toEqual(items);
    }
  });
});

test('pages of any length, joined, are one file', async () => {
  const formats = fc.constantFrom('csv', 'ndjson');
  const tables = fc.constantFrom('engagements', 'order_legs', 'flags', 'flag_evidence');
  const whole = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(formats, tables, fc.integer({ min: 1, max: 20 }), async (format, table, limit) => {
      const asked = JSON.stringify([format, table]);
      if (!whole.has(asked)) whole.set(asked, fileOf(await pagesOf(vendor, table, { format })));
      expect(fileOf(await pagesOf(vendor, table, { format, limit: String(limit) }))).toBe(whole.get(asked));
    }),
    { numRuns: 30 },
  );
});

describe('a page of a file', () => {
  test('has headers for its type, its date, the freshness and the next page', async () => {
    const [first, second] = await pagesOf(vendor, 'order_legs', { format: 'csv', limit: '5', partner: partnerId });
    expect(first?.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="order_legs.csv"',
      'x-as-of': '2026-06-30T12:00:00.000Z',
      'x-freshness': '[]',
    });
    expect(first?.headers.link).toBe(
      `<?format=csv&limit=5&partner=${partnerId}&cursor=${first?.headers['x-next-cursor']}>; rel="next"`,
    );
    expect(second?.headers['content-type']).toBe('text/csv; charset=utf-8; header=absent');
    expect(await api.ask(vendor, 'tables/flags', { format: 'ndjson' })).toMatchObject({
      headers: { 'content-type': 'application/x-ndjson', 'content-disposition': 'attachment; filename="flags.ndjson"' },
    });
  });

  test('has a cursor that is valid only for its format and its caller', async () => {
    const { headers } = await api.ask(vendor, 'tables/engagements', { format: 'csv', limit: '2' });
    const cursor = headers['x-next-cursor'] ?? '';
    const refused = { status: 400, body: { reason: 'cursorNotOfThisQuery' } };
    expect(await api.get(vendor, 'tables/engagements', { cursor })).toMatchObject(refused);
    expect(await api.get(vendor, 'tables/engagements', { cursor, format: 'ndjson' })).toMatchObject(refused);
    expect(await api.get(partner, 'tables/engagements', { cursor, format: 'csv' })).toMatchObject(refused);
    expect(await api.ask(vendor, 'tables/engagements', { cursor, format: 'csv' })).toMatchObject({ statusCode: 200 });
  });

  test('shows a partner its own legs, and of other legs only that they are not its own', async () => {
    const legs = readCsv(fileOf(await pagesOf(partner, 'order_legs', { format: 'csv' })));
    expect(legs).toHaveLength(8);
    for (const { seq, amountMinor, sellerId, retainedReason } of legs) {
      expect([amountMinor, sellerId === null]).toEqual(seq === '1' ? ['8000', false] : [null, true]);
      expect(retainedReason).toBe('not_yours');
    }
  });
});
