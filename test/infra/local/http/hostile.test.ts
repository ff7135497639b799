// Does a hostile request to a port of the runtime end only itself? Exact bytes on real sockets; afterwards the same process answers a good request.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { operatorKey } from '../../../../infra/local/core/awsNames.ts';
import * as calls from '../../../support/hostile/hostileCalls.ts';
import * as requests from '../../../support/hostile/hostileRequests.ts';
import { type HostileRuntime, startHostileRuntime } from '../../../support/hostile/hostileRuntime.ts';
import { openRaw } from '../../../support/hostile/rawSocket.ts';
import { signedCall } from '../../../support/hostile/signedCall.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let runtime: HostileRuntime;
beforeAll(async () => {
  runtime = await startHostileRuntime({ bounds: { head: 800, request: 1_500, check: 50 } });
});
afterAll(() => runtime.stop());

const isWell = async (): Promise<void> => {
  const answers = await Promise.all([
    fetch(`${runtime.url}/odd/echo`, { method: 'POST', body: 'well' }),
    fetch(`${runtime.services}/_throughline/site`, {
      method: 'POST',
      headers: { authorization: `Bearer ${runtime.secret}` },
    }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await answers[0]?.text()).toBe('well');
  expect(runtime.lives()).toBe(true);
};

const statusOf = (text: string): number | 'closed' => {
  const [, status] = /^(?:HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 (\d{3}) /.exec(text) ?? [];
  return status === undefined ? 'closed' : Number(status);
};

const asked = async (url: string, sent: string): Promise<number | 'closed'> => {
  const raw = await openRaw(url);
  raw.send(sent);
  // A keep-alive connection stays open after its answer.
  const text = await raw.until(/^HTTP\/1\.1 (?!100)\d{3} [\s\S]*\r\n\r\n/);
  raw.socket.destroy();
  return statusOf(text);
};

describe.each([
  ['target', requests.targets],
  ['method or version', requests.methods],
  ['header', requests.headers],
  ['body', requests.bodies],
  ['token', requests.tokens],
  ['answer of a function', requests.functions],
])('on the HTTP API, an odd %s', (_kind, rows) => {
  it.each(rows)('%s', async (_name, sent, answered) => {
    expect(await asked(runtime.url, sent)).toBe(answered);
    await isWell();
  });
});

describe('on the port of services, an odd call', () => {
  it.each(calls.services)('%s', async (_name, sent, answered) => {
    expect(await asked(runtime.services, sent.replace('SECRET', runtime.secret))).toBe(answered);
    await isWell();
  });
});

describe('on the port of services, an odd call that is signed', () => {
  it.each(calls.calls)('%s', async (_name, headers, body, answered) => {
    const sent = signedCall(runtime.keys.credentialsOf(operatorKey), { headers, body });
    expect(await asked(runtime.services, sent)).toBe(answered);
    await isWell();
  });

  it('none of these, as a good one', async () => {
    const headers = ['x-amz-target: DynamoDB_20120810.ListTables', 'content-type: application/x-amz-json-1.0'];
    const sent = signedCall(runtime.keys.credentialsOf(operatorKey), { headers, body: '{}' });
    expect(await asked(runtime.services, sent)).toBe(200);
  });
});

/** What a client sends before it goes, and the answer after which it goes. */
const { head } = requests;
const goes: readonly (readonly [string, string, RegExp | undefined])[] = [
  ['before it has sent anything', '', undefined],
  ['within its head', 'GET / HT', undefined],
  ['within its body', `${head('POST /odd/echo HTTP/1.1', 'content-length: 100000')}begun`, undefined],
  ['within a chunk', `${head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked')}ff\r\nbegun`, undefined],
  [
    'after it was told to continue',
    head('POST /odd/echo HTTP/1.1', 'expect: 100-continue', 'content-length: 9'),
    /100 Continue/,
  ],
  ['while its function works', head('POST /odd/rejectsLater HTTP/1.1', 'content-length: 0'), undefined],
  ['within its answer', head('POST /odd/large HTTP/1.1', 'content-length: 0'), /200 OK/],
  ['with many requests sent ahead', head('POST /odd/large HTTP/1.1', 'content-length: 0').repeat(50), /200 OK/],
];

describe('a client that goes', () => {
  it.each(goes)('%s', async (_name, sent, after) => {
    for (const url of [runtime.url, runtime.services]) {
      const raw = await openRaw(url);
      if (sent !== '') raw.send(sent);
      if (after !== undefined && url === runtime.url) await raw.until(after);
      raw.reset();
      await isWell();
    }
  });
});

it('never named a request of this suite as one that it could not answer', () => {
  expect(runtime.told()).not.toContain('could not be answered');
  expect(runtime.told()).not.toContain('nothing caught');
});
