// How long do people wait for answers about ten thousand engagements? Each question over HTTP, the median of five after a first one.
import { mintToken } from '../../infra/local/http/tokens.ts';
import { startFilledTenant } from './filledTenant.ts';
import type { LivePipeline } from './livePipeline.ts';
import { type Bench, type Figure, medianOf } from './sideBySide.ts';
import { factsEach } from './threeFacts.ts';

interface Question {
  readonly name: string;
  readonly path: string;
  /** The most milliseconds; absent where the time is only to be known. */
  readonly most?: number;
  /** What the answer must hold, so that it is no error that was measured. */
  readonly holds: (body: string) => boolean;
}

const rounds = 5;

const itemsIn = (body: string): number => {
  const { items }: { items?: unknown } = JSON.parse(body);
  return Array.isArray(items) ? items.length : 0;
};

const questionsOf = (engagement: string): readonly Question[] => [
  { name: 'health', path: 'health', most: 300, holds: (body) => 'behind' in JSON.parse(body) },
  { name: 'a list of 100 flags', path: 'flags', most: 50, holds: (body) => itemsIn(body) === 100 },
  {
    name: 'a table’s page of 1,000 rows, JSON',
    path: 'tables/engagements?limit=1000',
    most: 250,
    holds: (body) => itemsIn(body) === 1_000,
  },
  {
    name: 'a table’s page of 1,000 rows, CSV',
    path: 'tables/engagements?format=csv',
    most: 250,
    holds: (body) => body.split('\r\n').length > 1_000,
  },
  { name: 'an engagement', path: `engagements/${engagement}`, holds: (body) => 'engagement' in JSON.parse(body) },
  { name: 'its timeline', path: `engagements/${engagement}/events`, holds: (body) => itemsIn(body) === factsEach },
];

const askerOf = async ({ runtime }: LivePipeline) => {
  const { issuer, plan, url } = runtime;
  const token = await mintToken(
    { issuer, functions: plan.functions },
    { role: 'vendor', tenant: 'bench', subject: 'vera', seconds: 3_600 },
  );
  return async (path: string): Promise<string> => {
    const answer = await fetch(`${url}/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${body}`);
    return body;
  };
};

export const queries: Bench = async ({ facts = 30_000 }) => {
  const engagements = Math.ceil(facts / factsEach);
  const live = await startFilledTenant(engagements);
  try {
    const ask = await askerOf(live);
    const [first] = JSON.parse(await ask('engagements?limit=1')).items;
    const figures: Figure[] = [];
    for (const { name, path, most, holds } of questionsOf(String(first.rowKey))) {
      if (!holds(await ask(path))) throw new Error(`the answer to ${path} lacks what was asked for`);
      const waited: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const asked = performance.now();
        await ask(path);
        waited.push(performance.now() - asked);
      }
      figures.push({
        name: `${name}, of ${engagements} engagements`,
        unit: 'ms',
        figure: medianOf(waited),
        ...(most !== undefined && { goal: { is: 'atMost', value: most } }),
      });
    }
    return figures;
  } finally {
    await live.stop();
  }
};
