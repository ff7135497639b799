// Does a scenario come to the same end though a function dies on its way? Played once undisturbed, then once for each crash.
import { type Differences, differencesOf } from '../../infra/faults/differences.ts';
import { type Crasher, type Crashes, type CrashPoint, createCrashList, nameOf } from './crasher.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** A world, and what kills its functions. */
export interface CrashWorld {
  readonly world: Pick<World, 'play' | 'nextBegin' | 'moveTo'>;
  readonly crasher: Crasher;
}

/** A crash after which something was different. */
export interface Difference extends Differences {
  readonly crash: string;
}

export interface Crashed {
  readonly runs: number;
  readonly differences: readonly Difference[];
}

/**
 * Which streams share a batch is chance: what is not met after the same calls is met after others, in this scenario or in a later one.
 */
const tries = 4;

/** Plays it, with one of the crashes where they are given, and answers everything that is there at the end. */
const played = async (
  { world, crasher }: CrashWorld,
  scenario: Scenario,
  arm: () => void = () => undefined,
): Promise<readonly string[]> => {
  crasher.forget();
  const { documents, queued } = await world.play(async (stage) => {
    // The calls so far made the world ready: they are no points of the scenario.
    crasher.forget();
    arm();
    await scenario.play(stage);
  }, scenario.timed);
  return [...documents, ...queued.map((queue) => `queued: ${queue}`)];
};

/** Plays the scenario in all worlds at once, with one crash in each run, until no crash is left or none is met any more. */
const crashed = async (
  worlds: readonly CrashWorld[],
  scenario: Scenario,
  { wanted, crashes }: { readonly wanted: readonly string[]; readonly crashes: Crashes },
): Promise<Crashed> => {
  const differences: Difference[] = [];
  let runs = 0;
  let underWay = 0;

  const run = async (by: CrashWorld, anywhere: boolean): Promise<void> => {
    const crash = (): string => {
      const fired = by.crasher.fired();
      return `${scenario.name}: ${fired === undefined ? 'nothing dies' : nameOf(fired)}`;
    };
    try {
      const found = await played(by, scenario, () => by.crasher.arm(crashes, anywhere));
      const different = differencesOf(wanted, found);
      if (different !== undefined) differences.push({ crash: crash(), ...different });
    } catch (error) {
      differences.push({ crash: crash(), lost: [], more: [String(error)] });
    }
  };

  const runAll = async (by: CrashWorld): Promise<void> => {
    let inVain = 0;
    let anywhere = false;
    while (crashes.left() > underWay && inVain <= tries) {
      runs += 1;
      underWay += 1;
      await run(by, anywhere);
      underWay -= 1;
      const isMet = by.crasher.fired() !== undefined;
      inVain = isMet ? 0 : inVain + 1;
      // This run met none of the crashes that are left: from now on the calls before them don't matter.
      if (!isMet) anywhere = true;
    }
  };

  await Promise.all(worlds.map(runAll));
  return { runs, differences };
};

/** Tells whether a point is the first, or one of each `every`, of its function's points at the same call. */
const oneOf = (every: number): ((point: CrashPoint) => boolean) => {
  const met = new Map<string, number>();
  return (point) => {
    const key = `${point.function} ${point.words.split(' > ').at(-1)}`;
    const before = met.get(key) ?? 0;
    met.set(key, before + 1);
    return before % every === 0;
  };
};

export interface CrashRuns {
  /** Plays a scenario with each crash that no scenario before it had, and with those that were not met in these. */
  in(scenario: Scenario): Promise<Crashed>;
  /** Crashes that no run has met. */
  notMet(): readonly string[];
}

/** Makes the runs in these worlds; with `every`, only with one of so many crashes that a function has at the same call. */
export const createCrashes = (worlds: readonly [CrashWorld, ...CrashWorld[]], every = 1): CrashRuns => {
  const crashes = createCrashList();
  const known = new Set<string>();
  const isTaken = oneOf(every);
  return {
    notMet: crashes.names,
    in: async (scenario) => {
      const [first] = worlds;
      // Months turn by the calendar: a scenario's dates must lie in the same months in every world.
      const begin = Math.max(...worlds.map(({ world }) => world.nextBegin()));
      for (const { world } of worlds) world.moveTo(begin);
      const wanted = await played(first, scenario);
      const isAsked = ({ words }: CrashPoint): boolean => scenario.only?.test(words) !== false;
      const points = first.crasher.points().filter((point) => isAsked(point) && !known.has(JSON.stringify(point)));
      for (const point of points) known.add(JSON.stringify(point));
      crashes.add(points.filter(isTaken));
      return await crashed(worlds, scenario, { wanted, crashes });
    },
  };
};
