// How does a run start with empty tables? Every item is deleted except the connections, and the dead letters are deleted too.
// The faults call it; it deletes items and messages of the local runtime.
import type { TablePlan } from '../local/core/plan.ts';
import type { Runtime } from '../local/runtime.ts';
import { scan, tablesOf } from './endState.ts';

const callItems = 25;

const empty = async ({ engine }: Pick<Runtime, 'engine'>, { name, key }: TablePlan): Promise<void> => {
  const requests = (await scan(engine.call, name)).map((item) => ({
    DeleteRequest: {
      Key: Object.fromEntries(
        key.map((part) => {
          const value = item[part.name];
          return [part.name, typeof value === 'number' ? { N: String(value) } : { S: String(value) }];
        }),
      ),
    },
  }));
  for (let start = 0; start < requests.length; start += callItems) {
    const some = requests.slice(start, start + callItems);
    await engine.call('BatchWriteItem', { RequestItems: { [name]: some } });
  }
};

type Emptied = Pick<Runtime, 'engine' | 'plan' | 'queueStore' | 'drained'>;

/** Queues that no function reads: dead letters, and the queue for changed commits, which this deletion fills. */
const emptyUnread = async ({ plan, queueStore, drained }: Emptied): Promise<void> => {
  await drained();
  const read = new Set(plan.queueMappings.map(({ queue }) => queue));
  for (const { name } of plan.queues.filter((queue) => !read.has(queue.name))) {
    for (let held = queueStore.receive(name, 10); held.length > 0; held = queueStore.receive(name, 10)) {
      queueStore.delete(
        name,
        held.map(({ receiptHandle }) => receiptHandle),
      );
    }
  }
};

/** Empties the queues that no function reads, and all tables except the connections, which functions keep in memory. */
export const emptyTables = async (runtime: Emptied): Promise<void> => {
  const kept = tablesOf(runtime.plan).get('CONNECTIONS_TABLE');
  for (const table of runtime.plan.tables) if (table.name !== kept) await empty(runtime, table);
  await emptyUnread(runtime);
};

/** Empties the projection tables. */
export const emptyRows = async (runtime: Emptied): Promise<void> => {
  const rows = new Set([...tablesOf(runtime.plan)].flatMap(([as, name]) => (as.startsWith('TABLE_') ? [name] : [])));
  for (const table of runtime.plan.tables) if (rows.has(table.name)) await empty(runtime, table);
};
