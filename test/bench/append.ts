// What does an append cost beyond the put itself? Warm, through recordFacts, on 16 streams at once, against the bare conditional put.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { streamIdOf } from '../../events/identifiers.ts';
import { createRecordFacts } from '../../functions/stages/recordFacts.ts';
import { commitOf, tipOf } from '../../functions/store/commit.ts';
import { createDynamoEventStore, itemOf } from '../../functions/store/dynamoEventStore.ts';
import { startTestEngine } from '../support/engine.ts';
import { fact } from '../support/histories/events.ts';
import { type Bench, rateOf, sideBySide } from './sideBySide.ts';

const writers = 16;
const appendsEach = 25;
const now = () => '2026-05-04T10:00:00.000Z';

const revision = (stream: string, index: number) =>
  fact(
    'DealRevised',
    { salesStage: 'Negotiation', forecast: 'commit', value: { amount: '120000.00', currency: 'EUR' } },
    { at: '2026-05-01T08:00', stream, sourceId: `revision ${index}`, seq: '2026-05-01T08:00:00.000Z' },
  );

const inTurns = async (streams: readonly string[], write: (stream: string, turn: number) => Promise<void>) => {
  await Promise.all(
    streams.map(async (stream) => {
      for (let turn = 0; turn < appendsEach; turn += 1) await write(stream, turn);
    }),
  );
};

export const append: Bench = async () => {
  const engine = await startTestEngine({ on: 'disk' });
  try {
    const table = await engine.eventsTable();
    const store = createDynamoEventStore({ client: engine.client, table });
    const recordFacts = createRecordFacts({ store, now, random: Math.random });
    const warm = Array.from({ length: writers }, (_, writer) => streamIdOf('bench', 'engagement', `warm-${writer}`));
    let sample = 0;

    const figure = async (): Promise<number> => {
      sample += 1;
      const facts = warm.map((stream) =>
        Array.from({ length: appendsEach }, (_, turn) => revision(stream, sample * appendsEach + turn)),
      );
      const byStream = new Map(warm.map((stream, writer) => [stream, facts[writer] ?? []]));
      return await rateOf(writers * appendsEach, () =>
        inTurns(warm, async (stream, turn) => {
          const [recorded] = await recordFacts(stream, byStream.get(stream)?.slice(turn, turn + 1) ?? []);
          if (recorded?.outcome !== 'recorded') throw new Error(`an append was ${recorded?.outcome}`);
        }),
      );
    };

    const floor = async (): Promise<number> => {
      sample += 1;
      const bare = Array.from({ length: writers }, (_, writer) =>
        streamIdOf('bench', 'engagement', `bare-${sample}-${writer}`),
      );
      const items = new Map(
        bare.map((stream) => [
          stream,
          Array.from({ length: appendsEach }, (_, turn) => {
            const tip = tipOf({ stream, version: turn + 1, count: 1, hash: 'f'.repeat(64), recordedAt: now() });
            return itemOf(commitOf({ streamId: stream, tip, facts: [revision(stream, turn)], now: now() }).commit);
          }),
        ]),
      );
      return await rateOf(writers * appendsEach, () =>
        inTurns(bare, async (stream, turn) => {
          await engine.client.send(
            new PutItemCommand({
              TableName: table,
              Item: items.get(stream)?.[turn],
              ConditionExpression: 'attribute_not_exists(version)',
            }),
          );
        }),
      );
    };

    const name = `warm append through recordFacts, ${writers} streams at once / conditional PutItem`;
    return [await sideBySide({ name, unit: 'appends/s', goal: 0.8, figure, floor })];
  } finally {
    await engine.stop();
  }
};
