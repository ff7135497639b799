// Is the pipeline as fast on a full store as on an empty one? Its rate against raw conditional puts, after a thousand facts and after a hundred thousand.
import { createFillStore } from './fillStore.ts';
import { startLivePipeline } from './livePipeline.ts';
import { startRawPuts } from './rawPuts.ts';
import { type Bench, medianOf, rateOf } from './sideBySide.ts';
import { story } from './story.ts';

const rounds = 5;
const engagementsAFill = 250;

interface Rates {
  readonly facts: number;
  readonly puts: number;
}

export const throughput: Bench = async ({ facts = 100_000 }) => {
  const live = await startLivePipeline();
  const raw = await startRawPuts();
  const filling = await createFillStore(live);
  // A run that is asked to be shorter has shorter waves, too.
  const engagementsAWave = facts < 20_000 ? 10 : 50;
  const factsAWave = engagementsAWave * story.length;
  let wave = 0;
  let held = 0;
  try {
    const pass = async (): Promise<void> => {
      await live.pass(wave, engagementsAWave);
      wave += 1;
      held += factsAWave;
    };
    /** The medians of five: a wave of facts each, and raw puts into a table that holds as many items. */
    const ratesNow = async (): Promise<Rates> => {
      const [ours, least]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        await raw.fill(held);
        least.push(await raw.rate());
        ours.push(await rateOf(factsAWave, pass));
        process.stderr.write(`  ${held} facts: ${ours.at(-1)?.toFixed(0)}/s, raw puts ${least.at(-1)?.toFixed(0)}/s\n`);
      }
      return { facts: medianOf(ours), puts: medianOf(least) };
    };

    await raw.rate();
    // The first wave starts every function's worker.
    await pass();
    const early = await ratesNow();
    const began = performance.now();
    while (held < facts) {
      const engagements = Math.min(engagementsAFill, Math.ceil((facts - held) / story.length));
      await filling.fill(wave, engagements);
      wave += 1;
      held += engagements * story.length;
      process.stderr.write(`  filled to ${held} facts\n`);
    }
    process.stderr.write(`  filled in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    const full = held;
    const late = await ratesNow();

    const share = ({ facts: ours, puts }: Rates): number => ours / puts;
    const row = (name: string, rates: Rates) => ({
      ...{ name, unit: 'facts/s', figure: rates.facts, floor: rates.puts, ratio: share(rates) },
    });
    return [
      row(`pipeline after ${factsAWave} facts / conditional PutItem into as many`, early),
      row(`pipeline after ${full} facts / conditional PutItem into as many`, late),
      {
        name: `pipeline / raw puts, after ${full} facts against after ${factsAWave}`,
        unit: 'of a put',
        figure: share(late),
        floor: share(early),
        ratio: share(late) / share(early),
        goal: { is: 'atLeast', value: 0.8 },
      },
    ];
  } finally {
    filling.stop();
    await raw.stop();
    await live.stop();
  }
};
