// How much memory does the product hold after ten thousand facts? The whole tree of `npm start`, against the same tree when nothing has happened.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { memoryOfTree } from './processTree.ts';
import type { Sending } from './sending.ts';
import type { Bench } from './sideBySide.ts';
import { startProduct } from './startedProduct.ts';
import { bodiesOf, story } from './story.ts';

const engagementsAWave = 50;

export const memory: Bench = async ({ facts = 10_000 }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-memory-'));
  // What has to be built is built by a first start; the second is measured.
  await (await startProduct(dataDir)).stop();
  const product = await startProduct(dataDir);
  const sender = new Worker(new URL('./sending.ts', import.meta.url));
  try {
    const held = () => {
      const tree = memoryOfTree(product.pid);
      const sum = (of: 'rss' | 'pss') => tree.reduce((total, each) => total + each[of], 0);
      return { tree, pss: sum('pss'), rss: sum('rss') };
    };
    const empty = held();
    const { url, secret } = await product.connect();
    const waves = Math.ceil(facts / (engagementsAWave * story.length));
    for (let wave = 0; wave < waves; wave += 1) {
      const sending: Sending = { url, secret, bodies: bodiesOf(wave, engagementsAWave) };
      sender.postMessage(sending);
      await once(sender, 'message');
      await product.drained();
      const { pss, rss } = held();
      const done = (wave + 1) * engagementsAWave * story.length;
      process.stderr.write(`  ${done} facts: ${pss.toFixed(0)} MB, ${rss.toFixed(0)} MB with shared pages twice\n`);
    }
    const full = held();
    for (const { pss, command } of full.tree) process.stderr.write(`  ${pss.toFixed(0)} MB  ${command.slice(0, 90)}\n`);
    const name = `resident memory of npm start's process tree (PSS) after ${waves * engagementsAWave * story.length} facts / before any`;
    return [
      { name, unit: 'MB', figure: full.pss, floor: empty.pss, goal: { is: 'atMost', value: 900 } },
      { name: 'the same, RSS: shared pages counted in each process', unit: 'MB', figure: full.rss, floor: empty.rss },
    ];
  } finally {
    await sender.terminate();
    await product.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
