// Does a stream's length cost more than in proportion? Cold load and fold, and one more event projected, at 50, 500 and 5,000 events.
import { foldEngagement } from '../../domain/engagement/engagement.ts';
import { historyOf, standing } from '../../domain/history.ts';
import type { Fact } from '../../events/catalog.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import { createProjectionStore } from '../../functions/project/projectionStore.ts';
import { createProjector } from '../../functions/project/projector.ts';
import { createCachedStreams, createGrown } from '../../functions/store/cachedStreams.ts';
import { commitOf } from '../../functions/store/commit.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { type EventStore, emptyTip, type Tip } from '../../functions/store/eventStore.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { createProjections, type Projections } from '../support/projections.ts';
import { lifetime } from './lifetime.ts';
import { queryAll } from './queryAll.ts';
import { type Bench, type Figure, medianOf } from './sideBySide.ts';

const lengths = [50, 500, 5000] as const;
const rounds = 5;
const now = '2026-06-30T12:00:00.000Z';

/** Ten times the events may take ten times as long, and a little for the sorting and the garbage. */
const tenfold = 12;

interface Ground {
  readonly engine: TestEngine;
  readonly table: string;
  readonly store: EventStore;
  readonly projections: Projections;
}

/** A stream of so many commits, and the facts that may still follow. */
interface LongStream {
  readonly stream: string;
  readonly length: number;
  tip: Tip;
  readonly further: Fact[];
}

const msOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const grow = async (store: EventStore, long: LongStream, said: Fact): Promise<void> => {
  const appended = await store.append(long.stream, long.tip, [said], now);
  if (appended.outcome === 'conflict') throw new Error('nobody else writes this stream');
  long.tip = appended.tip;
};

const streamOf = async ({ store }: Ground, length: number): Promise<LongStream> => {
  const stream = streamIdOf('bench', 'engagement', `of ${length}`);
  const facts = lifetime(stream, length + 4 * rounds, 8);
  const long: LongStream = { stream, length, tip: emptyTip, further: facts.slice(length) };
  for (const said of facts.slice(0, length)) await grow(store, long, said);
  return long;
};

const loading = async ({ engine, table, store }: Ground, { stream, length }: LongStream): Promise<Figure> => {
  const figures: number[] = [];
  const floors: number[] = [];
  const load = async () => {
    const { events } = await store.load(stream);
    if (foldEngagement(standing(historyOf(events)), now).events.length !== length)
      throw new Error('not all events stand');
  };
  const query = () => queryAll({ client: engine.client, table, stream });
  await Promise.all([load(), query()]);
  for (let round = 0; round < rounds; round += 1) {
    figures.push(await msOf(load));
    floors.push(await msOf(query));
  }
  const [figure, floor] = [medianOf(figures), medianOf(floors)];
  return {
    name: `cold load and fold of ${length} events / Query of the items`,
    unit: 'ms',
    figure,
    floor,
    ratio: figure / floor,
  };
};

const projectorOn = ({ engine, table, store, projections }: Ground) => {
  const cache = createCachedStreams({
    store,
    grown: createGrown({ client: engine.client, table, random: Math.random }),
  });
  const rows = createProjectionStore({ client: engine.client, tableOf: projections.tableOf, random: Math.random });
  const project = createProjector({
    wake: async () => undefined,
    cache,
    rows,
    now: () => now,
    random: Math.random,
    release: 1,
    computedBy: 'bench',
  });
  return { cache, project };
};

/** The projection of one more event: by a process that knows the stream and is told of the commit, and by one that knows nothing. */
const projecting = async (ground: Ground, long: LongStream): Promise<readonly Figure[]> => {
  const { cache, project } = projectorOn(ground);
  await project(long.stream);
  const further = async (): Promise<() => void> => {
    const said = long.further.shift();
    if (said === undefined) throw new Error('no fact is left to follow');
    const { commit } = commitOf({ streamId: long.stream, tip: long.tip, facts: [said], now });
    await grow(ground.store, long, said);
    return () => cache.offer(commit);
  };
  const measured = async (work: (offer: () => void) => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const offer = await further();
      times.push(await msOf(() => work(offer)));
    }
    return medianOf(times.slice(1));
  };
  const warm = await measured((offer) => {
    offer();
    return project(long.stream);
  });
  const cold = await measured(() => projectorOn(ground).project(long.stream));
  const name = (how: string) => `one more event projected onto ${long.length}, ${how}`;
  return [
    { name: name('warm'), unit: 'ms', figure: warm },
    { name: name('cold'), unit: 'ms', figure: cold },
  ];
};

const growthOf = (name: string, shorter: Figure | undefined, longer: Figure | undefined): Figure => ({
  name: `${name}: ${lengths[2]} events / ${lengths[1]}`,
  unit: '×',
  figure: (longer?.figure ?? Number.NaN) / (shorter?.figure ?? Number.NaN),
  goal: { is: 'atMost', value: tenfold },
});

export const longStreams: Bench = async () => {
  const engine = await startTestEngine({ on: 'disk' });
  try {
    const table = await engine.eventsTable();
    const store = createDynamoEventStore({ client: engine.client, table });
    const ground: Ground = { engine, table, store, projections: await createProjections(engine.client) };
    const loads: Figure[] = [];
    const projections: Figure[][] = [];
    for (const length of lengths) {
      const long = await streamOf(ground, length);
      loads.push(await loading(ground, long));
      projections.push([...(await projecting(ground, long))]);
    }
    const [, [warm, cold] = [], [longWarm, longCold] = []] = projections;
    return [
      ...loads,
      growthOf('cold load and fold', loads[1], loads[2]),
      ...projections.flat(),
      growthOf('projected warm', warm, longWarm),
      growthOf('projected cold', cold, longCold),
    ];
  } finally {
    await engine.stop();
  }
};
