// Does `npm run export` bring a whole table? As it is page by page, into a file or through a pipe, and it says why where it can't.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { tableNames } from '../../../domain/rows/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { exportedTable, exportFormats, exportRequest } from '../../../infra/commands/exportTable.ts';
import { properties } from '../../../infra/local/core/json.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { temporaryFolder } from '../../support/localTemplate.ts';
import { run } from '../../support/processes.ts';

// Real engines and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const temporary = temporaryFolder();
let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let server: Server;
let [url, vendor] = ['', ''];
/** How many of the next requests find the API out of reach. */
let failing = 0;
/** How each of the next requests is broken off; '' is answered. */
let breaks: ('' | 'before' | 'in mid-body' | 'in a chunk')[] = [];
/** The first page, where it is not the API's own. */
let firstPage: string | undefined;
/** The cursors that were asked for, in order. */
let asked: (string | null)[] = [];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
  api = await createApi(engine, issuer);
  for (let number = 0; number < 25; number += 1) {
    const stream = streamIdOf(tenantId, 'engagement', `e${number}`);
    await api.record(fact('EngagementOpened', { segment: `=${number}, "x"` }, { at: '2026-03-01', stream }));
  }
  await api.project();
  server = createServer((request, response) => {
    const place = new URL(request.url ?? '/', 'http://localhost');
    if (place.pathname === '/openapi.json') {
      const paths = Object.fromEntries(
        ['health', ...tableNames.map((name) => `tables/${name}`)].map((path) => [`/v1/${path}`, {}]),
      );
      return void response.writeHead(200).end(JSON.stringify({ paths }));
    }
    asked.push(place.searchParams.get('cursor'));
    failing -= 1;
    if (failing >= 0) return void response.writeHead(503, { 'retry-after': '0' }).end();
    const broken = breaks.shift();
    if (broken === 'before') return void request.socket.destroy();
    if (firstPage !== undefined) return void response.writeHead(200, { 'x-next-cursor': 'next' }).end(firstPage);
    // Pages of ten, so that a table has several.
    const words = { ...Object.fromEntries(place.searchParams), limit: '10' };
    const token = request.headers.authorization?.replace('Bearer ', '');
    void api.ask(token, place.pathname.replace('/v1/', ''), words).then(({ statusCode, headers, body }) => {
      if (broken === undefined || broken === '') return void response.writeHead(statusCode, headers).end(body);
      const whole = broken === 'in mid-body' ? { 'content-length': Buffer.byteLength(body) } : {};
      response.writeHead(statusCode, { ...headers, ...whole });
      response.write(body.slice(0, body.length / 2), () => void request.socket.destroy());
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}, 60_000);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  temporary.remove();
  await Promise.all([engine.stop(), issuer.stop()]);
});

const rows = async () => (await api.all(vendor, 'tables/engagements')).items;
let pauses: number[] = [];
const pause = async (seconds: number): Promise<void> => void pauses.push(seconds);
const pages = (format: string, token = vendor): AsyncGenerator<string> =>
  exportedTable({ url, token }, exportRequest(properties({ table: 'engagements', format }, 'test')), pause);
const whole = async (format: string, token = vendor): Promise<string> =>
  (await Array.fromAsync(pages(format, token))).join('');

beforeEach(() => {
  [failing, breaks, firstPage, asked, pauses] = [0, [], undefined, [], []];
});

