// When do consumers read their streams? After a write to the engine's file; the pump checks often during work, and seldom without.
import type { Activity } from '../core/activity.ts';
import type { StreamTable } from '../storage/streamTable.ts';
import type { StreamConsumer } from './streamConsumer.ts';

export interface StreamPump {
  stop(): void;
}

const often = 3;
const seldom = 40;
/** For how many milliseconds after the last work it checks often. */
const alert = 250;
/** Milliseconds between trims of the records that all consumers of a table have finished. */
const trimEvery = 500;

/**
 * Starts the pump. With the embedded engine, a check reads one number in its file, which every commit changes. With another engine,
 * the consumers must call the engine.
 */
export function startStreamPump(options: {
  readonly consumers: readonly StreamConsumer[];
  readonly streams: StreamTable | undefined;
  readonly activity: Activity;
  readonly log: (line: string) => void;
}): StreamPump {
  const { consumers, streams, activity, log } = options;
  let version = -1;
  let awakeUntil = 0;
  let trimmedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  function trim(now: number): void {
    if (streams === undefined || now - trimmedAt < trimEvery) return;
    trimmedAt = now;
    for (const [table, ofTable] of Map.groupBy(consumers, (consumer) => consumer.table)) {
      const slowest = ofTable.map((consumer) => consumer.reached()).reduce((a, b) => (a < b ? a : b));
      if (slowest > 0n) while (streams.trim(table, slowest) === 200);
    }
  }

  function look(): void {
    const now = performance.now();
    try {
      const seen = streams?.version();
      const changed = seen === undefined || seen !== version;
      if (changed && seen !== undefined) awakeUntil = now + alert;
      version = seen ?? version;
      if (activity.busy()) awakeUntil = now + alert;
      if (changed) for (const consumer of consumers) consumer.wake();
      trim(now);
    } catch (error) {
      log(`streams: ${String(error)}`);
    }
    timer = setTimeout(look, now < awakeUntil ? often : seldom);
  }

  look();
  return { stop: () => clearTimeout(timer) };
}
