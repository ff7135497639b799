// Where is counted what goes wrong on the way? Around the store, the decisions and the receipts, so that none of them knows of it.

import type { Measure, MeasureName } from '../aws/metrics.ts';
import type { Receipts } from '../intake/receipts.ts';
import type { EventStore } from '../store/eventStore.ts';
import type { RecordFacts } from './recordFacts.ts';

/** A store whose conflicts are counted. */
export const countConflicts = (store: EventStore, add: Measure): EventStore => ({
  ...store,
  append: async (...append) => {
    const appended = await store.append(...append);
    if (appended.outcome === 'conflict') add('Conflicts', 1);
    return appended;
  },
});

/** A stage whose refusals are counted, under the name of who hears of them. */
export const countRefusals =
  (recordFacts: RecordFacts, add: Measure, name: Extract<MeasureName, 'Refusals' | 'PeopleRefused'>): RecordFacts =>
  async (streamId, facts) => {
    const recorded = await recordFacts(streamId, facts);
    add(name, recorded.filter(({ outcome }) => outcome === 'refused').length);
    return recorded;
  };

/** Receipts of which those are counted that end refused, or wait. */
export const countReceipts = (receipts: Receipts, add: Measure): Receipts => ({
  ...receipts,
  end: async (key, ending, recorded) => {
    const stood = await receipts.end(key, ending, recorded);
    if (stood === undefined && ending.status === 'refused') add('ReceiptsRefused', 1);
    return stood;
  },
  wait: async (key, waiting, recorded) => {
    const stood = await receipts.wait(key, waiting, recorded);
    if (stood === undefined) add('ReceiptsSetAside', 1);
    return stood;
  },
});