describe('the text of a table', () => {
  test('comes from all its pages, in each format', async () => {
    expect(JSON.parse(await whole('json'))).toEqual(await rows());
    const lines = (await whole('ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(await rows());
    const whole1000 = await api.ask(vendor, 'tables/engagements', { format: 'csv', limit: '1000' });
    expect(await whole('csv')).toBe(whole1000.body);
  });

  test('continues after a short outage of the API', async () => {
    const before = await whole('csv');
    failing = 3;
    expect(await whole('csv')).toBe(before);
  });

  test.each(exportFormats)('as %s requests a page again from its cursor after a broken connection', async (format) => {
    const before = await whole(format);
    const [first, second, third] = asked;
    asked = [];
    breaks = ['before', '', 'in mid-body', 'before', 'in a chunk', '', 'in mid-body'];
    expect(await whole(format)).toBe(before);
    expect(asked).toEqual([first, first, second, second, second, second, third, third]);
    expect(pauses).toEqual([1, 1, 2, 3, 1]);
  });

  test.each([
    [
      'csv',
      /It stopped after row 10\. Run the command again, .* or ask the API itself for the rest, from cursor=(\S+)\.$/,
    ],
    ['ndjson', /It stopped after row 10\. .* from cursor=(\S+)\.$/],
    ['json', /It stopped after row 10\. Run the command again, which begins at the first row\.$/],
  ])('as %s says where it stopped, after the last try, and how to go on', async (format, message) => {
    const before = await whole(format);
    const next = asked[1];
    breaks = ['', ...Array.from({ length: 5 }, () => 'in mid-body' as const)];
    const parts: string[] = [];
    const broken = async (): Promise<void> => {
      for await (const part of pages(format)) parts.push(part);
    };
    const error: unknown = await broken().catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/broke off 5 times, the last with: [^\n]+\n/);
    const [, cursor = next] = message.exec(String(error)) ?? [''];
    expect(String(error)).toMatch(message);
    expect(cursor).toBe(next);
    expect(pauses).toEqual([1, 2, 3, 4]);
    expect(before.startsWith(parts.join(''))).toBe(true);
    // What has come ends with a row: the rest goes after it.
    if (format === 'json') return;
    const rest = await fetch(`${url}/v1/tables/engagements?format=${format}&cursor=${cursor}`, {
      headers: { authorization: `Bearer ${vendor}` },
    });
    expect(before.startsWith(parts.join('') + (await rest.text()))).toBe(true);
  });

  test('counts rows, not lines: a cell may hold line breaks', async () => {
    firstPage = 'rowKey,note\r\n1,"a\r\nb"\r\n2,"""\r\n"\r\n';
    breaks = ['', ...Array.from({ length: 5 }, () => 'before' as const)];
    await expect(whole('csv')).rejects.toThrow('It stopped after row 2.');
  });

  test('says so where the first page did not come', async () => {
    breaks = Array.from({ length: 5 }, () => 'before' as const);
    await expect(whole('csv')).rejects.toThrow(/No row had come\. Run the command again\.$/);
    expect(asked).toHaveLength(5);
  });

  test('of an empty table is only a header, nothing, or an empty list', async () => {
    const nobody = await peopleOf(issuer).vendor({ tenant: 'nobody' });
    expect(JSON.parse(await whole('json', nobody))).toEqual([]);
    expect(await whole('ndjson', nobody)).toBe('');
    expect(await whole('csv', nobody)).toMatch(/^rowKey,engagementId,[^\r\n]*\r\n$/);
  });

  test('is refused with the API’s own message', async () => {
    await expect(whole('csv', 'not-a-token')).rejects.toThrow(/answered 401 for \/v1\/tables\/\w+: [^{}]+$/);
    const people = exportRequest(properties({ table: 'people' }, 'test'));
    await expect(Array.fromAsync(exportedTable({ url, token: vendor }, people))).rejects.toThrow('no table people');
    expect(() => exportRequest(properties({}, 'test'))).toThrow('Name the table');
    expect(() => exportRequest(properties({ table: 'flags', format: 'xml' }, 'test'))).toThrow(
      exportFormats.join(', '),
    );
  });
});

describe('the command', () => {
  const tokenFile = join(temporary.folder, 'token');
  const there = () => ['--url', `${url}/`, '--token-file', tokenFile];
  beforeAll(() => writeFileSync(tokenFile, vendor));

  test('writes to standard output, or to a file that appears only when it is complete', async () => {
    const csv = await whole('csv');
    expect(await run('export', 'engagements', ...there())).toBe(csv);
    const out = join(temporary.folder, 'engagements.ndjson');
    expect(await run('export', 'engagements', '--format', 'ndjson', '--out', out, ...there())).toBe('');
    expect(readFileSync(out, 'utf8')).toBe(await whole('ndjson'));
    expect(existsSync(`${out}.partial`)).toBe(false);
  });

  test('writes every table into a folder, and for Excel with a byte order mark and ids as text', async () => {
    const folder = join(temporary.folder, 'all');
    expect(await run('export', '--all', '--excel', '--out', folder, ...there())).toBe('');
    expect(readdirSync(folder).sort()).toEqual(tableNames.map((name) => `${name}.csv`).sort());
    const [head, first] = readFileSync(join(folder, 'engagements.csv'), 'utf8').split('\r\n');
    expect(head).toMatch(/^\uFEFFrowKey,engagementId,/);
    expect(first).toMatch(/^"=""e0""","=""e0""",/);
    expect(readFileSync(join(folder, 'flags.csv'), 'utf8')).toMatch(/^\uFEFFrowKey,[^\r\n]*\r\n$/);
    const plain = join(temporary.folder, 'plain');
    await run('export', '--all', '--format', 'ndjson', '--out', plain, ...there());
    expect(readFileSync(join(plain, 'engagements.ndjson'), 'utf8')).toBe(await whole('ndjson'));
  });

  test('says what is wrong with every table, or with a file for Excel', async () => {
    await expect(run('export', '--all', ...there())).rejects.toThrow('--all needs --out DIR');
    await expect(run('export', 'flags', '--all', '--out', 'x', ...there())).rejects.toThrow('leave flags out');
    await expect(run('export', 'flags', '--excel', '--format', 'json', ...there())).rejects.toThrow(
      'leave --format json out',
    );
    const nobody = ['--url', 'http://127.0.0.1:1', '--token-file', tokenFile];
    await expect(run('export', '--all', '--out', temporary.folder, ...nobody)).rejects.toThrow(
      '127.0.0.1:1 could not be reached: bad port',
    );
  });

  test('says what is wrong, and leaves no file', async () => {
    const out = join(temporary.folder, 'people.csv');
    await expect(run('export', 'people', '--out', out, ...there())).rejects.toThrow(
      /no table people; there are[^\n]*\n$/,
    );
    expect(existsSync(out)).toBe(false);
    await expect(run('export', 'flags', '--token-file', tokenFile)).rejects.toThrow('--token-file goes with --url');
    await expect(run('export', 'flags')).rejects.toThrow('--tenant ID');
    await expect(run('export', 'flags', 'deadlines', ...there())).rejects.toThrow(
      'Name only one table, not flags deadlines',
    );
    await expect(run('export', 'flags', '--tenant', 'acme', ...there())).rejects.toThrow('the token names the tenant');
    await expect(run('export', 'flags', '--url', 'api', '--token-file', tokenFile)).rejects.toThrow(
      '--url api is not a URL',
    );
    const nowhere = join(temporary.folder, 'nowhere', 'flags.csv');
    await expect(run('export', 'flags', '--out', nowhere, ...there())).rejects.toThrow(
      /--out \S+ can't be written: ENOENT[^\n]*\n$/,
    );
    // A port that fetch itself forbids: its reason is the cause's.
    const nobody = ['--url', 'http://127.0.0.1:1', '--token-file', tokenFile];
    await expect(run('export', 'flags', ...nobody)).rejects.toThrow('127.0.0.1:1 could not be reached: bad port');
  });
});
