// How many operations does a piece of work take? Counted, not timed: every block of our code that runs, and every item that arrays hand out.
import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import * as z from 'zod';

const Taken = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      functions: z.array(z.object({ ranges: z.array(z.object({ count: z.number() })) })),
    }),
  ),
});

// Code that is thrown out of memory between two looks would take its counts along, and code that the engine optimises counts less.
for (const flag of ['--no-flush-bytecode', '--no-opt', '--no-maglev']) setFlagsFromString(flag);
const session = new Session();
session.connect();
// From the import on: only what is compiled afterwards counts its blocks.
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

const ours = /\/(domain|events|functions)\/(?!.*node_modules)/;

/** Executions of blocks of our own code since the last look. */
const blocksRun = (): number => {
  let count = 0;
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error !== null) throw error;
    for (const { url, functions } of Taken.parse(taken).result) {
      if (!ours.test(url)) continue;
      for (const { ranges } of functions) for (const range of ranges) count += range.count;
    }
  });
  return count;
};

/** Methods that go through an array by themselves, unseen by the engine's counters. */
const walking = [
  'slice',
  'concat',
  'indexOf',
  'lastIndexOf',
  'includes',
  'join',
  'flat',
  'reverse',
  'toReversed',
] as const;

/** Counts the items that arrays hand out to their built-in methods, spreads and loops while `work` runs. */
const itemsGone = <Answer>(work: () => Answer): { readonly answer: Answer; readonly items: number } => {
  let items = 0;
  const own = new Map<string | symbol, PropertyDescriptor>();
  for (const name of [...walking, Symbol.iterator]) {
    const descriptor = Object.getOwnPropertyDescriptor(Array.prototype, name);
    if (descriptor === undefined) throw new Error(`arrays have no ${String(name)}`);
    own.set(name, descriptor);
    const method: unknown = descriptor.value;
    if (typeof method !== 'function') throw new Error(`${String(name)} is no method`);
    Object.defineProperty(Array.prototype, name, {
      ...descriptor,
      value(this: readonly unknown[], ...given: readonly unknown[]) {
        items += this.length;
        return Reflect.apply(method, this, given);
      },
    });
  }
  try {
    return { answer: work(), items };
  } finally {
    for (const [name, descriptor] of own) Object.defineProperty(Array.prototype, name, descriptor);
  }
};

/** The operations of a piece of work: equal work takes equally many, whatever else the machine does. */
export const operationsOf = (work: () => void): number => {
  blocksRun();
  const { items } = itemsGone(work);
  return blocksRun() + items;
};

/**
 * By how much more work grows from twice a length to four times it than from the length to twice it: 2 where it grows in
 * proportion, 4 where with the square. `prepare` makes the work of a length; what making it takes is not counted. The length holds
 * stories of 2 to 6 facts as a whole: part of a story more or less would look like growth.
 */
export const growthOf = (prepare: (count: number) => () => void, length = 120): number => {
  const measured = () => [length, 2 * length, 4 * length].map((count) => operationsOf(prepare(count)));
  // Once before it counts: what a first run alone does, such as building schemas, is no part of the growth.
  measured();
  const [once = 0, twice = 0, fourTimes = 0] = measured();
  return (fourTimes - twice) / (twice - once);
};
