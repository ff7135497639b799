// Are the files and lines that the README names enough to extend the product? A copy of the tree gets one extension of each kind.
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { sendCommand } from '../infra/commands/commandServer.ts';
import { extendedTree } from './support/extending/extendedTree.ts';
import { type Instance, processesOf } from './support/processes.ts';
import { removeRows } from './support/rows/removedRows.ts';

// Compilers, bundles and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const tree = extendedTree({
  'a failure pattern': 'unpaidWork',
  'a source': 'notebook',
  'a table': 'workLog',
  'a rollup': 'partnerWork',
});
afterAll(() => tree.remove());

test('the types of the copy hold', async () => {
  expect(await tree.types()).toBe('');
});

test('its doorman and the tests of its catalogs pass, except for the column that does not declare who sees it', async () => {
  const { passed, failures } = await tree.tests(
    'test/architecture.test.ts',
    'test/domain/patterns/evaluate.test.ts',
    'test/domain/rows/catalog.test.ts',
    'test/events/sources/connecting.test.ts',
    'test/functions/documents/openApi.test.ts',
    'test/functions/documents/tableSchemas.test.ts',
    'test/functions/http/requestRoundTrips.test.ts',
    'test/functions/query/queryScopeTables.test.ts',
    'test/infra/commands/connect/connectUsage.test.ts',
    'test/infra/grants.test.ts',
  );
  expect(failures.map(({ test: name }) => name)).toEqual([
    'the catalog work_log describes itself and each column, and indexes its own',
  ]);
  expect(failures[0]?.says).toContain(
    "say who sees them: forEveryone, forParties, forVendor: expected [ 'minutes' ] to deeply equal []",
  );
  expect(passed).toBeGreaterThan(100);
});

const tenant = 'acme';
const Token = z.object({ token: z.string() });
const Connected = z.object({ url: z.string(), secret: z.string() });
const Rows = z.looseObject({ items: z.array(z.record(z.string(), z.unknown())) });

describe('one engagement, through the pipeline of the copy', () => {
  const { run, startInstance } = processesOf(tree.folder);
  const data = join(tree.folder, 'data');
  let instance: Instance | undefined;
  beforeAll(async () => {
    instance = await startInstance('--port', '0', '--data', data);
  });
  afterAll(() => instance?.stop());

  const tokenOf = async (claims: object): Promise<string> =>
    Token.parse((await sendCommand(data, 'token', { tenant, ...claims }))?.answer).token;

  /** What the API answers, as text; by the vendor unless another token is given. */
  const read = async (path: string, token?: string): Promise<string> => {
    const authorization = `Bearer ${token ?? (await tokenOf({ role: 'vendor' }))}`;
    const answer = await fetch(`${instance?.url}/v1/${path}`, { headers: { authorization } });
    const text = await answer.text();
    expect(answer.status, `${path}: ${text}`).toBe(200);
    return text;
  };
  const rows = async (path: string, token?: string) => Rows.parse(JSON.parse(await read(path, token))).items;
  const works = async (token?: string) =>
    (await rows('tables/work_log', token)).toSorted((a, b) => (String(a.workId) < String(b.workId) ? -1 : 1));
  /** The rows of the toy table and of the toy rollup's. */
  const toyRows = async () => [await works(), await rows('tables/partner_work')];

  let partner: unknown;

  test('the source connects, refuses a wrong signature, and translates', async () => {
    const { url, secret } = Connected.parse(
      JSON.parse(await run('connect', 'notebook', '--tenant', tenant, '--account', 'page-1', '--data', data)),
    );
    const send = async (note: object, by = secret): Promise<number> => {
      const body = JSON.stringify({ deal: 'D-1', partner: 'P-1', ...note });
      const signature = createHmac('sha256', by).update(body).digest('hex');
      return (await fetch(url, { method: 'POST', body, headers: { 'notebook-signature': signature } })).status;
    };
    expect(await send({ id: 'n-1', at: '2026-03-02T09:00:00Z', minutes: 4711 }, 'guessed')).toBe(401);
    expect(await send({ id: 'n-1', at: '2026-03-02T09:00:00Z', minutes: 4711 })).toBe(202);
    expect(await send({ id: 'n-2', at: '2026-03-03T09:00:00Z', minutes: 45 })).toBe(202);
    await sendCommand(data, 'drained', {});

    expect(await rows('unmatched')).toEqual([]);
    const [engagement] = await rows('engagements');
    partner = engagement?.leadPartnerId;
    const events = await rows(`engagements/${String(engagement?.rowKey)}/events`);
    // Sorted, because the two notes may be translated in either order.
    const types = events.filter(({ source }) => source === 'notebook:page-1').map(({ type }) => type);
    expect(types.toSorted()).toEqual(['EngagementOpened', 'WorkLogged', 'WorkLogged']);
  });

  test('the flag of the pattern is raised', async () => {
    expect(await rows('flags?pattern=unpaidWork')).toMatchObject([
      { rule: 'P9.1', title: 'Work that nobody pays for', status: 'open', leadPartnerId: partner },
    ]);
  });

  test('the rows of the table and of the rollup are written, and a rebuild makes them again', async () => {
    const written = await toyRows();
    const [ofTable, ofRollup] = written;
    expect(ofTable, 'rows of the table').toMatchObject([
      { workId: 'n-1', minutes: 4711 },
      { workId: 'n-2', minutes: 45 },
    ]);
    expect(ofRollup, 'rows of the rollup').toMatchObject([{ leadPartnerId: partner, minutes: 4756 }]);
    expect(await removeRows(data)).toBeGreaterThan(0);
    expect(await toyRows(), 'rows once they are removed').toEqual([[], []]);
    await run('rebuild', '--data', data);
    expect(await toyRows(), 'rows after a rebuild').toEqual(written);
  });

  test('a partner sees a column declared for everyone, and nothing of a column that declares nothing', async () => {
    const token = await tokenOf({ role: 'partner', partner });
    expect(await works(token)).toMatchObject([
      { workId: 'n-1', minutes: null },
      { workId: 'n-2', minutes: null },
    ]);
    expect(await read('tables/work_log?format=csv')).toContain('4711');
    expect(await read('tables/work_log?format=csv', token)).not.toContain('4711');
    expect(await rows('tables/partner_work', token)).toMatchObject([{ minutes: 4756 }]);
  });
});
