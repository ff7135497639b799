// What does `npm run redrive` do? It lists the dead-letter queues with reasons, or moves the messages of one queue back to where they came from.
// A person calls it; it receives, sends and deletes messages, puts events on the bus, and reads events and failures.

import type { Properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { command, readCommandLine, usualDataDir, whereabouts } from './commandLine.ts';
import { printable } from './printable.ts';
import { deadLetterQueueNamed, deadLetterQueues } from './redrive/deadLetterQueues.ts';
import { type DeadLetters, deadLetters } from './redrive/deadLetterReasons.ts';
import { type Redriven, redrive } from './redrive/redriveQueue.ts';
import { onTarget } from './target.ts';

const usualRate = 100;

const usage = `Usage: npm run redrive -- QUEUE | --list [--rate N] [--stack NAME | --data DIR]
  QUEUE         a dead-letter queue, by the name that --list gives it, its own, or its alarm's
  --list        every dead-letter queue: how many messages, since when, and why the oldest failed
  --rate N      at most N messages a second (${usualRate})
  --stack NAME  a deployed stack; without it, this machine
  --data DIR    the data directory (${usualDataDir})`;

function rateOf(flags: Properties): number {
  const rate = Number(flags.text('rate', String(usualRate)));
  if (Number.isFinite(rate) && rate >= 0.1 && rate <= 10_000) return rate;
  return refuse(`--rate ${flags.text('rate')} is not a rate: give a number of messages a second, from 0.1 to 10000.`);
}

const line = ({ queue, messages, since, reason }: DeadLetters): string =>
  [
    `${queue.name.padEnd(26)} ${String(messages).padStart(6)}`,
    ...(since === undefined ? [] : [`since ${since}:`, reason ?? 'no reason was stored; see the function’s log']),
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
      process.stdout.write(`${(await deadLetters(site)).map((each) => printable(line(each))).join('\n')}\n`);
      return;
    }
    const queue = deadLetterQueueNamed(name, deadLetterQueues(site));
    if (queue.origin.kind === 'nobody') {
      return refuse(`Messages of ${queue.name} can't be redriven: a person reads them. --list shows the queue.`);
    }
    const to = queue.origin.name;
    const done = await redrive({ site, queue, rate, progress: tell });
    const said = [
      `${queue.name}: ${done.messages} messages redriven, ${done.sent} sent to ${to}.`,
      ...(done.ticks > 0
        ? [`${done.ticks} of them were ticks of the clock and were not sent: newer ticks have replaced them.`]
        : []),
      ...done.notUnderstood.map((why) => `Not moved: ${why}`),
      ...(done.left > 0 ? [`${done.left} came while this ran and were not moved: find out first why they fail.`] : []),
    ];
    process.stdout.write(`${said.join('\n')}\n`);
  });
});
