// What does knowing an engagement cost beyond reading its items? Load and fold of 100 events, against the bare Query of the same items.
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { foldEngagement } from '../../domain/engagement.ts';
import { historyOf, standing } from '../../domain/history.ts';
import type { Fact } from '../../events/catalog.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import { addDays, instantOf } from '../../events/instant.ts';
import { createDynamoEventStore } from '../../functions/runtime/dynamoEventStore.ts';
import { emptyTip } from '../../functions/runtime/eventStore.ts';
import { startTestEngine } from '../support/engine.ts';
import { fact } from '../support/events.ts';
import { type Bench, rateOf, sideBySide } from './sideBySide.ts';

const stream = streamIdOf('bench', 'engagement', 'long');
const loads = 25;
const start = instantOf(Date.UTC(2025, 0, 6));

/** A year and a half of one engagement: it opens, is sold and delivered, then used, measured and worked on. */
const lifetime = (): readonly Fact[] => {
  const at = (days: number) => ({ at: addDays(start, days), stream, sourceId: `day ${days}` });
  const customer = { system: 'salesforce:00D000000000001AAA', kind: 'account', id: '001000000000001AAA' };
  const running = Array.from({ length: 96 }, (_, index): Fact => {
    const day = 40 + index * 5;
    switch (index % 4) {
      case 0:
        return fact('WorkLogged', { workId: `w${index}`, category: 'managed', minutes: 90, billable: true }, at(day));
      case 1: {
        const window = { windowStart: addDays(start, day - 5), windowEnd: addDays(start, day) };
        const usage = { subscriptionId: 'sub_1', purchasedUnits: 50, activeUnits: 20 + (index % 25), metric: 'seats' };
        return fact('UsageMeasured', { ...usage, ...window }, at(day));
      }
      case 2:
        return fact('OutcomeMeasured', { outcomeId: 'o1', value: index, unit: 'hours' }, at(day));
      default:
        return fact(
          'DealRevised',
          { salesStage: 'Expansion', value: { amount: `${index}00.00`, currency: 'EUR' } },
          at(day),
        );
    }
  });
  return [
    fact('EngagementOpened', { customer, country: 'NO', offerId: 'backup', offerVersion: 1 }, at(0)),
    fact('OutcomeAgreed', { outcomeId: 'o1', metric: 'restore time', unit: 'hours', target: 4 }, at(5)),
    fact('DealClosed', { result: 'won', value: { amount: '120000.00', currency: 'EUR' } }, at(20)),
    fact('DeliveryStarted', { templateRef: 'backup-v1', plannedMinutes: 4800 }, at(30)),
    ...running,
  ];
};

export const loadAndFold: Bench = async () => {
  const engine = await startTestEngine({ on: 'disk' });
  try {
    const table = await engine.eventsTable();
    const store = createDynamoEventStore({ client: engine.client, table });
    let tip = emptyTip;
    for (const said of lifetime()) {
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
          let read = 0;
          let next: Record<string, AttributeValue> | undefined;
          do {
            const page = await engine.client.send(
              new QueryCommand({
                TableName: table,
                ConsistentRead: true,
                KeyConditionExpression: '#stream = :stream',
                ExpressionAttributeNames: { '#stream': 'stream' },
                ExpressionAttributeValues: { ':stream': { S: stream } },
                ExclusiveStartKey: next,
              }),
            );
            read += page.Items?.length ?? 0;
            next = page.LastEvaluatedKey;
          } while (next !== undefined);
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
