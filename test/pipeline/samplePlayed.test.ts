// Does the sample, played through the real doors, show what was planted, also when it is killed on its way and goes on?
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { firstRun } from '../../infra/commands/start/firstRun.ts';
import type { Progress } from '../../infra/commands/start/screen.ts';
import type { Summary } from '../../infra/commands/start/summary.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';
import { readMark } from '../../infra/sample/progressMark.ts';
import { sampleChannel } from '../../infra/sample/sampleChannel.ts';

const data = mkdtempSync(join(tmpdir(), 'throughline-sample-'));
const root = join(import.meta.dirname, '..', '..');
let runtime: Runtime | undefined;
afterAll(async () => {
  await runtime?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Starts the command on the empty directory, and kills it when it has sent some hundred messages. */
const killOnTheWay = async (): Promise<void> => {
  const command = [
    join(root, 'infra', 'commands', 'startMain.ts'),
    '--port',
    '0',
    '--data',
    data,
    '--json',
    '--authorise',
  ];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    told.push(line);
    if (/sent \d+ of/.test(line)) break;
  }
  expect(child.exitCode, told.join('\n')).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
};

const isSummary = (value: object): value is Summary => 'planted' in value && 'byStage' in value;

test('every planted failure is found at its time, nothing else is flagged, and no message is lost', async () => {
  await killOnTheWay();
  const mark = readMark(data);
  expect(mark).toMatchObject({ done: false });
  expect(mark?.next).toBeGreaterThan(0);
  expect(firstRun.prepare(data)).toBe(true);

  const logged: string[] = [];
  runtime = await startRuntime({ dataDir: data, authorise: true, log: (line) => logged.push(line) });
  const told: Progress[] = [];
  await firstRun.play(runtime, (progress) => told.push(progress));
  const { summary, text } = await firstRun.summarise(runtime, { once: false, underWay: false });
  if (!isSummary(summary)) throw new Error(`expected a summary: ${JSON.stringify(summary)}`);

  const channel = sampleChannel({ seed: mark?.seed ?? 0, today: mark?.today ?? '' });
  expect(summary.planted).toEqual({ found: channel.planted.length, missed: [], extra: [] });
  expect(summary.engagements).toBe(channel.deals.length);
  expect(summary.receipts).toBe(channel.deliveries.length);
  expect(Object.values(summary.byStage).reduce((sum, count) => sum + count, 0)).toBe(channel.deals.length);
  expect(Object.keys(summary.byStage)).toEqual(['sell', 'procure', 'deliver', 'report', 'renew', 'ended', 'lost']);
  expect(new Set(summary.flags.map(({ flagId }) => flagId)).size).toBe(summary.flags.length);
  expect(told.some((progress) => progress.text.includes('sent'))).toBe(true);
  expect(told.at(-1)?.share).toBe(1);
  expect(told.filter(({ share }) => !(share >= 0 && share <= 1))).toEqual([]);
  expect(text).toContain(`${channel.planted.length} found, and nothing else is flagged.`);
  expect(text).toContain('Clears when:');
  expect(logged.filter((line) => line.includes('is not authorized to perform'))).toEqual([]);

  // What has been played is not played again, and a later start says the same of it.
  expect(firstRun.prepare(data)).toBe(false);
  const { port } = new URL(runtime.url);
  await runtime.stop();
  runtime = await startRuntime({ dataDir: data, port: Number(port), authorise: true });
  const again = await firstRun.summarise(runtime, { once: false, underWay: false });
  const seconds = / \([\d.]+ s\)$/m;
  expect(again.text.replace(seconds, '')).toBe(text.replace(seconds, ''));
  expect({ ...again.summary, seconds: 0 }).toEqual({ ...summary, seconds: 0 });
}, 300_000);
