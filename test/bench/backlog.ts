// What becomes of a backlog, sent faster than the pipeline works? Memory stays bounded, health tells the truth all along, nothing is lost or doubled.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { sendCommand } from '../../infra/commands/commandServer.ts';
import { onTarget } from '../../infra/commands/target.ts';
import { properties } from '../../infra/local/core/json.ts';
import { memoryOfTree } from './processTree.ts';
import { queueTruth } from './queueTruth.ts';
import { recordedOnce } from './recordedOnce.ts';
import type { Sending } from './sending.ts';
import type { Bench } from './sideBySide.ts';
import { startProduct } from './startedProduct.ts';
import { bodiesOf, story } from './story.ts';

const engagementsAWave = 50;
const lookEveryMs = 5_000;
/** Receipts are counted in the table itself, which takes time, so only at every so many looks. */
const countEvery = 12;

const Health = z.looseObject({
  behind: z.number(),
  unreadable: z.array(z.unknown()),
  waits: z.object({
    receipts: z.object({ pending: z.number(), waiting: z.number(), complete: z.boolean() }),
    queues: z.array(z.object({ queue: z.string(), waiting: z.number(), inFlight: z.number(), dead: z.number() })),
  }),
});

const accessOf = async (dataDir: string) => {
  const given = properties(
    (await sendCommand(dataDir, 'access', { role: 'vendor', tenant: 'bench' }))?.answer,
    'access',
  );
  return { url: given.text('url'), token: given.text('token') };
};

/** How far a number is outside of what was true meanwhile. */
const missOf = (said: number, least: number, most: number): number => Math.max(0, least - said, said - most);

export const backlog: Bench = async ({ facts = 100_000 }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-backlog-'));
  const product = await startProduct(dataDir);
  const sender = new Worker(new URL('./sending.ts', import.meta.url));
  const truth = queueTruth(dataDir);
  const peak = { pss: 0, queued: 0, pending: 0, missOfQueues: 0, missOfReceipts: 0, looks: 0, unanswered: 0 };
  const where = { dataDir };
  const pendingInTable = () =>
    onTarget(where, async ({ dynamo, output }) => {
      let pending = 0;
      const input = {
        TableName: output('ReceiptsTable'),
        Select: 'COUNT' as const,
        FilterExpression: '#status = :pending AND #kind = :receipt',
        ExpressionAttributeNames: { '#status': 'status', '#kind': 'kind' },
        ExpressionAttributeValues: { ':pending': { S: 'pending' }, ':receipt': { S: 'receipt' } },
      };
      for await (const { Count = 0 } of paginateScan({ client: dynamo }, input)) pending += Count;
      return pending;
    });
  const { url: api, token } = await accessOf(dataDir);

  const look = async (): Promise<void> => {
    peak.pss = Math.max(
      peak.pss,
      memoryOfTree(product.pid).reduce((sum, { pss }) => sum + pss, 0),
    );
    const counts = peak.looks % countEvery === 0;
    peak.looks += 1;
    const before = counts ? await pendingInTable() : undefined;
    const asked = performance.now();
    const answer = await fetch(`${api}/v1/health`, { headers: { authorization: `Bearer ${token}` } });
    const said = Health.safeParse(await answer.json());
    if (!said.success) {
      peak.unanswered += 1;
      return;
    }
    const { receipts, queues } = said.data.waits;
    for (const { queue, waiting, inFlight } of queues) {
      const { least, most } = truth.since(queue, asked);
      peak.missOfQueues = Math.max(peak.missOfQueues, missOf(waiting + inFlight, least, most));
      peak.queued = Math.max(peak.queued, waiting + inFlight);
    }
    peak.pending = Math.max(peak.pending, receipts.pending);
    if (before !== undefined) {
      const after = await pendingInTable();
      const [least, most] = [Math.min(before, after), Math.max(before, after)];
      // Where health says that it has not counted all, it only must not count too many.
      const miss = missOf(receipts.pending, receipts.complete ? least : 0, most);
      peak.missOfReceipts = Math.max(peak.missOfReceipts, miss);
      const minutes = ((performance.now() - began) / 60_000).toFixed(1);
      const waits = queues.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0);
      process.stderr.write(
        `  ${minutes} min: ${sent} sent, ${receipts.pending} receipts pending${receipts.complete ? '' : ' or more'} ` +
          `(${after} truly), ${waits} messages in queues, ${said.data.behind} heads behind, ${peak.pss.toFixed(0)} MB at most\n`,
      );
    }
  };

  let sent = 0;
  let over = false;
  const began = performance.now();
  try {
    const { url, secret } = await product.connect();
    const watching = (async () => {
      while (!over) {
        await look();
        await wait(lookEveryMs);
      }
    })();
    const aWave = engagementsAWave * story.length;
    for (let wave = 0; wave * aWave < facts; wave += 1) {
      const sending: Sending = { url, secret, bodies: bodiesOf(wave, engagementsAWave) };
      sender.postMessage(sending);
      await once(sender, 'message');
      sent += sending.bodies.length;
    }
    const accepted = (performance.now() - began) / 1000;
    for (let left = await pendingInTable(); left > 0 || truth.due() > 0; left = await pendingInTable())
      await wait(5_000);
    await product.drained();
    const drained = (performance.now() - began) / 1000;
    over = true;
    await watching;

    const found = await recordedOnce(dataDir);
    return [
      {
        name: `peak memory of the process tree (PSS), ${sent} messages`,
        unit: 'MB',
        figure: peak.pss,
        goal: { is: 'atMost', value: 1_500 },
      },
      { name: 'accepted', unit: '/s', figure: sent / accepted },
      { name: 'worked off', unit: '/s', figure: sent / drained },
      { name: 'most receipts pending, as health said', unit: '', figure: peak.pending },
      { name: 'most messages in one queue', unit: '', figure: peak.queued },
      {
        name: `health beside the queues, worst of ${peak.looks} looks`,
        unit: 'messages off',
        figure: peak.missOfQueues,
        goal: { is: 'atMost', value: 0 },
      },
      {
        name: 'health beside the receipts, worst',
        unit: 'receipts off',
        figure: peak.missOfReceipts,
        goal: { is: 'atMost', value: 0 },
      },
      { name: 'health gave no answer', unit: 'times', figure: peak.unanswered, goal: { is: 'atMost', value: 0 } },
      { name: 'lost', unit: 'facts', figure: sent - found.facts, goal: { is: 'atMost', value: 0 } },
      { name: 'doubled', unit: 'facts', figure: found.doubled, goal: { is: 'atMost', value: 0 } },
      { name: 'broken streams', unit: '', figure: found.faults, goal: { is: 'atMost', value: 0 } },
      { name: 'dead letters', unit: '', figure: truth.dead(), goal: { is: 'atMost', value: 0 } },
    ];
  } finally {
    over = true;
    truth.close();
    await sender.terminate();
    await product.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
