// After a mapping was mended, does the command show what would change, and then change it? Whole processes against a running instance.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sendCommand } from '../../../infra/commands/commandServer.ts';
import { connecting } from '../../support/connect/connecting.ts';
import { type Ran, runScript } from '../../support/operated.ts';
import { senderOf } from '../../support/sender.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const { connect, dataDir, start, stop, told } = connecting();
beforeAll(start);
afterAll(stop);

const again = (...args: readonly string[]): Promise<Ran> =>
  runScript('commands/translateAgain.ts', [...args, '--data', dataDir]);

const mappingOf = (...rules: readonly object[]): string => JSON.stringify({ rules });
const subject = { external: { kind: 'deal', id: 'data.deal' } };
const wrong = { type: 'work.done', as: 'MilestoneReached', subject, fields: { milestone: { constant: 'go_live' } } };
const right = {
  ...{ type: 'work.done', as: 'WorkLogged', subject },
  fields: {
    workId: 'data.id',
    minutes: { path: 'data.minutes', as: 'number' },
    category: { constant: 'implementation' },
  },
};
const event = (id: string) => ({
  ...{ id, type: 'work.done', time: '2026-11-20T10:00:00Z' },
  data: { deal: 'D-1', id, minutes: 30 },
});

const engagementsIn = async (tenant: string): Promise<string> => {
  const { out, err } = await runScript('commands/export.ts', ['engagements', '--tenant', tenant, '--data', dataDir]);
  return `${out}${err}`;
};

test('a wrong mapping is mended: a dry run, then --apply, then nothing is left to do', async () => {
  const made = await told('cloudevents', '--tenant', 'acme', '--mapping', mappingOf(wrong));
  const id = made.text('connection');
  const sender = senderOf(JSON.stringify(Object.fromEntries(made.entries())));
  for (const each of ['w-1', 'w-2']) expect(await sender.deliver(event(each))).toBe(202);
  await sendCommand(dataDir, 'drained', {});
  expect(await engagementsIn('acme')).toContain('report');
  expect(await connect(['--connection', id, '--mapping', mappingOf(right)])).toMatchObject({ code: 0 });

  expect(await again('--connection', id, '--tenant', 'other')).toMatchObject({
    code: 1,
    err: expect.stringContaining(`There is no connection ${id} of tenant other`),
  });
  expect(await again('--connection', id, '--from', '2026-02-30')).toMatchObject({ code: 1 });
  expect(await again('--connection', id, '--status', 'lost')).toMatchObject({ code: 1 });

  const dry = await again('--connection', id);
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('nothing was changed: --apply does it.') });
  expect(dry.out).toMatch(/added {10}WorkLogged 2\n/);
  expect(dry.out).toMatch(/taken back {5}MilestoneReached 2\n/);
  expect(await engagementsIn('acme')).toContain('report');

  const done = await again('--connection', id, '--apply', '--json');
  expect(done).toMatchObject({ code: 0 });
  expect(JSON.parse(done.out)).toMatchObject({
    ...{ connection: id, mappingVersion: 2, applied: true, read: 2, now: { translated: 2 } },
    ...{ added: { WorkLogged: 2 }, restated: {}, retracted: { MilestoneReached: 2 } },
  });
  expect(await engagementsIn('acme')).not.toContain('report');

  expect(await again('--connection', id, '--apply')).toMatchObject({
    code: 0,
    out: expect.stringContaining('There is nothing to do.'),
  });
});
