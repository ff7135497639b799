// What does an append cost beyond the put itself, and does every one land? Warm, through recordFacts, by sixteen writers at once, against the bare conditional put.
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Fact } from '../../events/catalog.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import { createRecordFacts, type RecordFacts } from '../../functions/stages/recordFacts.ts';
import { commitOf, tipOf } from '../../functions/store/commit.ts';
import { createDynamoEventStore, itemOf } from '../../functions/store/dynamoEventStore.ts';
import { startTestEngine } from '../support/engine.ts';
import { fact } from '../support/histories/events.ts';
import { type Bench, type Figure, rateOf, sideBySide } from './sideBySide.ts';

const writers = 16;
const appendsEach = 25;
const now = () => '2026-05-04T10:00:00.000Z';
const numbers = Array.from({ length: writers }, (_, writer) => writer);

const revision = (stream: string, index: number): Fact =>
  fact(
    'DealRevised',
    { salesStage: 'Negotiation', forecast: 'commit', value: { amount: '120000.00', currency: 'EUR' } },
    { at: '2026-05-01T08:00', stream, sourceId: `revision ${index}`, seq: '2026-05-01T08:00:00.000Z' },
  );

const inTurns = async (write: (writer: number, turn: number) => Promise<void>): Promise<void> => {
  await Promise.all(
    numbers.map(async (writer) => {
      for (let turn = 0; turn < appendsEach; turn += 1) await write(writer, turn);
    }),
  );
};

/** So many appends a second by writers that each have a stream, or all the same one. */
const appending = (recordFacts: RecordFacts, streamOf: (writer: number) => string) => {
  let sample = 0;
  return async (): Promise<number> => {
    sample += 1;
    const facts = numbers.map((writer) =>
      Array.from({ length: appendsEach }, (_, turn) =>
        revision(streamOf(writer), (sample * writers + writer) * appendsEach + turn),
      ),
    );
    return await rateOf(writers * appendsEach, () =>
      inTurns(async (writer, turn) => {
        const [recorded] = await recordFacts(streamOf(writer), facts[writer]?.slice(turn, turn + 1) ?? []);
        if (recorded?.outcome !== 'recorded') throw new Error(`an append was ${recorded?.outcome}`);
      }),
    );
  };
};

const barePuts = (client: DynamoDBClient, table: string) => {
  let sample = 0;
  return async (): Promise<number> => {
    sample += 1;
    const items = numbers.map((writer) => {
      const stream = streamIdOf('bench', 'engagement', `bare-${sample}-${writer}`);
      return Array.from({ length: appendsEach }, (_, turn) => {
        const tip = tipOf({ stream, version: turn + 1, count: 1, hash: 'f'.repeat(64), recordedAt: now() });
        return itemOf(commitOf({ streamId: stream, tip, facts: [revision(stream, turn)], now: now() }).commit);
      });
    });
    return await rateOf(writers * appendsEach, () =>
      inTurns(async (writer, turn) => {
        const put = { TableName: table, Item: items[writer]?.[turn] };
        await client.send(new PutItemCommand({ ...put, ConditionExpression: 'attribute_not_exists(version)' }));
      }),
    );
  };
};

/** The share of appends that land, where each writer is a process of its own, and all write to one stream. */
const landed = async (newProcess: () => RecordFacts): Promise<Figure> => {
  const stream = streamIdOf('bench', 'engagement', 'contended');
  const processes = numbers.map(newProcess);
  let count = 0;
  await inTurns(async (writer, turn) => {
    const facts = [revision(stream, writer * appendsEach + turn)];
    const recorded = await processes[writer]?.(stream, facts).catch(() => []);
    count += recorded?.length ?? 0;
  });
  const name = `appends that land, ${writers} processes on one stream`;
  return { name, unit: 'of all', figure: count / (writers * appendsEach), goal: { is: 'atLeast', value: 1 } };
};

export const append: Bench = async () => {
  const engine = await startTestEngine({ on: 'disk' });
  try {
    const table = await engine.eventsTable();
    const newProcess = () =>
      createRecordFacts({
        store: createDynamoEventStore({ client: engine.client, table }),
        ...{ now, random: Math.random },
      });
    const recordFacts = newProcess();
    const floor = barePuts(engine.client, table);
    const compared = { unit: 'appends/s', goal: 0.95, floor };
    const ofOne = streamIdOf('bench', 'engagement', 'warm');
    return [
      await sideBySide({
        name: `warm append through recordFacts, ${writers} streams at once / conditional PutItem`,
        ...compared,
        figure: appending(recordFacts, (writer) => streamIdOf('bench', 'engagement', `warm-${writer}`)),
      }),
      await sideBySide({
        name: `warm append through recordFacts, ${writers} writers on one stream / conditional PutItem`,
        ...compared,
        figure: appending(recordFacts, () => ofOne),
      }),
      await landed(newProcess),
    ];
  } finally {
    await engine.stop();
  }
};
