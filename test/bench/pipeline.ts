// How many facts a second pass the whole pipeline, from receipt to the last row, and does it stay that fast?
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../functions/aws/parallel.ts';
import { clientOf, startTestEngine } from '../support/engine.ts';
import { startLivePipeline } from './livePipeline.ts';
import { type Bench, medianOf, rateOf } from './sideBySide.ts';
import { story } from './story.ts';

const waves = 10;
const engagementsAWave = 50;
const floorPuts = 1600;

const factsAWave = engagementsAWave * story.length;

export const pipeline: Bench = async () => {
  const live = await startLivePipeline();
  const floorEngine = await startTestEngine({ on: 'disk' });
  const { pass } = live;
  try {
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
    await floorEngine.stop();
    await live.stop();
  }
};
