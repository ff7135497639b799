// Does each command refuse a data directory that no instance has made, without making it, and `npm start` one that can't be made?
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../support/localTemplate.ts';
import { runScript } from '../../support/operated.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const temporary = temporaryFolder();
afterAll(() => temporary.remove());
const nowhere = join(temporary.folder, 'nowhere');

it.each([
  ['connect', 'stripe', '--tenant', 'acme'],
  ['connect', '--list'],
  ['token', '--role', 'vendor', '--tenant', 'acme'],
  ['record', 'EngagementOpened', '--reference', 'ENG-1', '--tenant', 'acme'],
  ['receipts', '--tenant', 'acme'],
  ['export', 'flags', '--tenant', 'acme'],
  ['translateAgain', '--connection', 'c-1'],
  ['rebuild'],
  ['redrive', '--list'],
  ['verify'],
])('npm run %s -- %s', async (command, ...words) => {
  const { code, out, err } = await runScript(`commands/${command}.ts`, [...words, '--data', nowhere]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`${nowhere} is no data directory of an instance: npm start makes it`);
  expect(existsSync(nowhere)).toBe(false);
});

it('npm start names a data directory that is a file, without a stack trace', async () => {
  const file = join(temporary.folder, 'file');
  writeFileSync(file, '');
  const { code, out, err } = await runScript('commands/startMain.ts', ['--port', '0', '--once', '--data', file]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^The data directory \S+ can't be used: EEXIST: [^\n]+\. Name another one with --data DIR\.\n$/);
});
