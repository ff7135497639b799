// Does it matter where a function dies whose thread others share? Their work dies with it, and the end is the same.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCrasher } from './crasher.ts';
import { createCrashes } from './crashes.ts';
import { scenarios } from './scenarios.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let crashes: ReturnType<typeof createCrashes>;

beforeAll(async () => {
  const crasher = createCrasher((name) => world.runtime.crash(name));
  world = await startWorld([crasher.interceptor], crasher.deliver, { placement: 'shared' });
  // Every point is taken where each function has a thread of its own; here each call of a function once.
  crashes = createCrashes([{ world, crasher }], 8);
}, 120_000);
afterAll(() => world.stop());

test.each(scenarios.slice(0, 2))('$name', { timeout: 900_000 }, async (scenario) => {
  const crashed = await crashes(scenario);
  expect(crashed.runs).toBeGreaterThan(5);
  expect(crashed.differences).toEqual([]);
  expect(crashed.notMet).toEqual([]);
});
