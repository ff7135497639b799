// Which flags does `npm run faults` take? They choose the seeds to play, and how much of the sample channel.
import { join } from 'node:path';
import { command, readCommandLine } from '../commands/commandLine.ts';
import type { Properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { playSeeds } from './playSeeds.ts';

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
  return Number.isInteger(number) && number >= 0
    ? number
    : refuse(`--${name} ${text} is not a whole number.\n${usage}`);
};

/** Which of these chooses the seeds: one of them alone. */
const choices = ['seed', 'seeds', 'minutes'];

const wantedOf = (flags: Properties): Wanted => {
  const always = Number.POSITIVE_INFINITY;
  const [chosen, other] = choices.filter((name) => flags.has(name));
  if (other !== undefined)
    return refuse(`--${chosen} and --${other} both choose the seeds: give only one of them.\n${usage}`);
  if (flags.has('most') && chosen !== 'minutes') return refuse(`--most goes with --minutes.\n${usage}`);
  if (flags.has('minutes')) {
    const minutes = Number(flags.text('minutes'));
    if (!(minutes > 0)) return refuse(`--minutes ${flags.text('minutes')} is not a duration.\n${usage}`);
    return { from: 1, to: flags.has('most') ? whole(flags, 'most', 1) : always, until: Date.now() + minutes * 60_000 };
  }
  if (!flags.has('seeds')) {
    const seed = whole(flags, 'seed', 1);
    return { from: seed, to: seed, until: always };
  }
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(flags.text('seeds')) ?? [];
  if (from === undefined || to === undefined) return refuse(`--seeds ${flags.text('seeds')} is not a range.\n${usage}`);
  if (Number(from) > Number(to))
    return refuse(`--seeds ${from}..${to} is not a range: it ends before it begins.\n${usage}`);
  return { from: Number(from), to: Number(to), until: always };
};

await command(async () => {
  const { flags } = readCommandLine({ texts: ['seed', 'seeds', 'minutes', 'most', 'facts'], usage });
  const failed = await playSeeds({
    ...wantedOf(flags),
    facts: whole(flags, 'facts', 200),
    script: join(import.meta.dirname, 'seedsMain.ts'),
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (text) => void process.stderr.write(text),
  });
  if (failed > 0) process.exitCode = 1;
});
