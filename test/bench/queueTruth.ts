// How many messages are truly in each queue? Counted in the queues' own file, twice a second, beside the product.
import { DatabaseSync } from 'node:sqlite';
import { dataFiles } from '../../infra/local/core/dataDirectory.ts';

interface Count {
  readonly at: number;
  readonly byQueue: ReadonlyMap<string, number>;
}

export interface QueueTruth {
  /** The least and the most messages of a function's queue from then on; a little earlier too, because health keeps counts for five seconds. */
  since(functionName: string, from: number): { readonly least: number; readonly most: number };
  /** How many are due or in flight; those that are delayed on purpose are not work yet. */
  due(): number;
  /** How many are in dead-letter queues. */
  dead(): number;
  close(): void;
}

const everyMs = 100;
const keptMs = 5_500;
const isDead = (queue: string): boolean => /dead/i.test(queue) || /failures/i.test(queue) || /unowned/i.test(queue);

/** Begins to count. */
export const queueTruth = (dataDir: string): QueueTruth => {
  const db = new DatabaseSync(dataFiles.queues(dataDir), { readOnly: true, timeout: 5_000 });
  const all = db.prepare('SELECT queue, count(*) AS count FROM messages GROUP BY queue');
  const due = db.prepare('SELECT queue FROM messages WHERE visible_at <= ? OR receive_count > 0');
  const counts: Count[] = [];
  const count = (): Count => {
    const found = new Map(all.all().map(({ queue, count: of }) => [String(queue), Number(of)] as const));
    const counted = { at: performance.now(), byQueue: found };
    counts.push(counted);
    while ((counts[0]?.at ?? 0) < counted.at - 4 * keptMs) counts.shift();
    return counted;
  };
  const timer = setInterval(count, everyMs);
  count();
  const queueOf = (functionName: string): readonly string[] => {
    const names = new Set(counts.flatMap(({ byQueue }) => [...byQueue.keys()]));
    const wanted = `${functionName}work`.toLowerCase();
    return [...names].filter((queue) => !isDead(queue) && queue.toLowerCase().replaceAll('-', '') === wanted);
  };
  return {
    since(functionName, from) {
      count();
      const queues = queueOf(functionName);
      const held = counts
        .filter(({ at }) => at >= from - keptMs)
        .map(({ byQueue }) => queues.reduce((total, queue) => total + (byQueue.get(queue) ?? 0), 0));
      return { least: Math.min(...held), most: Math.max(...held) };
    },
    due: () => due.all(Date.now()).filter(({ queue }) => !isDead(String(queue))).length,
    dead: () => [...count().byQueue].reduce((sum, [queue, held]) => sum + (isDead(queue) ? held : 0), 0),
    close() {
      clearInterval(timer);
      db.close();
    },
  };
};
