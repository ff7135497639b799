// How long does an import of ten thousand engagements take, from its first batch to the last row, and what memory does it hold then?
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { memoryOfTree } from './processTree.ts';
import { recordedOnce } from './recordedOnce.ts';
import type { Sending } from './sending.ts';
import type { Bench } from './sideBySide.ts';
import { startProduct } from './startedProduct.ts';
import { batchesOf, factsEach } from './threeFacts.ts';

const engagementsABatch = 100;

export const imported: Bench = async ({ facts = 30_000 }) => {
  const engagements = Math.ceil(facts / factsEach);
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-imported-'));
  const product = await startProduct(dataDir);
  const sender = new Worker(new URL('./sending.ts', import.meta.url));
  const what = `${engagements} engagements of ${factsEach} facts, in batches of ${engagementsABatch}`;
  try {
    const { url, secret } = await product.connect();
    const bodies = batchesOf(engagements, engagementsABatch);
    const began = performance.now();
    sender.postMessage({ url, secret, bodies, contentType: 'application/cloudevents-batch+json' } satisfies Sending);
    await once(sender, 'message');
    const accepted = (performance.now() - began) / 1000;
    await product.drained();
    const seconds = (performance.now() - began) / 1000;
    const tree = memoryOfTree(product.pid);
    for (const { pss, command } of tree) process.stderr.write(`  ${pss.toFixed(0)} MB  ${command.slice(0, 90)}\n`);
    const pss = tree.reduce((sum, each) => sum + each.pss, 0);
    const found = await recordedOnce(dataDir);
    return [
      { name: `${what}: to the last row`, unit: 's', figure: seconds, goal: { is: 'atMost', value: 60 } },
      { name: 'until all batches are accepted', unit: 's', figure: accepted },
      { name: 'memory of the process tree then (PSS)', unit: 'MB', figure: pss, goal: { is: 'atMost', value: 600 } },
      { name: 'lost', unit: 'facts', figure: engagements * factsEach - found.facts, goal: { is: 'atMost', value: 0 } },
      { name: 'doubled', unit: 'facts', figure: found.doubled, goal: { is: 'atMost', value: 0 } },
    ];
  } finally {
    await sender.terminate();
    await product.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
