// Does the API answer its documents to anyone, only at their paths, packed where the client takes that, and with a strict policy for its pages?
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { catalogPage } from '../../../functions/documents/pages/catalogPage.ts';
import { homePage } from '../../../functions/documents/pages/homePage.ts';
import { withDocuments } from '../../../functions/http/documentRoutes.ts';
import { policyOf } from '../../../functions/http/pagePolicy.ts';
import { jsonAnswer } from '../../../functions/http/problem.ts';
import { fixtures } from '../../support/fixtures.ts';
import { requestOf } from '../../support/httpRequest.ts';

const asked = (path: string, headers: Readonly<Record<string, string>> = {}) => ({
  ...requestOf('GET', '', { headers }),
  rawPath: path,
});

const settings = (read: (file: string) => Promise<string>) => {
  const reported: unknown[] = [];
  const answer = withDocuments({
    read,
    others: async ({ rawPath }) => jsonAnswer(401, { rawPath }),
    report: (error) => void reported.push(error),
  });
  return { reported, answer };
};

const common = { 'cache-control': 'public, max-age=300', vary: 'accept-encoding', 'x-content-type-options': 'nosniff' };

it('answers the document unchanged and without a token, and lets clients cache it', async () => {
  const { answer } = settings(async () => '{"openapi":"3.1.1"}');
  expect(await answer(asked('/openapi.json'))).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json', ...common },
    body: '{"openapi":"3.1.1"}',
  });
});

it.each([
  ['/', 'home.html'],
  ['/docs', 'docs.html'],
])('answers the page at %s', async (path, file) => {
  const { answer } = settings(async (read) => `<style>a</style><p>${read}</p><script>b</script>`);
  const { statusCode, headers, body } = await answer(asked(path));
  expect([statusCode, body]).toEqual([200, `<style>a</style><p>${file}</p><script>b</script>`]);
  expect(headers).toMatchObject({
    ...common,
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
    'content-security-policy': policyOf(body),
  });
});

it.each(['/v1/flags', '/v1/openapi.json', '/openapi.json/', '/docs/', '/home.html', ''])(
  'leaves %s to the other routes',
  async (path) => {
    const { answer } = settings(async () => '{}');
    expect(await answer(asked(path))).toMatchObject({ statusCode: 401, body: JSON.stringify({ rawPath: path }) });
  },
);

it.each([
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['br', false],
  ['gzip;q=0', false],
  ['gzip;q=0.0, br', false],
  ['identity', false],
  ['xgzip', false],
])('packs for a client that takes %s: %s', async (encoding, packed) => {
  const { answer } = settings(async () => '{"é":1}');
  const { headers, body, isBase64Encoded } = await answer(asked('/openapi.json', { 'accept-encoding': encoding }));
  expect([headers['content-encoding'], isBase64Encoded]).toEqual(packed ? ['gzip', true] : [undefined, undefined]);
  expect(packed ? gunzipSync(Buffer.from(body, 'base64')).toString() : body).toBe('{"é":1}');
});

it('answers 503 where a document is missing, reports the error, and reads it again', async () => {
  const missing = new Error('no such file');
  let there = false;
  const { answer, reported } = settings(async () => (there ? '{}' : Promise.reject(missing)));
  const absent = await answer(asked('/openapi.json'));
  expect(absent.statusCode).toBe(503);
  expect(JSON.parse(absent.body)).toMatchObject({ reason: 'documentAbsent', status: 503 });
  expect(reported).toEqual([missing]);
  there = true;
  expect((await answer(asked('/openapi.json'))).statusCode).toBe(200);
});

describe.each([
  ['the first page', homePage({ version: '1.2.3' })],
  ['the catalog', catalogPage({ version: '1.2.3', fixtures, besideDocuments: false })],
])('%s', (_, page) => {
  const policy = policyOf(page);
  const textOf = (element: string): string => new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(page)?.[1] ?? '';
  const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

  it('may run and look only as it is written', () => {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${digest(textOf('script'))};`);
    expect(policy).toContain(`style-src ${digest(textOf('style'))};`);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('needs nothing that the policy forbids', () => {
    expect(page.match(/<(script|style)/g)).toEqual(['<style', '<script']);
    expect(page).not.toMatch(/ (style|on\w+|src)="|javascript:|<link|<img|<iframe|@import|url\(/i);
  });

  it('has a script that is whole, and takes no text for markup', () => {
    expect(() => new Function(`return async () => {${textOf('script')}}`)).not.toThrow();
    expect(textOf('script')).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval|Storage|cookie/);
  });

  it('links only to what the API serves, or to itself', () => {
    const links = [...page.matchAll(/ href="([^"]*)"/g)].map(([, link = '']) => link);
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id));
    for (const link of links)
      expect(link.startsWith('#') ? ids.has(link.slice(1)) : ['docs', 'openapi.json'].includes(link), link).toBe(true);
  });
});

it('the first page says where to go and how to get a token', () => {
  const page = homePage({ version: '1.2.3' });
  for (const told of ['href="docs"', 'href="openapi.json"', '/v1/health', 'npm run --silent token', 'Version 1.2.3'])
    expect(page).toContain(told);
});
