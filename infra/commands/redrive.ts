// What does `npm run redrive` do? Lists what lies in the dead-letter queues and why, or moves what lies in one back to where it came from.

import type { Properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { command, readCommandLine, usualDataDir, whereabouts } from './commandLine.ts';
import { deadLetterQueueNamed, deadLetterQueues } from './deadLetterQueues.ts';
import { type DeadLetters, deadLetters } from './deadLetterReasons.ts';
import { type Redriven, redrive } from './redriveQueue.ts';
import { onTarget } from './target.ts';

const usualRate = 100;

const usage = `Usage: npm run redrive -- QUEUE | --list [--rate N] [--stack NAME | --data DIR]
  QUEUE         a dead-letter queue, by the name that --list gives it, its own, or its alarm's
  --list        every dead-letter queue: how many messages, since when, and why the oldest
  --rate N      messages a second, at the most (${usualRate})
  --stack NAME  a deployed stack; this machine without it
  --data DIR    the data directory (${usualDataDir})`;

function rateOf(flags: Properties): number {
  const rate = Number(flags.text('rate', String(usualRate)));
  if (Number.isFinite(rate) && rate >= 0.1 && rate <= 10_000) return rate;
  return refuse(`--rate ${flags.text('rate')} is not a rate: give a number from 0.1 to 10000, of messages a second.`);
}

const line = ({ queue, messages, since, reason }: DeadLetters): string =>
  [
    `${queue.name.padEnd(26)} ${String(messages).padStart(6)}`,
    ...(since === undefined ? [] : [`since ${since}:`, reason ?? 'no reason was kept; its function’s log has it']),
  ].join('  ');

const tell = ({ messages, sent, left }: Redriven): void =>
  void process.stderr.write(`${messages} messages redriven, ${sent} sent${left > 0 ? `, ${left} left` : ''}\n`);

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: ['rate', 'stack', 'data'],
    switches: ['list'],
    positionals: true,
    usage,
  });
  const [name, ...others] = positionals;
  const lists = flags.flag('list');
  if (others.length > 0 || lists === (name !== undefined)) refuse(`Name one queue, or --list.\n${usage}`);
  const rate = rateOf(flags);
  await onTarget(whereabouts(flags), async (site) => {
    if (name === undefined) {
      process.stdout.write(`${(await deadLetters(site)).map(line).join('\n')}\n`);
      return;
    }
    const queue = deadLetterQueueNamed(name, deadLetterQueues(site));
    if (queue.origin.kind === 'nobody') {
      return refuse(`What ends in ${queue.name} goes back to nobody: it is for a person to read. --list shows it.`);
    }
    const to = queue.origin.name;
    const done = await redrive({ site, queue, rate, progress: tell });
    const said = [
      `${queue.name}: ${done.messages} messages redriven, ${done.sent} sent to ${to}.`,
      ...(done.ticks > 0 ? [`${done.ticks} of them were ticks of the clock, which has ticked since.`] : []),
      ...done.notUnderstood.map((why) => `Left where it is: ${why}`),
      ...(done.left > 0 ? [`${done.left} came while this ran, and were left: look at why they fail first.`] : []),
    ];
    process.stdout.write(`${said.join('\n')}\n`);
  });
});
