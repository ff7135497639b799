// How long does a sender wait for its 2xx? Signed messages at fifty a second against the running product, with the pipeline at work behind, and against a bare server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Arrivals, Waits } from './arrivals.ts';
import { type Bench, medianOf } from './sideBySide.ts';
import { startProduct } from './startedProduct.ts';
import { bodiesOf } from './story.ts';

const perSecond = 50;
const rounds = 5;
const seconds = 20;
/** Started workers and compiled code: what comes before is not measured. */
const warmUpSeconds = 5;

const percentile = (waits: readonly number[], part: number): number =>
  waits.toSorted((a, b) => a - b)[Math.ceil(waits.length * part) - 1] ?? Number.NaN;

const startBareServer = async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bareServer.ts')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [port]: unknown[] = await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${String(port).trim()}/`, stop: () => child.kill() };
};

export const webhook: Bench = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-webhook-'));
  const [product, bare] = await Promise.all([startProduct(dataDir), startBareServer()]);
  const sender = new Worker(new URL('./arrivals.ts', import.meta.url));
  try {
    const { url, secret } = await product.connect();
    const waitsOf = async (to: string, round: number, length: number): Promise<readonly number[]> => {
      const bodies = bodiesOf(round, 50).slice(0, perSecond * length);
      sender.postMessage({ url: to, secret, perSecond, bodies } satisfies Arrivals);
      const [waits]: unknown[] = await once(sender, 'message');
      return Waits.parse(waits);
    };
    await waitsOf(bare.url, rounds, warmUpSeconds);
    await waitsOf(url, rounds, warmUpSeconds);
    await product.drained();

    const [ours, least]: [number[], number[]] = [[], []];
    const typical: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      least.push(percentile(await waitsOf(bare.url, round, seconds / 2), 0.99));
      const waits = await waitsOf(url, round, seconds);
      ours.push(percentile(waits, 0.99));
      typical.push(percentile(waits, 0.5));
      process.stderr.write(`  p50 ${typical.at(-1)?.toFixed(1)} ms, p99 ${ours.at(-1)?.toFixed(1)} ms\n`);
      await product.drained();
    }
    const [figure, floor] = [medianOf(ours), medianOf(least)];
    const name = `webhook to 2xx, p99 at ${perSecond}/s / a bare HTTP server`;
    return [
      { name, unit: 'ms', figure, floor, goal: { is: 'atMost', value: 50 } },
      { name: 'webhook to 2xx, p50', unit: 'ms', figure: medianOf(typical) },
    ];
  } finally {
    await sender.terminate();
    bare.stop();
    await product.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
