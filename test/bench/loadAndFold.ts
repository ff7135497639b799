// What does knowing an engagement cost beyond reading its items? Load and fold of 100 events, against the bare Query of the same items.
import { foldEngagement } from '../../domain/engagement/engagement.ts';
import { historyOf, standing } from '../../domain/history.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../functions/store/eventStore.ts';
import { startTestEngine } from '../support/engine.ts';
import { lifetime } from './lifetime.ts';
import { queryAll } from './queryAll.ts';
import { type Bench, rateOf, sideBySide } from './sideBySide.ts';

const stream = streamIdOf('bench', 'engagement', 'long');
const loads = 25;

export const loadAndFold: Bench = async () => {
  const engine = await startTestEngine({ on: 'disk' });
  try {
    const table = await engine.eventsTable();
    const store = createDynamoEventStore({ client: engine.client, table });
    let tip = emptyTip;
    for (const said of lifetime(stream, 100)) {
      const appended = await store.append(stream, tip, [said], said.occurredAt);
      if (appended.outcome === 'conflict') throw new Error('nobody else writes this stream');
      tip = appended.tip;
    }

    const figure = (): Promise<number> =>
      rateOf(loads, async () => {
        for (let load = 0; load < loads; load += 1) {
          const { events } = await store.load(stream);
          const engagement = foldEngagement(standing(historyOf(events)));
          if (engagement.events.length !== 100) throw new Error(`${engagement.events.length} events stand`);
        }
      });

    const floor = (): Promise<number> =>
      rateOf(loads, async () => {
        for (let load = 0; load < loads; load += 1) {
          const read = await queryAll({ client: engine.client, table, stream });
          if (read !== 100) throw new Error(`${read} items were read`);
        }
      });

    return [
      await sideBySide({
        name: 'load and fold of 100 events / Query of the items',
        unit: 'loads/s',
        goal: 0.85,
        figure,
        floor,
      }),
    ];
  } finally {
    await engine.stop();
  }
};
