// Is a seed that ends the process that plays it told by its number, like the others that fail? And do the next ones still run?
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { playSeeds } from '../../infra/faults/playSeeds.ts';
import { superviseSeeds } from '../../infra/faults/seedSupervisor.ts';

vi.setConfig({ testTimeout: 60_000 });

const script = join(import.meta.dirname, 'dyingSeeds.ts');

const play = async (from: number, to: number) => {
  const lines: string[] = [];
  const complaints: string[] = [];
  const failed = await playSeeds({
    ...{ script, facts: 40, from, to, until: Number.POSITIVE_INFINITY },
    say: (line) => lines.push(...line.split('\n')),
    complain: (text) => complaints.push(text),
  });
  return { failed, lines, complaint: complaints.join('') };
};

test('failed seeds come last, with number and error; and all seeds have run', async () => {
  const { failed, lines, complaint } = await play(1, 5);
  expect(lines).toEqual([
    'injected       function   call or delivery     times',
    'fail           Sell       Query                    5',
    'seed 2: 7 messages, 1 faults: the process ended with SIGABRT',
    '  Assertion failed: it is at work',
    '  again: npm run faults -- --seed 2 --facts 40',
    'seed 4: 7 messages, 1 faults: the process ended with code 1',
    '  Error: nobody took them',
    '  again: npm run faults -- --seed 4 --facts 40',
    'seed 5: 7 messages, 1 faults, 3 things: 1 differences',
    '  left in the queue relay: 1',
    '  again: npm run faults -- --seed 5 --facts 40',
    '5 seeds of 7 messages, 5 faults; 3 seeds failed',
  ]);
  expect(failed).toBe(3);
  expect(complaint).toMatch(/node\.cc:1[\s\S]*nobody took them\n\s+at /);
});

test('a single seed that passes is reported, and none has failed', async () => {
  const { failed, lines } = await play(3, 3);
  expect([failed, lines[0]]).toEqual([0, 'seed 3: 7 messages, 1 faults, 3 things: nothing lost, nothing doubled']);
});

test('a crashed process leaves neither engine nor data behind', async () => {
  const told: string[][] = [];
  const supervisor = await superviseSeeds({
    ...{ script, facts: 40, complain: () => undefined },
    tell: (...what) => told.push(what),
  });
  expect(await supervisor.run(6)).toEqual({ endedWith: 'SIGKILL', why: [] });
  const [, dataDir = '', endpoint = ''] = told.find(([kind]) => kind === 'left') ?? [];
  expect(existsSync(dataDir)).toBe(false);
  await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
  expect(await supervisor.run(3)).toEqual({ documents: 3, queued: [] });
  await supervisor.stop();
});

test('it is refused where no seed can be played', async () => {
  const complaints: string[] = [];
  const options = { script, facts: 0, tell: () => undefined, complain: (text: string) => void complaints.push(text) };
  await expect(superviseSeeds(options)).rejects.toThrow(
    'No seed can be played: the process that plays them ended with code 1.',
  );
  expect(complaints.join('')).toContain('Error: there is nothing to play');
});

test('a process ends with its parent', async () => {
  const child = fork(script, ['nowhere', '40'], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  await once(child, 'message');
  child.send({ seed: 7 });
  await once(child, 'message');
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([0, null]);
});
