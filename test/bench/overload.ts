// How long does a sender wait when twice as many messages come as can be kept? What is accepted is answered soon, and the rest at once with 503.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Answers, type HardSending } from './hardSending.ts';
import type { Bench } from './sideBySide.ts';
import { startProduct } from './startedProduct.ts';

/** Started workers and compiled code: what comes before is not measured. */
const warmUpSeconds = 5;
const findingSeconds = 10;
const overloadSeconds = 30;
const atOnce = 16;

const percentile = (answers: Answers, part: number): number =>
  answers.map(({ waited }) => waited).toSorted((a, b) => a - b)[Math.ceil(answers.length * part) - 1] ?? Number.NaN;

const accepted = (answers: Answers): Answers => answers.filter(({ status }) => status >= 200 && status <= 299);

export const overload: Bench = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-overload-'));
  const product = await startProduct(dataDir);
  const sender = new Worker(new URL('./hardSending.ts', import.meta.url));
  try {
    const { url, secret } = await product.connect();
    let round = 0;
    const answersTo = async (seconds: number, pace: HardSending['pace']): Promise<Answers> => {
      round += 1;
      sender.postMessage({ url, secret, seconds, pace, round: `r${round}` } satisfies HardSending);
      const [answers]: unknown[] = await once(sender, 'message');
      return Answers.parse(answers);
    };
    await answersTo(warmUpSeconds, { atOnce });
    const held = accepted(await answersTo(findingSeconds, { atOnce }));
    const pace = held.length / findingSeconds;
    process.stderr.write(`  ${pace.toFixed(0)}/s are held, p99 ${percentile(held, 0.99).toFixed(0)} ms\n`);

    const all = await answersTo(overloadSeconds, { perSecond: 2 * pace });
    const [taken, refused] = [accepted(all), all.filter(({ status }) => status === 503)];
    const others = all.length - taken.length - refused.length;
    process.stderr.write(
      `  of ${all.length} at ${(2 * pace).toFixed(0)}/s ${taken.length} were accepted (p50 ${percentile(taken, 0.5).toFixed(0)} ms, ` +
        `p99 ${percentile(taken, 0.99).toFixed(0)} ms), ${refused.length} refused (p99 ${percentile(refused, 0.99).toFixed(0)} ms), ` +
        `${others} got another answer or none\n`,
    );
    return [
      {
        ...{ name: 'webhook at twice the pace that is held, p99 of what is accepted / at that pace', unit: 'ms' },
        ...{ figure: percentile(taken, 0.99), floor: percentile(held, 0.99), goal: { is: 'atMost', value: 2_000 } },
      },
      { name: 'webhooks that are held', unit: '/s', figure: pace },
      { name: 'share that is refused with 503 at twice that', unit: '%', figure: (100 * refused.length) / all.length },
      {
        ...{ name: 'webhooks with another answer or none', unit: '', figure: others },
        goal: { is: 'atMost', value: 0 },
      },
    ];
  } finally {
    await sender.terminate();
    await product.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
