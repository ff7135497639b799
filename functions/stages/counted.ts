// Where are conflicts, refusals and waiting receipts counted, outside the parts in which they happen?
// Stage functions, record and translate call it; it adds to the metrics of its function.

import type { Measure, MeasureName } from '../aws/metrics.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { EventStore } from '../store/eventStore.ts';
import type { RecordFacts } from './recordFacts.ts';

/** Wraps a store: counts its conflicts. */
export const countConflicts = (store: EventStore, add: Measure): EventStore => ({
  ...store,
  append: async (...append) => {
    const appended = await store.append(...append);
    if (appended.outcome === 'conflict') add('Conflicts', 1);
    return appended;
  },
});

/** Wraps `recordFacts`: counts its refusals in the metric `name`. */
export const countRefusals =
  (recordFacts: RecordFacts, add: Measure, name: Extract<MeasureName, 'Refusals' | 'PeopleRefused'>): RecordFacts =>
  async (streamId, facts) => {
    const recorded = await recordFacts(streamId, facts);
    add(name, recorded.filter(({ outcome }) => outcome === 'refused').length);
    return recorded;
  };

/** Wraps the receipts: counts those that end as refused, the keys that none of ours knows, the free texts, and those that wait. */
export const countReceipts = (receipts: Receipts, add: Measure): Receipts => ({
  ...receipts,
  end: async (key, ending, recorded) => {
    const stood = await receipts.end(key, ending, recorded);
    if (stood === undefined && ending.status === 'refused') add('ReceiptsRefused', 1);
    if (stood === undefined && ending.status === 'expired') add('ReceiptsExpired', 1);
    if (stood === undefined) add('UnknownKeys', ending.unknownKeys?.length ?? 0);
    if (stood === undefined) add('FreeTexts', ending.freeTexts?.length ?? 0);
    return stood;
  },
  wait: async (key, waiting, recorded) => {
    const stood = await receipts.wait(key, waiting, recorded);
    if (stood === undefined) add('ReceiptsSetAside', 1);
    return stood;
  },
});
