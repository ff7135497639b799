// Is a request that a foreign page makes refused on every listener, and one of this machine's own answered?
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serveCommands } from '../../../../infra/commands/commandServer.ts';
import { allowedHost } from '../../../../infra/local/http/foreignRequest.ts';
import { type Runtime, startRuntime } from '../../../../infra/local/runtime.ts';
import { rawRequest } from '../../../support/hostile/rawRequest.ts';
import { assemble, queue, temporaryFolder } from '../../../support/localTemplate.ts';

// A real runtime, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const temporary = temporaryFolder();
const tunnel = 'hooks.example.com';
let runtime: Runtime;
beforeAll(async () => {
  const template = await assemble(temporary.folder, { Work: queue('work') });
  runtime = await startRuntime({ dataDir: `${temporary.folder}/data`, template, hosts: [tunnel], serveCommands });
});
afterAll(async () => {
  await runtime.stop();
  temporary.remove();
});

/** Every listener, by a path of each of its servers. */
interface Door {
  readonly name: string;
  readonly listener: 'api' | 'services';
  readonly method: string;
  readonly path: string;
}
const doors: readonly Door[] = [
  { name: 'the API', listener: 'api', method: 'GET', path: '/v1/flags' },
  { name: 'a webhook', listener: 'api', method: 'POST', path: '/webhooks/stripe/c-1' },
  { name: "the issuer's documents", listener: 'api', method: 'GET', path: '/.well-known/jwks.json' },
  { name: 'the AWS endpoints', listener: 'services', method: 'POST', path: '/' },
  { name: 'the commands', listener: 'services', method: 'POST', path: '/_throughline/token' },
];

const urlOf = ({ listener }: Door): string => (listener === 'api' ? runtime.url : runtime.endpoints.sqs);
const portOf = (door: Door): string => new URL(urlOf(door)).port;
const ask = (door: Door, headers: readonly string[], target = door.path) =>
  rawRequest(urlOf(door), [`${door.method} ${target} HTTP/1.1`, ...headers]);

const foreignHosts = [
  'evil.example',
  'evil.example:4747',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1.nip.io',
  'evil.example@127.0.0.1',
  '127.0.0.1@evil.example',
  '127.0.0.1, evil.example',
  '127.0.0.1 evil.example',
  '127.0.0.2',
  '0.0.0.0',
  '[::]',
  '2130706433',
  '10.0.0.1',
  'localhost:4747:80',
  'localhost:',
  '.localhost',
  'xn--localhost-x',
  'hooks.example.com.evil.example',
  'evil-hooks.example.com',
];

const foreignOrigins = [
  'https://evil.example',
  'http://evil.example:4747',
  'null',
  '',
  'http://127.0.0.1',
  'http://127.0.0.1:3000',
  'http://localhost:3000',
  'file://',
  'chrome-extension://abcdef',
  'http://127.0.0.1:1@evil.example',
  'https://hooks.example.com.evil.example',
];

describe.each(doors)('$name', (door) => {
  it('refuses each foreign host, and says what to do', async () => {
    for (const host of foreignHosts) {
      const answer = await ask(door, [`host: ${host}`]);
      expect([host, answer.status], answer.body).toEqual([host, 403]);
      const mend =
        door.listener === 'api' ? 'start with: npm start -- --host NAME' : 'The AWS endpoints have no other name.';
      expect(JSON.parse(answer.body).message).toContain(mend);
    }
  });

  it('refuses a foreign host that stands second, or in the request line', async () => {
    const own = `host: 127.0.0.1:${portOf(door)}`;
    expect((await ask(door, [own, 'host: evil.example'])).status).toSatisfy(
      (status) => status === 400 || status === 403,
    );
    expect((await ask(door, [own], `http://evil.example${door.path}`)).status).toBe(403);
  });

  it('refuses each foreign origin, and every preflight, without a header that allows anything', async () => {
    const own = `host: 127.0.0.1:${portOf(door)}`;
    const preflight = ['access-control-request-method: POST', 'access-control-request-private-network: true'];
    const asked = foreignOrigins.flatMap((origin) => [[`origin: ${origin}`], [`origin: ${origin}`, ...preflight]]);
    for (const headers of [...asked, preflight, [`origin: http://127.0.0.1:${portOf(door)}`, ...preflight]]) {
      const answer = await ask(door, [own, ...headers]);
      expect([headers, answer.status], answer.body).toEqual([headers, 403]);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it.each(['cross-site', 'same-site'])('refuses what a page loads as an image or a script: %s', async (site) => {
    const own = `host: 127.0.0.1:${portOf(door)}`;
    const loaded = [own, `sec-fetch-site: ${site}`, 'sec-fetch-mode: no-cors'];
    expect((await ask(door, loaded)).status).toBe(403);
    expect((await ask(door, [own, `sec-fetch-site: ${site}`, 'sec-fetch-mode: navigate'])).status).not.toBe(403);
  });

  it('answers to the names of this machine, whatever the port of a forwarded one, and to pages of its own', async () => {
    for (const host of ['127.0.0.1', 'localhost', 'LocalHost', 'localhost.', '[::1]']) {
      for (const authority of [host, `${host}:${portOf(door)}`, `${host}:8080`]) {
        expect((await ask(door, [`host: ${authority}`])).status).not.toBe(403);
        if (host.endsWith('.')) continue;
        expect((await ask(door, [`host: ${authority}`, `origin: http://${authority.toLowerCase()}`])).status).not.toBe(
          403,
        );
      }
    }
  });

  it('answers under the name of a tunnel only where that was allowed, and never beside the API', async () => {
    const { status } = await ask(door, [`host: ${tunnel}`, `origin: https://${tunnel}`]);
    expect(status === 403).toBe(door.listener === 'services');
  });
});

it('names with other letters than those of a host are foreign, whatever they hold', async () => {
  const names = fc
    .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
    .filter((text) => !/[\r\n]/.test(text));
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      const { status } = await rawRequest(runtime.url, ['GET /v1/flags HTTP/1.1', `host: ${name}`]);
      const own = /^(localhost|127\.0\.0\.1|\[::1\]|hooks\.example\.com)\.?(:\d{1,5})?$/i.test(name.trim());
      expect(status === 403 || status === 400).toBe(!own);
    }),
    { numRuns: 300, examples: [['localhost'], ['LOCALHOST:1'], ['evil']] },
  );
});

it.each(['https://x.example', 'x.example:80', 'x.example/hooks', '*', '*.example.com', '', 'a b', 'x@y'])(
  '--host %s is refused: it is no name of a host',
  (given) => {
    expect(() => allowedHost(given)).toThrow(`--host ${given} is not the name of a host`);
  },
);

it('--host takes a name in any case', () => {
  expect(allowedHost('Hooks.Example.COM')).toBe(tunnel);
});
