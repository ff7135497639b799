// Does a person see what time does, by a clock that is moved: flags that fall due, senders who still sign with the real time, and no way back?
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { aheadOf, clockTarget } from '../../../infra/local/core/directoryClock.ts';
import { type Instance, run, startInstance } from '../../support/processes.ts';
import { senderOf } from '../../support/sender.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const data = mkdtempSync(join(tmpdir(), 'throughline-clock-'));
let instance: Instance | undefined;
const started = async (...args: readonly string[]): Promise<Instance> => {
  instance = await startInstance('--port', '0', '--data', data, ...args);
  return instance;
};
beforeAll(() => started());
afterAll(async () => {
  await instance?.stop();
  rmSync(data, { recursive: true, force: true });
});

const connect = (account: string) =>
  run(
    ...['connect', 'cloudevents', '--tenant', 'acme', '--account', account],
    ...['--allow', 'EngagementOpened,DealClosed', '--data', data],
  );
const drained = () => run('clock', '--data', data);

const Flags = z.looseObject({ asOf: z.string(), items: z.array(z.looseObject({ rule: z.string() })) });
const flags = async (url: string) => {
  const token = (await run('token', '--role', 'vendor', '--tenant', 'acme', '--data', data)).trim();
  const answer = await fetch(`${url}/v1/flags?status=open`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  const { asOf, items } = Flags.parse(await answer.json());
  return { asOf, rules: items.map(({ rule }) => rule).sort() };
};

it('raises what falls due, keeps its time over a restart, and takes messages that are signed by the real time', async () => {
  let { url } = instance ?? (await started());
  const sender = senderOf(await connect('crm'));
  const say = (id: string, type: string, said: Readonly<Record<string, unknown>>) =>
    sender.deliver({
      ...{ id, type: `throughline.${type}`, subject: 'engagement/ENG-1', data: said },
      time: new Date().toISOString(),
    });
  expect(await say('1', 'EngagementOpened', { segment: 'retail' })).toBe(202);
  expect(await say('2', 'DealClosed', { result: 'won', value: { amount: '10', currency: 'EUR' } })).toBe(202);
  // P1.1, won without an agreed outcome, is believed five minutes later.
  const moved = await run('clock', '+10m', '--data', data);
  expect(moved).toMatch(/10 minutes ahead of this machine/);
  expect(moved).toContain('acme: 1 open flags, 0 before');
  const soon = await flags(url);
  expect(soon.rules).toEqual(['P1.1']);
  expect(Date.parse(soon.asOf)).toBeGreaterThan(Date.now() + 9 * 60_000);

  // A quarter later, more is due: delivery has no date, and nobody has reported.
  expect(await run('clock', '+90d', '--data', data)).toContain('90 days 10 minutes ahead');
  const later = await flags(url);
  expect(later.rules.length).toBeGreaterThanOrEqual(1);

  // A sender knows nothing of our clock.
  expect(await say('3', 'DeliveryStarted', {})).toBe(202);
  // One whose signature is of our time is too early by far.
  const ahead = senderOf(await connect('tools'), () => new Date(Date.now() + 90 * 86_400_000));
  expect(
    await ahead.deliver({ id: '9', type: 'throughline.DeliveryStarted', time: '2026-11-01T00:00:00Z', data: {} }),
  ).toBe(401);

  // It stands where it stood, also for a command without an instance.
  await instance?.stop();
  const token = (await run('token', '--role', 'vendor', '--tenant', 'acme', '--data', data)).trim();
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  expect(z.object({ iat: z.number() }).parse(JSON.parse(claims)).iat * 1000).toBeGreaterThan(
    Date.now() + 89 * 86_400_000,
  );
  ({ url } = await started('--clock', '+24h'));
  expect(await drained()).toContain('91 days 10 minutes ahead');
  expect((await flags(url)).rules).toEqual(expect.arrayContaining(['P1.1']));
});

it('refuses to go back, by name, and a time that is none', async () => {
  for (const [to, why] of [
    ['2026-01-01', "The clock can't go back from"],
    ['+0x', '"+0x" is no time for a clock'],
    ['2027-02-30', '"2027-02-30" is no time for a clock'],
    ['+999999d', 'over twenty years ahead'],
  ] as const) {
    await expect(run('clock', to, '--data', data)).rejects.toThrow(why);
    await expect(run('startMain', '--data', `${data}-other`, '--clock', to)).rejects.toThrow(why);
    rmSync(`${data}-other`, { recursive: true, force: true });
  }
  expect(aheadOf(data)).toBeGreaterThan(91 * 86_400_000);
});

it.each([
  ['+90d', 90 * 86_400_000],
  ['+36h', 36 * 3_600_000],
  ['+15m', 15 * 60_000],
  ['2026-12-01', 86_400_000],
  ['2026-12-01T00:00Z', 86_400_000],
  ['2026-11-30T01:00:00+00:30', 30 * 60_000],
])('reads %s', (text, ms) => {
  const now = Date.UTC(2026, 10, 30);
  expect(clockTarget(text, now) - now).toBe(ms);
});
