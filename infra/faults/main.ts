// What does `npm run faults` take, and what does it say? Seeds, one after the other; what was injected, and what was lost or doubled.
import { command, readCommandLine } from '../commands/commandLine.ts';
import type { Properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { type SeedResult, startSeeds } from './runSeeds.ts';

const usage = `Usage: npm run faults -- [--seed N | --seeds A..B | --minutes M [--most N]] [--facts N]
  --seed N      the plan of one seed (1)
  --seeds A..B  the plans of all seeds from A to B
  --minutes M   as many seeds, from 1 on, as begin within so many minutes; --most N: no more than N
  --facts N     play about so many messages of the sample channel (200)`;

interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly until: number;
}

const whole = (flags: Properties, name: string, otherwise: number): number => {
  const text = flags.text(name, String(otherwise));
  const number = Number(text);
  return Number.isInteger(number) && number >= 0 ? number : refuse(`--${name} ${text} is no whole number.\n${usage}`);
};

/** Which of these chooses the seeds: one of them alone. */
const choices = ['seed', 'seeds', 'minutes'];

const wantedOf = (flags: Properties): Wanted => {
  const always = Number.POSITIVE_INFINITY;
  const [chosen, other] = choices.filter((name) => flags.has(name));
  if (other !== undefined)
    return refuse(`--${chosen} and --${other} both choose the seeds: give one of them.\n${usage}`);
  if (flags.has('most') && chosen !== 'minutes') return refuse(`--most goes with --minutes.\n${usage}`);
  if (flags.has('minutes')) {
    const minutes = Number(flags.text('minutes'));
    if (!(minutes > 0)) return refuse(`--minutes ${flags.text('minutes')} is no time.\n${usage}`);
    return { from: 1, to: flags.has('most') ? whole(flags, 'most', 1) : always, until: Date.now() + minutes * 60_000 };
  }
  if (!flags.has('seeds')) {
    const seed = whole(flags, 'seed', 1);
    return { from: seed, to: seed, until: always };
  }
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(flags.text('seeds')) ?? [];
  if (from === undefined || to === undefined) return refuse(`--seeds ${flags.text('seeds')} is no range.\n${usage}`);
  if (Number(from) > Number(to))
    return refuse(`--seeds ${from}..${to} is no range: it ends before it begins.\n${usage}`);
  return { from: Number(from), to: Number(to), until: always };
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const sayCounts = (counts: ReadonlyMap<string, number>): void => {
  say(`${'injected'.padEnd(14)} ${'function'.padEnd(10)} ${'call or delivery'.padEnd(20)} times`);
  for (const [what, times] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [kind = '', name = '', operation = ''] = what.split('|');
    say(`${kind.padEnd(14)} ${name.padEnd(10)} ${operation.padEnd(20)} ${String(times).padStart(5)}`);
  }
};

const shown = 12;

/** What is wrong, line by line; nothing where all is there, once. */
const wrongOf = ({ recorded, rows, queued }: SeedResult): readonly string[] => [
  ...(recorded?.lost ?? []).map((text) => `lost: ${text}`),
  ...(recorded?.more ?? []).map((text) => `doubled or changed: ${text}`),
  ...(rows?.lost ?? []).map((text) => `row missing or old, against its events: ${text}`),
  ...(rows?.more ?? []).map((text) => `row that its events don't say: ${text}`),
  ...queued.map((queue) => `left in the queue ${queue}`),
];

const failureOf = (head: string, wrong: readonly string[], seed: number, facts: number): string =>
  [
    head,
    ...wrong.slice(0, shown).map((line) => `  ${line.slice(0, 400)}`),
    ...(wrong.length > shown ? [`  and ${wrong.length - shown} more`] : []),
    `  again: npm run faults -- --seed ${seed} --facts ${facts}`,
  ].join('\n');

await command(async () => {
  const { flags } = readCommandLine({ texts: ['seed', 'seeds', 'minutes', 'most', 'facts'], usage });
  const { from, to, until } = wantedOf(flags);
  const facts = whole(flags, 'facts', 200);
  const counts = new Map<string, number>();
  let injected = 0;
  const runner = await startSeeds({
    facts,
    tell: (...what) => {
      injected += 1;
      counts.set(what.join('|'), (counts.get(what.join('|')) ?? 0) + 1);
    },
    log: () => undefined,
  });
  const failed: string[] = [];
  let ran = 0;
  try {
    for (let seed = from; seed <= to && Date.now() < until; seed += 1) {
      const before = injected;
      const result = await runner.run(seed);
      ran += 1;
      const wrong = wrongOf(result);
      const played = `seed ${seed}: ${runner.messages} messages, ${injected - before} faults, ${result.documents} things`;
      if (wrong.length > 0) failed.push(failureOf(`${played}: ${wrong.length} differences`, wrong, seed, facts));
      else if (to === from) say(`${played}: nothing lost, nothing doubled`);
    }
  } finally {
    await runner.stop();
  }
  sayCounts(counts);
  // What failed comes last, where the end of a log shows it.
  for (const failure of failed) say(failure);
  say(`${ran} seeds of ${runner.messages} messages, ${injected} faults; ${failed.length} seeds failed`);
  if (failed.length > 0) process.exitCode = 1;
});
