// How does one run leave nothing to the next? Every item of its tables is taken away, but for the connections; and its dead letters.
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

/** Nobody reads these queues: dead letters, and what tells that a commit was changed, which this here does. */
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

/** Empties all tables but that of connections, which functions remember, and the queues that nobody reads. */
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
