// How many facts a second pass the whole pipeline, from receipt to the last row, and does it stay that fast?
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../functions/runtime/inParallel.ts';
import { connectionRequest, connectSource } from '../../infra/local/connections.ts';
import { properties } from '../../infra/local/properties.ts';
import { startRuntime } from '../../infra/local/runtime.ts';
import { clientOf, startTestEngine } from '../support/engine.ts';
import type { Sending } from './sending.ts';
import { type Bench, medianOf, rateOf } from './sideBySide.ts';

const waves = 10;
const engagementsAWave = 50;
const floorPuts = 1600;

type Said = readonly [type: string, day: number, data: Readonly<Record<string, unknown>>];

/** Twenty facts of one engagement, from its opening to its reports. */
const story: readonly Said[] = [
  ['EngagementOpened', 0, { segment: 'retail', country: 'NO' }],
  ['OutcomeAgreed', 5, { outcomeId: 'o1', metric: 'mttr', unit: 'minutes', target: 40 }],
  ['RouteAgreed', 6, { route: 'direct' }],
  ['SolutionProposed', 8, { outcomeIds: ['o1'] }],
  ['DealClosed', 20, { result: 'won', value: { amount: '12000.00', currency: 'EUR' } }],
  [
    'HandoffOffered',
    21,
    {
      handoffId: 'h1',
      fromStage: 'sell',
      toStage: 'deliver',
      toOwner: 'crm:7',
      expectations: [{ textRef: 'wiki:1' }],
      contextRef: 'wiki:2',
    },
  ],
  ['HandoffAccepted', 22, { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' }],
  [
    'OrderPlaced',
    23,
    { claimedBy: 'seller_of_record', orderId: 'order', total: { amount: '12000.00', currency: 'EUR' } },
  ],
  ['OrderFulfilled', 25, { orderId: 'order' }],
  [
    'SubscriptionStarted',
    25,
    {
      subscriptionId: 's',
      kind: 'base_licence',
      quantity: 20,
      price: { amountMinor: 1200000, currency: 'EUR' },
      billingPeriod: 'P1Y',
      termStart: '2026-01-26T00:00:00.000Z',
      termEnd: '2027-01-26T00:00:00.000Z',
    },
  ],
  ['DeliveryStarted', 26, { templateRef: 'standard', plannedMinutes: 900 }],
  ['WorkLogged', 28, { workId: 'w1', category: 'implementation', minutes: 300 }],
  ['WorkLogged', 30, { workId: 'w2', category: 'implementation', minutes: 240 }],
  ['WorkLogged', 32, { workId: 'w3', category: 'implementation', minutes: 200 }],
  ['MilestoneReached', 40, { milestone: 'go_live' }],
  [
    'UsageMeasured',
    45,
    {
      subscriptionId: 's',
      windowStart: '2026-02-01T00:00:00.000Z',
      windowEnd: '2026-02-14T00:00:00.000Z',
      activeUnits: 12,
      metric: 'users',
    },
  ],
  [
    'UsageMeasured',
    60,
    {
      subscriptionId: 's',
      windowStart: '2026-02-14T00:00:00.000Z',
      windowEnd: '2026-02-28T00:00:00.000Z',
      activeUnits: 15,
      metric: 'users',
    },
  ],
  [
    'HandoffOffered',
    44,
    {
      handoffId: 'h2',
      fromStage: 'deliver',
      toStage: 'report',
      toOwner: 'crm:8',
      expectations: [{ textRef: 'wiki:3' }],
      contextRef: 'wiki:4',
    },
  ],
  ['HandoffAccepted', 45, { handoffId: 'h2', fromStage: 'deliver', toStage: 'report' }],
  ['ValueReported', 70, { reportId: 'r1', sections: ['adoption', 'business_impact'] }],
];
const factsAWave = engagementsAWave * story.length;
const start = Date.parse('2026-01-01T09:00:00Z');

/** A wave's messages, its engagements advancing side by side. */
const bodiesOf = (wave: number, engagements: number): Sending['bodies'] =>
  story.flatMap(([type, day, data], step) =>
    Array.from({ length: engagements }, (_, index) => {
      const id = `${wave}-${index}-${step}`;
      const event = {
        specversion: '1.0',
        id,
        source: 'https://bench.example',
        type: `throughline.${type}`,
        subject: `crm/opportunity/${wave}-${index}`,
        time: new Date(start + day * 86_400_000).toISOString(),
        datacontenttype: 'application/json',
        data,
      };
      return { id, text: JSON.stringify(event) };
    }),
  );

export const pipeline: Bench = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  const runtime = await startRuntime({ dataDir, port: 0 });
  const floorEngine = await startTestEngine({ on: 'disk' });
  const sender = new Worker(new URL('./sending.ts', import.meta.url));
  try {
    const request = connectionRequest(
      properties(
        { source: 'cloudevents', tenant: 'bench', mapping: {}, allow: 'EngagementOpened,DealClosed' },
        'connect',
      ),
    );
    const { url, secret = '' } = await connectSource(runtime, request);
    const pass = async (wave: number, engagements: number): Promise<void> => {
      const sending: Sending = { url, secret, bodies: bodiesOf(wave, engagements) };
      sender.postMessage(sending);
      await once(sender, 'message');
      await runtime.drained();
    };
    const table = await floorEngine.eventsTable();
    const client = clientOf(floorEngine.endpoint);
    const text = 'x'.repeat(900);
    const floor = (wave: number): Promise<number> =>
      rateOf(floorPuts, async () => {
        const numbers = Array.from({ length: floorPuts }, (_, index) => index);
        await inParallel(numbers, 16, (index) =>
          client.send(
            new PutItemCommand({
              TableName: table,
              Item: { stream: { S: `floor-${wave}-${index}` }, version: { N: '1' }, events: { S: text } },
              ConditionExpression: 'attribute_not_exists(version)',
            }),
          ),
        );
      });

    // A first, small wave starts every function's worker.
    await pass(-1, 5);
    await floor(-1);
    const rates: number[] = [];
    const floors: number[] = [];
    for (let wave = 0; wave < waves; wave += 1) {
      floors.push(await floor(wave));
      rates.push(await rateOf(factsAWave, () => pass(wave, engagementsAWave)));
      process.stderr.write(`  ${(wave + 1) * factsAWave} facts: ${rates.at(-1)?.toFixed(0)} facts/s\n`);
    }
    client.destroy();
    const [rate, least] = [medianOf(rates), medianOf(floors)];
    const [first = Number.NaN, last = Number.NaN] = [rates[0], rates.at(-1)];
    const name = `pipeline, receipt to last row, ${waves * factsAWave} facts / conditional PutItem at 16`;
    return [
      { name, unit: 'facts/s', figure: rate, floor: least, ratio: rate / least, goal: { is: 'atLeast', value: 0.08 } },
      {
        name: 'pipeline, the last thousand facts / the first',
        unit: 'facts/s',
        figure: last,
        floor: first,
        ratio: last / first,
        goal: { is: 'atLeast', value: 0.8 },
      },
    ];
  } finally {
    await sender.terminate();
    await floorEngine.stop();
    await runtime.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
