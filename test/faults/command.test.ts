// Does the command of the faults refuse what it can't play, before it starts anything?
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'infra', 'faults', 'main.ts');

it.each([
  ['--seeds 5..1', '--seeds 5..1 is not a range: it ends before it begins.'],
  ['--seeds five', '--seeds five is not a range.'],
  ['--seed 1 --seeds 1..3', '--seed and --seeds both choose the seeds: give only one of them.'],
  ['--minutes 1 --seed 4', '--seed and --minutes both choose the seeds: give only one of them.'],
  ['--seed 1 --most 3', '--most goes with --minutes.'],
  ['--minutes soon', '--minutes soon is not a duration.'],
  ['--facts few', '--facts few is not a whole number.'],
])('%s', (words, reason) => {
  const flags = ['--disable-warning=ExperimentalWarning', main, ...words.split(' ')];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { cwd: root, encoding: 'utf8' });
  expect([status, stdout, stderr.split('\n')[0]]).toEqual([1, '', reason]);
});
