// Does a scenario come to the same end though a function dies on its way? Played once undisturbed, then once for each crash.
import { type Differences, differencesOf } from '../../infra/faults/differences.ts';
import type { Crasher, CrashPoint, When } from './crasher.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

/** A crash after which something was different. */
export interface Difference extends Differences {
  readonly crash: string;
}

export interface Crashed {
  readonly runs: number;
  readonly differences: readonly Difference[];
  /** Crash points that no further run met. */
  readonly notMet: readonly string[];
}

/** Which streams share a batch is chance: what is not met after the same calls is met after others. */
const tries = 5;

export const createCrashes = (world: World, crasher: Crasher) => {
  const known = new Set<string>();

  const played = async (scenario: Scenario, begin: () => void): Promise<readonly string[]> => {
    const { documents, queued } = await world.play(async (stage) => {
      begin();
      await scenario.play(stage);
    }, scenario.timed);
    return [...documents, ...queued.map((queue) => `queued: ${queue}`)];
  };

  return async (scenario: Scenario): Promise<Crashed> => {
    const wanted = await played(scenario, () => crasher.forget());
    const isAsked = ({ words }: CrashPoint): boolean => scenario.only?.test(words) !== false;
    const points = crasher.points().filter((point) => isAsked(point) && !known.has(JSON.stringify(point)));
    for (const point of points) known.add(JSON.stringify(point));
    const differences: Difference[] = [];
    const notMet: string[] = [];
    let runs = 0;
    const crash = async (point: CrashPoint, when: When): Promise<void> => {
      const name = `${scenario.name}: ${point.function} dies ${when} ${point.words}`;
      for (let again = 0; again < tries; again += 1) {
        runs += 1;
        try {
          const different = differencesOf(
            wanted,
            await played(scenario, () => crasher.arm(point, when, again === 0 ? undefined : 'anywhere')),
          );
          if (different !== undefined) differences.push({ crash: name, ...different });
        } catch (error) {
          differences.push({ crash: name, lost: [], more: [String(error)] });
        }
        if (crasher.fired()) return;
      }
      notMet.push(name);
    };
    for (const point of points) {
      await crash(point, 'before');
      // To die after a read is to die before the call that follows it: nothing has changed between.
      if (point.writes) await crash(point, 'after');
    }
    return { runs, differences, notMet };
  };
};
