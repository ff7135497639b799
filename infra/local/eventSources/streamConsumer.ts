// How do a table's changes reach a function? In order, from a checkpoint that moves only past what was dealt with.
import { setTimeout as delay } from 'node:timers/promises';
import { compilePattern } from '../bus/eventPattern.ts';
import type { Activity } from '../core/activity.ts';
import type { Clock } from '../core/clock.ts';
import type { StreamMappingPlan } from '../core/plan.ts';
import type { InvocationResult } from '../lambda/functionHost.ts';
import type { QueueStore } from '../storage/queueStore.ts';
import { failureRecord } from './failureRecord.ts';
import { deliverBatch } from './streamBatch.ts';
import type { Position, StreamReader, StreamRecord } from './streamReader.ts';

export interface StreamConsumer {
  readonly table: string;
  /** Something was written: look soon. */
  wake(): void;
  /** Looks now, and answers whether it found records; it has dealt with those it found. */
  catchUp(): Promise<boolean>;
  /** The number of the last record dealt with; 0 before the first. */
  reached(): bigint;
  stop(): Promise<void>;
}

export interface StreamConsumerOptions {
  readonly mapping: StreamMappingPlan;
  readonly reader: StreamReader;
  /** The newest number of the table's stream, where that can be known without a call. */
  readonly newest: (() => bigint) | undefined;
  readonly queueStore: QueueStore;
  readonly invoke: (event: unknown) => Promise<InvocationResult>;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly timing: {
    /** Milliseconds between two reads, so that a stream under load is read in fuller batches. */
    readonly gather: number;
    /** Milliseconds before the first retry; they double up to `longestBackoff`. */
    readonly backoff: number;
    readonly longestBackoff: number;
  };
}

/** Starts the consumer of a mapping. */
export function startStreamConsumer(options: StreamConsumerOptions): StreamConsumer {
  const { mapping, reader, newest, queueStore, activity, clock, log, timing } = options;
  const filters = mapping.filters.map((filter) => compilePattern(filter));
  const passes = (record: StreamRecord): boolean => filters.length === 0 || filters.some((matches) => matches(record));
  let position: Position | undefined;
  let name = '';
  let stopped = false;
  let poked = true;
  let asked: ((found: boolean) => void)[] = [];
  let rouse = () => {};
  let hurry = () => {};

  const reached = (): bigint => BigInt(position?.after ?? '0');
  const moveTo = (to: Position): void => {
    position = to;
    queueStore.setCheckpoint(name, JSON.stringify(to));
  };

  async function deliver(records: readonly StreamRecord[], shard: string): Promise<void> {
    // The engine's clock is the machine's: under a manual one, a record's age counts from here.
    const seenAt = clock.now();
    const arrivedAt = ({ dynamodb }: StreamRecord): number =>
      clock.shared === undefined ? (dynamodb.ApproximateCreationDateTime ?? seenAt / 1000) * 1000 : seenAt;
    await deliverBatch(records.filter(passes), {
      mapping,
      invoke: (batch) => options.invoke({ Records: batch }),
      reached: ({ dynamodb }) => moveTo({ shard, after: dynamodb.SequenceNumber }),
      giveUp(lost, { condition, attempts }) {
        log(`${mapping.function}: gave up on ${lost.length} records of ${mapping.table} (${condition})`);
        if (mapping.onFailureQueue === undefined) return;
        const { streamArn } = reader;
        const failure = { function: mapping.function, streamArn, shard, records: lost, condition, attempts, clock };
        queueStore.sendAll([{ queue: mapping.onFailureQueue, body: failureRecord(failure) }]);
      },
      isTooOld: (record) =>
        mapping.maximumAgeSeconds !== undefined && clock.now() - arrivedAt(record) > mapping.maximumAgeSeconds * 1000,
      async pause(attempt) {
        await delay(Math.min(timing.backoff * 2 ** (attempt - 1), timing.longestBackoff));
      },
      isStopped: () => stopped,
    });
    const last = records.at(-1);
    if (last !== undefined && !stopped) moveTo({ shard, after: last.dynamodb.SequenceNumber });
  }

  /** Reads once; answers how many records it found and dealt with. */
  async function look(): Promise<number> {
    if (newest !== undefined && newest() <= reached()) return 0;
    const found = await reader.read(position, mapping.batchSize);
    if (found.moved) moveTo({ shard: found.shard });
    if (found.records.length === 0) return found.moved ? 1 : 0;
    const end = activity.begin();
    try {
      await deliver(found.records, found.shard);
    } finally {
      end();
    }
    return found.records.length;
  }

  /** Waits until a write is noticed, or so many milliseconds, through which writes gather; a `catchUp` ends either. */
  async function rest(milliseconds?: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
      if (milliseconds === undefined) rouse = hurry;
    });
    hurry = () => {};
    rouse = () => {};
  }

  async function run(): Promise<void> {
    name = await reader.checkpointName(mapping.function);
    const stored = queueStore.checkpoint(name);
    position = stored === undefined ? undefined : JSON.parse(stored);
    while (!stopped) {
      const waiting = asked;
      asked = [];
      poked = false;
      const began = performance.now();
      let found = 0;
      try {
        found = await look();
      } catch (error) {
        if (stopped) break;
        // The engine may be starting again.
        log(`${mapping.function}: the stream of ${mapping.table} could not be read: ${String(error)}`);
        poked = true;
        await delay(20);
      }
      for (const answer of waiting) answer(found > 0);
      if (stopped || asked.length > 0) continue;
      if (found > 0 && found < mapping.batchSize) await rest(Math.max(1, timing.gather - (performance.now() - began)));
      else if (found === 0 && !poked) await rest();
    }
    for (const answer of asked) answer(false);
  }

  const running = run().catch((error: unknown) => log(`${mapping.function}: ${String(error)}`));
  return {
    table: mapping.table,
    wake() {
      if (poked) return;
      poked = true;
      rouse();
    },
    catchUp: () =>
      new Promise((resolve) => {
        if (stopped) return resolve(false);
        asked.push(resolve);
        hurry();
      }),
    reached,
    async stop() {
      stopped = true;
      hurry();
      await running;
    },
  };
}
