// How long does a fact take from its sender to its row? At twenty a second, and at half of the greatest pace; nothing is gathered.
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { StoredHead } from '../../functions/project/headState.ts';
import { type CallInterceptor, cut } from '../../infra/local/core/callInterceptor.ts';
import { isObject, type JsonObject } from '../../infra/local/core/json.ts';
import { type LivePipeline, startLivePipeline } from './livePipeline.ts';
import { type Bench, type Figure, rateOf } from './sideBySide.ts';
import { story } from './story.ts';

const seconds = 20;
const steadyPace = 20;
const finding = 50;

const Recorded = z.array(z.object({ sourceEventId: z.string(), streamId: z.string(), version: z.number() }));

interface Committed {
  readonly id: string;
  readonly version: number;
}

const objects = (value: unknown): readonly JsonObject[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => isObject(each));

/** The heads that a call writes, by the versions of the streams that they rest on. */
const basesIn = (input: JsonObject): readonly Readonly<Record<string, number>>[] => {
  const puts = objects(input.TransactItems).map(({ Put }) => Put);
  return objects([input, ...puts])
    .map(({ Item }) => Item)
    .filter((item) => isObject(item) && item.headState !== undefined)
    .flatMap((item) => {
      const head = StoredHead().safeParse(unmarshall(JSON.parse(JSON.stringify(item), bytes)));
      return head.success ? [head.data.basis] : [];
    });
};

/** Bytes stand as base64 in a call. */
const bytes = (name: string, value: unknown): unknown =>
  name === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;

/** Notes when each message's fact is first in a head that was written; from then on its rows show it. */
const createWatch = () => {
  const shown = new Map<string, number>();
  const waiting = new Map<string, Committed[]>();
  const interceptor: CallInterceptor = async (call, pass) => {
    const answer = await pass();
    if (answer === cut || answer.status !== 200 || call.service !== 'dynamodb') return answer;
    const { input, caller } = call;
    if (isObject(input.Item) && isObject(input.Item.events)) {
      for (const { sourceEventId, streamId, version } of Recorded.parse(JSON.parse(String(input.Item.events.S)))) {
        // A source names its event after itself and a space.
        const id = sourceEventId.slice(sourceEventId.lastIndexOf(' ') + 1);
        waiting.set(streamId, [...(waiting.get(streamId) ?? []), { id, version }]);
      }
    }
    if (caller !== 'Project') return answer;
    const now = Date.now();
    for (const [stream, version] of basesIn(input).flatMap((basis) => Object.entries(basis))) {
      const left = (waiting.get(stream) ?? []).filter((commit) => commit.version > version);
      for (const { id } of (waiting.get(stream) ?? []).filter((commit) => commit.version <= version)) {
        shown.set(id, Math.min(now, shown.get(id) ?? now));
      }
      waiting.set(stream, left);
    }
    return answer;
  };
  return { interceptor, shown };
};

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;

interface Asked {
  readonly wave: number;
  readonly pace: number;
  readonly of: string;
  readonly atMost: number;
}

const figuresAt = async (
  { live, shown }: { readonly live: LivePipeline; readonly shown: ReadonlyMap<string, number> },
  { wave, pace, of, atMost }: Asked,
): Promise<readonly Figure[]> => {
  const engagements = Math.max(1, Math.round((pace * seconds) / story.length));
  const sent = await live.passAt(pace, wave, engagements);
  const waits = Object.entries(sent)
    .flatMap(([id, due]) => (shown.has(id) ? [(shown.get(id) ?? due) - due] : []))
    .toSorted((a, b) => a - b);
  const name = `fact to row at ${of} (${pace.toFixed(0)}/s)`;
  return [
    { name: `${name}, p50`, unit: 'ms', figure: percentile(waits, 0.5) },
    { name: `${name}, p99`, unit: 'ms', figure: percentile(waits, 0.99), goal: { is: 'atMost', value: atMost } },
    {
      ...{ name: `${name}, facts that no row shows`, unit: '', figure: Object.keys(sent).length - waits.length },
      goal: { is: 'atMost', value: 0 },
    },
  ];
};

export const latency: Bench = async () => {
  const { interceptor, shown } = createWatch();
  const live = await startLivePipeline({ interceptors: [interceptor] });
  try {
    // A first wave starts every worker.
    await live.pass(-1, 5);
    const steady = await figuresAt({ live, shown }, { wave: 0, pace: steadyPace, of: 'twenty a second', atMost: 1000 });
    const greatest = await rateOf(finding * story.length, () => live.pass(1, finding));
    process.stderr.write(`  the greatest pace: ${greatest.toFixed(0)} facts/s\n`);
    const half = { wave: 2, pace: greatest / 2, of: 'half of the greatest pace', atMost: 2000 };
    return [...steady, ...(await figuresAt({ live, shown }, half))];
  } finally {
    await live.stop();
  }
};
