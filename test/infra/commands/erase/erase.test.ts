// Does a vendor say who a person is, and does an operator erase that person? Whole processes against a running instance.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sendCommand } from '../../../../infra/commands/commandServer.ts';
import { connecting } from '../../../support/connect/connecting.ts';
import { type Ran, runScript } from '../../../support/operated.ts';
import { senderOf } from '../../../support/sender.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const { dataDir, start, stop, told } = connecting();
beforeAll(start);
afterAll(stop);

const run = (script: string, ...args: readonly string[]): Promise<Ran> =>
  runScript(`commands/${script}.ts`, [...args, '--data', dataDir]);
const names = (...args: readonly string[]) => run('names/names', '--tenant', 'acme', ...args);
const erase = (...args: readonly string[]) => run('erase/erase', ...args);

test('a person has a name, then is erased: a dry run, then --apply, and chains hold', async () => {
  const file = join(dataDir, 'names.csv');
  writeFileSync(file, '\ufeffreference,name\ncrm:user/7,"Lund, Bo"\n');
  expect(await names('crm:user/42=Anna Schmidt', '--file', file)).toMatchObject({
    code: 0,
    out: '2 names stand now, 0 were removed.\n',
  });
  expect((await names()).out).toBe('crm:user/42  Anna Schmidt\ncrm:user/7  Lund, Bo\n');
  expect(await names('crm:user/42')).toMatchObject({ code: 1, err: 'crm:user/42 is no REFERENCE=NAME.\n' });

  const made = await told('cloudevents', '--tenant', 'acme');
  const sender = senderOf(JSON.stringify(Object.fromEntries(made.entries())));
  const offered = (id: string, toOwner: string) => ({
    ...{ id, type: 'throughline.HandoffOffered', subject: 'crm/deal/1', time: '2026-11-20T10:00:00Z' },
    data: { handoffId: id, fromStage: 'sell', toStage: 'deliver', toOwner, contextRef: 'wiki:1' },
  });
  for (const each of [offered('h-1', 'crm:user/42'), offered('h-2', 'crm:user/7')]) {
    expect(await sender.deliver(each)).toBe(202);
  }
  await sendCommand(dataDir, 'drained', {});

  expect(await erase('crm:user/42')).toMatchObject({ code: 1, err: expect.stringContaining('Name a --tenant.') });
  expect(await erase('42', '--tenant', 'acme')).toMatchObject({ code: 1, err: expect.stringContaining('too short') });

  const dry = await erase('crm:user/42', '--tenant', 'acme');
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('nothing was changed: --apply does it.') });
  expect(dry.out).toContain('receipts of it   1 (translated 1)');
  expect((await names()).out).toContain('Anna Schmidt');

  const done = await erase('crm:user/42', '--tenant', 'acme', '--apply', '--json');
  expect(JSON.parse(done.out)).toMatchObject({
    ...{ tenantId: 'acme', reference: 'crm:user/42', applied: true, names: 1, read: 2, failures: 0, unreadable: [] },
    found: [{ status: 'translated', source: 'cloudevents', waitingItems: 0 }],
  });
  expect((await names()).out).toBe('crm:user/7  Lund, Bo\n');
  const again = await erase('crm:user/42', '--tenant', 'acme', '--also', 'Anna Schmidt', '--apply');
  expect(again.out).toMatch(/names {12}0\nreceipts read {4}2\nreceipts of it {3}0\n/);

  const listed = await run('receipts', '--tenant', 'acme', '--status', 'erased', '--json');
  expect(JSON.parse(listed.out).items).toMatchObject([{ status: 'erased', reason: null }]);
  expect(await run('verify')).toMatchObject({ code: 0 });
  const rows = await run('export', 'handoffs', '--tenant', 'acme');
  expect(rows.out).toContain('crm:user/42');
});
