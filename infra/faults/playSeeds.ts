// Which seeds pass? They are played one after the other; the report lists the injected faults and, last, what was lost or doubled.
import type { SeedResult } from './runSeeds.ts';
import { type Ended, type SupervisorOptions, superviseSeeds } from './seedSupervisor.ts';

export interface PlayRequest extends Omit<SupervisorOptions, 'tell'> {
  readonly from: number;
  readonly to: number;
  /** No seed begins after this instant (epoch milliseconds). */
  readonly until: number;
  readonly say: (line: string) => void;
}

const countLines = (counts: ReadonlyMap<string, number>): readonly string[] => [
  `${'injected'.padEnd(14)} ${'function'.padEnd(10)} ${'call or delivery'.padEnd(20)} times`,
  ...[...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, times]) => {
      const [kind = '', name = '', operation = ''] = what.split('|');
      return `${kind.padEnd(14)} ${name.padEnd(10)} ${operation.padEnd(20)} ${String(times).padStart(5)}`;
    }),
];

const shown = 12;

/** The differences, line by line; empty where everything exists exactly once. */
const wrongOf = ({ recorded, rows, queued }: SeedResult): readonly string[] => [
  ...(recorded?.lost ?? []).map((text) => `lost: ${text}`),
  ...(recorded?.more ?? []).map((text) => `doubled or changed: ${text}`),
  ...(rows?.lost ?? []).map((text) => `row missing or old, against its events: ${text}`),
  ...(rows?.more ?? []).map((text) => `row without events for it: ${text}`),
  ...queued.map((queue) => `left in the queue ${queue}`),
];

const failureOf = (head: string, wrong: readonly string[], seed: number, facts: number): string =>
  [
    head,
    ...wrong.slice(0, shown).map((line) => `  ${line.slice(0, 400)}`),
    ...(wrong.length > shown ? [`  and ${wrong.length - shown} more`] : []),
    `  again: npm run faults -- --seed ${seed} --facts ${facts}`,
  ].join('\n');

/** The result of a seed and its differences; `held` where there are none. */
const outcomeOf = (result: SeedResult | Ended) => {
  if ('endedWith' in result) return { came: `: the process ended with ${result.endedWith}`, wrong: result.why };
  const wrong = wrongOf(result);
  const differs = wrong.length === 0 ? 'nothing lost, nothing doubled' : `${wrong.length} differences`;
  return { came: `, ${result.documents} things: ${differs}`, wrong, held: wrong.length === 0 };
};

/** Plays the seeds, prints their results, and answers how many have failed. */
export const playSeeds = async ({ from, to, until, say, ...options }: PlayRequest): Promise<number> => {
  const counts = new Map<string, number>();
  let injected = 0;
  const supervisor = await superviseSeeds({
    ...options,
    tell: (...what) => {
      injected += 1;
      counts.set(what.join('|'), (counts.get(what.join('|')) ?? 0) + 1);
    },
  });
  const { messages } = supervisor;
  const failed: string[] = [];
  let ran = 0;
  try {
    for (let seed = from; seed <= to && Date.now() < until; seed += 1) {
      const before = injected;
      const { came, wrong, held = false } = outcomeOf(await supervisor.run(seed));
      ran += 1;
      const head = `seed ${seed}: ${messages} messages, ${injected - before} faults${came}`;
      if (!held) failed.push(failureOf(head, wrong, seed, options.facts));
      else if (to === from) say(head);
    }
    for (const line of countLines(counts)) say(line);
    // Failed seeds come last, so that the end of a log shows them.
    for (const failure of failed) say(failure);
    say(`${ran} seeds of ${messages} messages, ${injected} faults; ${failed.length} seeds failed`);
  } finally {
    await supervisor.stop();
  }
  return failed.length;
};
