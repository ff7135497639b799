// Where does the work of a fact go? Processor time by thread and process; calls, bus entries, batches and the engine's syncs: each for one fact.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type CallInterceptor, cut } from '../../infra/local/core/callInterceptor.ts';
import { isObject } from '../../infra/local/core/json.ts';
import { type LivePipeline, senderThread, startLivePipeline } from './livePipeline.ts';
import { processorTimes, spentSince } from './processorTime.ts';
import { descendantsOf } from './processTree.ts';
import { type Bench, type Figure, medianOf } from './sideBySide.ts';
import { story } from './story.ts';

const rounds = 5;
const engagementsAWave = 50;
const factsAWave = engagementsAWave * story.length;

/** The medians of the rounds, by what was measured. */
const mediansOf = (measured: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> => {
  const names = new Set(measured.flatMap((round) => [...round.keys()]));
  const median = (name: string) => medianOf(measured.map((round) => round.get(name) ?? 0));
  return new Map([...names].map((name) => [name, median(name)] as const).sort(([, a], [, b]) => b - a));
};

const inOrder = (counts: ReadonlyMap<string, number>, what: string, unit: string): readonly Figure[] =>
  [...counts].map(([name, count]) => ({ name: `${what}: ${name}`, unit, figure: count / factsAWave }));

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

const warmedUp = async (live: LivePipeline): Promise<LivePipeline> => {
  await live.pass(-1, engagementsAWave);
  return live;
};

/** Milliseconds of processor time; nobody counts calls meanwhile, because that takes time itself. */
const processorFigures = async (): Promise<readonly Figure[]> => {
  const live = await warmedUp(await startLivePipeline());
  try {
    const measured: ReadonlyMap<string, number>[] = [];
    for (let wave = 0; wave < rounds; wave += 1) {
      const before = processorTimes();
      await live.pass(wave, engagementsAWave);
      const spent = new Map(spentSince(before));
      spent.delete(senderThread);
      measured.push(spent);
      process.stderr.write(`  ${(sumOf(spent) / factsAWave).toFixed(1)} ms a fact\n`);
    }
    const all = medianOf(measured.map(sumOf)) / factsAWave;
    return [
      {
        name: 'processor time, receipt to the last row of the first level',
        ...{ unit: 'ms a fact', figure: all, goal: { is: 'atMost', value: 6 } },
      },
      ...inOrder(mediansOf(measured), 'processor time', 'ms a fact'),
    ];
  } finally {
    await live.stop();
  }
};

interface Counts {
  readonly calls: Map<string, number>;
  readonly entries: Map<string, number>;
  readonly refused: Map<string, number>;
  readonly batches: Map<string, number[]>;
}

const addTo = (counts: Map<string, number>, name: string, count = 1): void => {
  counts.set(name, (counts.get(name) ?? 0) + count);
};

/** Counts every call of the functions. */
const counting =
  (counts: Counts): CallInterceptor =>
  async (call, pass) => {
    const { caller, service, operation, input } = call;
    const table = typeof input.TableName === 'string' ? ` ${input.TableName.replace(/^.*-/, '')}` : '';
    const name = `${operation}${table}, by ${caller}`;
    addTo(counts.calls, name);
    if (service === 'events')
      addTo(counts.entries, `by ${caller}`, Array.isArray(input.Entries) ? input.Entries.length : 0);
    const answer = await pass();
    if (answer !== cut && answer.status !== 200) addTo(counts.refused, name);
    return answer;
  };

const recordsIn = (event: string): number => {
  const said: unknown = JSON.parse(event);
  return isObject(said) && Array.isArray(said.Records) ? said.Records.length : 1;
};

/** How often the engine waits for the disk; undefined where this machine has no `strace`, or lets nobody trace. */
const syncsOf = async (work: () => Promise<unknown>): Promise<number | undefined> => {
  const engine = descendantsOf(process.pid).find((pid) =>
    readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('dynoxide'),
  );
  const tracer = spawn('strace', ['-f', '-c', '-e', 'trace=fsync,fdatasync', '-p', String(engine)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const begun = await Promise.race([
    once(tracer.stderr, 'data').then(() => /attached/.test(said)),
    once(tracer, 'error').then(() => false),
  ]);
  if (!begun) return undefined;
  await work();
  tracer.kill('SIGINT');
  await once(tracer, 'exit');
  const counted = [...said.matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s.*\bf(?:data)?sync$/gm)];
  return counted.reduce((sum, [, count]) => sum + Number(count), 0);
};

const callFigures = async (): Promise<readonly Figure[]> => {
  const counts: Counts = { calls: new Map(), entries: new Map(), refused: new Map(), batches: new Map() };
  const live = await warmedUp(
    await startLivePipeline({
      interceptors: [counting(counts)],
      onInvoked: ({ functionName, event }) =>
        counts.batches.set(functionName, [...(counts.batches.get(functionName) ?? []), recordsIn(event)]),
    }),
  );
  try {
    for (const each of Object.values(counts)) each.clear();
    await live.pass(0, engagementsAWave);
    const { calls, entries, refused, batches } = structuredClone(counts);
    const syncs = await syncsOf(() => live.pass(1, engagementsAWave));
    const sorted = (map: ReadonlyMap<string, number>) => mediansOf([map]);
    const writes = new Map([...calls].filter(([name]) => /^(Put|Update|Delete|Transact|BatchW)/.test(name)));
    return [
      { name: 'calls', unit: 'a fact', figure: sumOf(calls) / factsAWave },
      ...inOrder(sorted(calls), 'calls', 'a fact'),
      { name: 'calls that write', unit: 'a fact', figure: sumOf(writes) / factsAWave },
      ...inOrder(sorted(refused), 'calls refused', 'a fact'),
      { name: 'bus entries', unit: 'a fact', figure: sumOf(entries) / factsAWave },
      ...inOrder(sorted(entries), 'bus entries', 'a fact'),
      ...(syncs === undefined ? [] : [{ name: "the engine's syncs", unit: 'a fact', figure: syncs / factsAWave }]),
      ...[...batches]
        .sort(([, a], [, b]) => b.length - a.length)
        .flatMap(([name, sizes]) => [
          { name: `invocations of ${name}`, unit: 'a fact', figure: sizes.length / factsAWave },
          {
            name: `batches of ${name}`,
            unit: 'records',
            figure: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
          },
        ]),
    ];
  } finally {
    await live.stop();
  }
};

export const budget: Bench = async () => [...(await processorFigures()), ...(await callFigures())];
