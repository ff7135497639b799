// Is every crash of a scenario tried once, whichever world meets it? Is a crash named that changes the end, or that no run meets?
import { expect, test } from 'vitest';
import { cut, type ServiceCall } from '../../infra/local/core/callInterceptor.ts';
import { createCrasher } from './crasher.ts';
import { type CrashWorld, createCrashes } from './crashes.ts';
import type { Stage } from './world.ts';

const callOf = (operation: string): ServiceCall => ({
  ...{ caller: 'Sell', service: 'dynamodb', operation, input: {} },
  needs: [{ action: `dynamodb:${operation}`, resource: 'arn:aws:dynamodb:x:0:table/rows' }],
});

const unused = (): never => {
  throw new Error('the scenario does not say this');
};

/** A world in which Sell makes these calls, and starts again with the first when it has died; `endOf` makes the end of the calls done. */
const worldOf = (operations: (run: number) => readonly string[], endOf: (done: readonly string[]) => string) => {
  const crashes: string[] = [];
  let runs = 0;
  const crasher = createCrasher((name) => crashes.push(name));
  let done: string[];
  const settle = async (): Promise<void> => {
    const calls = operations(runs).map(callOf);
    let died = true;
    while (died) {
      const answer = await crasher.deliver({ function: 'Sell', event: {} }, async () => {
        for (const call of calls) {
          const passed = await crasher.interceptor(call, async () => {
            done.push(call.operation);
            return { status: 200, headers: {}, body: '' };
          });
          if (passed === cut) return { ok: true, value: cut, requestId: '' };
        }
        return { ok: true, value: undefined, requestId: '' };
      });
      died = answer.ok && answer.value === cut;
    }
  };
  const stage: Stage = {
    ...{
      tenant: 'tenant',
      at: unused,
      send: unused,
      sendTogether: unused,
      fromCrm: unused,
      record: unused,
      name: unused,
      sweep: unused,
      settle,
    },
    ...{ pass: unused, refuse: unused, forget: unused, askLong: unused, allow: unused, expectWithin: unused },
  };
  const world: CrashWorld['world'] = {
    nextBegin: () => 0,
    moveTo: () => undefined,
    async play(scenario) {
      runs += 1;
      done = [];
      await scenario(stage);
      return { documents: [endOf(done)], queued: [] };
    },
  };
  return { world, crasher, crashes };
};

const scenario = { name: 'a sale', play: ({ settle }: Stage) => settle() };
const same = (): string => 'sold';

test('two worlds share the crashes, and each is tried once', async () => {
  const worlds = [1, 2].map(() => worldOf(() => ['GetItem', 'PutItem', 'DeleteItem'], same));
  const [first, second] = worlds;
  if (first === undefined || second === undefined) throw new Error('two worlds were made');
  const crashes = createCrashes([first, second]);
  expect(await crashes.in(scenario)).toEqual({ runs: 5, differences: [] });
  expect(worlds.flatMap(({ crashes: died }) => died)).toHaveLength(5);
  expect([first.crashes.length, second.crashes.length].sort()).toEqual([2, 3]);
  expect(await crashes.in(scenario), 'what is known is not tried again').toEqual({ runs: 0, differences: [] });
  expect(crashes.notMet()).toEqual([]);
});

test('a crash that changes the end is named', async () => {
  const twice = (done: readonly string[]): string => `sold ${done.filter((call) => call === 'PutItem').length} times`;
  const { differences } = await createCrashes([worldOf(() => ['GetItem', 'PutItem'], twice)]).in(scenario);
  expect(differences).toEqual([
    {
      crash: 'a sale: Sell dies after request > GetItem table/rows > PutItem table/rows',
      ...{ lost: ['sold 1 times'], more: ['sold 2 times'] },
    },
  ]);
});

test('a crash point is met also after other calls than at first; one that no run meets is named', async () => {
  const reordered = worldOf((run) => (run === 1 ? ['GetItem', 'PutItem'] : ['PutItem']), same);
  const crashes = createCrashes([reordered]);
  const { runs, differences } = await crashes.in(scenario);
  expect(differences).toEqual([]);
  expect(crashes.notMet()).toEqual(['Sell dies before request > GetItem table/rows']);
  expect(reordered.crashes).toHaveLength(2);
  expect(runs).toBe(8);
});

test('a crash that a scenario did not meet is met in a later one', async () => {
  const late = worldOf((run) => (run === 1 || run > 9 ? ['GetItem', 'PutItem'] : ['PutItem']), same);
  const crashes = createCrashes([late]);
  await crashes.in(scenario);
  expect(crashes.notMet()).toEqual(['Sell dies before request > GetItem table/rows']);
  await crashes.in(scenario);
  expect(crashes.notMet()).toEqual([]);
});
