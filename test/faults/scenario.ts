// What is a story that the pipeline lives through while it is killed at each of its steps?
import type { Stage } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void>;
  /** Time passes in it: how the days of the week lie matters. */
  readonly timed?: true;
  /** Only crash points of whose words this holds: what it adds to the other stories. */
  readonly only?: RegExp;
}
