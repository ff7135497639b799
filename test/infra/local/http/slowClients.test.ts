// Can clients that hold connections, and send or read nothing, keep others out? Each is bounded, and makes room for who comes.
import { afterEach, expect, it, vi } from 'vitest';
import type { RuntimeOptions } from '../../../../infra/local/runtime.ts';
import { head } from '../../../support/hostile/hostileRequests.ts';
import { type HostileRuntime, startHostileRuntime } from '../../../support/hostile/hostileRuntime.ts';
import { openRaw, type RawSocket } from '../../../support/hostile/rawSocket.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const start = async (options: Partial<RuntimeOptions>): Promise<HostileRuntime> => {
  const runtime = await startHostileRuntime(options);
  endings.push(runtime.stop);
  return runtime;
};

/** So many connections that have sent the same bytes. */
const openMany = async (url: string, count: number, sent: string): Promise<readonly RawSocket[]> => {
  const opened: RawSocket[] = [];
  for (let index = 0; index < count; index += 1) {
    const raw = await openRaw(url);
    endings.push(() => void raw.socket.destroy());
    if (sent !== '') raw.send(sent);
    opened.push(raw);
  }
  return opened;
};

const isWell = async ({ url, lives }: HostileRuntime): Promise<void> => {
  const answer = await fetch(`${url}/odd/echo`, { method: 'POST', body: 'well' });
  expect([answer.status, await answer.text()]).toEqual([200, 'well']);
  expect(lives()).toBe(true);
};

const withBody = head('POST /odd/echo HTTP/1.1', 'content-length: 100');

it.each([
  ['have sent nothing', ''],
  ['don’t finish their heads', 'GET / HTTP/1.1\r\nx: '],
  ['don’t finish their bodies', `${withBody}begun`],
])('a listener full of clients that %s lets one of them go for a new one', async (_what, sent) => {
  const runtime = await start({ bounds: { connections: 8 } });
  const held = await openMany(runtime.url, 8, sent);
  await isWell(runtime);
  expect(await Promise.race(held.map((each) => each.closed()))).toBe('');
});

it('keeps a connection that waits for its answer, and tells a new client to come again', async () => {
  const runtime = await start({ bounds: { connections: 2 } });
  // The second request is read together with the first, so it is under way when that is answered.
  const sent = ['echo', 'hangs'].map((path) => head(`POST /odd/${path} HTTP/1.1`, 'content-length: 0')).join('');
  const [first, second] = await openMany(runtime.url, 2, sent);
  await Promise.all([first?.until(/200 OK/), second?.until(/200 OK/)]);
  const [third] = await openMany(runtime.url, 1, head('GET /nowhere HTTP/1.1'));
  const told = (await third?.closed()) ?? '';
  expect(told).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1/);
  expect([first?.socket.destroyed, second?.socket.destroyed]).toEqual([false, false]);
});

it('ends a client that doesn’t read its answers', async () => {
  const runtime = await start({ bounds: { silence: 400 } });
  const [deaf] = await openMany(runtime.url, 1, '');
  deaf?.socket.pause();
  // More than the system keeps for a connection.
  deaf?.send(head('POST /odd/large HTTP/1.1', 'content-length: 0').repeat(6));
  // Those that come later are silent for a shorter time when they are closed.
  for (let later = 0; later < 4; later += 1) {
    const [silent] = await openMany(runtime.url, 1, '');
    await silent?.closed();
  }
  deaf?.socket.resume();
  expect(((await deaf?.closed()) ?? '').length).toBeLessThan(6 * 5_000_000);
  await isWell(runtime);
});

it('answers 503 to what one connection sends ahead beyond the bound, in order', async () => {
  const runtime = await start({ bounds: { ahead: 3 } });
  const [ahead] = await openMany(runtime.url, 1, head('POST /odd/echo HTTP/1.1', 'content-length: 0').repeat(20));
  ahead?.send(head('GET /nowhere HTTP/1.1', 'connection: close'));
  const statuses = [...((await ahead?.closed()) ?? '').matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
  expect(statuses).toHaveLength(21);
  expect(statuses.slice(0, 3)).toEqual(['200', '200', '200']);
  expect(statuses.slice(3, 20)).toContain('503');
  await isWell(runtime);
});

it('lets a function reach the services while strangers hold all connections to them', async () => {
  const runtime = await start({ bounds: { connections: 4 } });
  await openMany(runtime.services, 4, 'POST / HTTP/1.1\r\nx: ');
  const answer = await fetch(`${runtime.url}/odd/calls`, { method: 'POST', body: '' });
  expect([answer.status, await answer.text()]).toEqual([200, '400']);
});

it('answers 503 to callers whom no worker is free for in time, and works on when one is', async () => {
  const runtime = await start({
    timing: { requestsAtOnce: 2, callersWait: { burst: 50, standing: 10, callers: 100 } },
  });
  await openMany(runtime.url, 2, head('POST /odd/hangs HTTP/1.1', 'content-length: 0'));
  const refused = await openMany(
    runtime.url,
    5,
    head('POST /odd/echo HTTP/1.1', 'content-length: 0', 'connection: close'),
  );
  for (const each of refused) {
    expect(await each.closed()).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1[\s\S]*Service Unavailable/);
  }
  // The events that hang end at their timeout, and their workers with them.
  const well = async (): Promise<void> => {
    const { status } = await fetch(`${runtime.url}/odd/echo`, { method: 'POST', body: 'well' });
    if (status === 503) await well();
    else expect(status).toBe(200);
  };
  await well();
});
