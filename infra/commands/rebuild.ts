// What does `npm run rebuild` do? It has every outdated row computed again, and shows the progress to the end.
// A person calls it; it sends messages to the queues of sweep and project, and reads runs.
import { randomUUID } from 'node:crypto';
import type { Properties } from '../local/core/json.ts';
import { Refusal, refuse } from '../local/core/refusal.ts';
import { command, readCommandLine, usualDataDir, whereabouts } from './commandLine.ts';
import { type Progress, rebuild } from './rebuildRun.ts';
import { onTarget } from './target.ts';

const usage = `Usage: npm run rebuild -- [--stream ID] [--rate N] [--stack NAME | --data DIR]
  --stream      one stream ({tenant}/{kind}/{id}); without it, all outdated streams
  --rate N      at most N streams a second (without it, the deployment's pagerRate)
  --stack NAME  a deployed stack; without it, this machine
  --data DIR    the data directory of the instance (${usualDataDir})`;

const rateOf = (flags: Properties): number => {
  const rate = Number(flags.text('rate'));
  if (Number.isSafeInteger(rate) && rate >= 1 && rate <= 5_000) return rate;
  return refuse(`--rate ${flags.text('rate')} is not a rate: give a whole number of streams a second, from 1 to 5000.`);
};

const grouped = (count: number): string => count.toLocaleString('en-GB');

/** How long the rest takes at the speed so far. */
const leftOf = (share: number, sinceMs: number): string =>
  share > 0.02 && share < 1 ? `, some ${grouped(Math.ceil((sinceMs * (1 - share)) / share / 1000))} s left` : '';

function lineOf({ run, waiting }: Progress, sinceMs: number): string {
  const messages = waiting.visible + waiting.held;
  const wait = messages === 1 ? '1 message waits' : `${grouped(messages)} messages wait`;
  if (run === undefined) return wait;
  const { seen, sent, share, over } = run;
  const rate = Math.round((seen * 1000) / Math.max(1, sinceMs));
  const pace = over ? '' : `, ${grouped(rate)} a second${leftOf(share, sinceMs)}`;
  return `${Math.round(share * 100)}%: ${grouped(seen)} streams seen, ${grouped(sent)} of them behind${pace}; ${wait}`;
}

await command(async () => {
  const { flags } = readCommandLine({ texts: ['stream', 'rate', 'stack', 'data'], usage });
  const stream = flags.text('stream', '');
  const request = {
    run: randomUUID(),
    ...(stream !== '' && { stream }),
    ...(flags.has('rate') && { rate: rateOf(flags) }),
  };
  const began = performance.now();
  const left = await onTarget(whereabouts(flags), (site) =>
    rebuild({
      site,
      request,
      progress: (progress) => void process.stderr.write(`${lineOf(progress, performance.now() - began)}\n`),
    }),
  );
  if (left.length > 0) throw new Refusal(left);
  process.stdout.write('Every row is up to date.\n');
});
