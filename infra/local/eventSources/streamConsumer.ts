// How do a table's changes reach a function? In order, from a checkpoint that moves only past finished records.
import { setTimeout as delay } from 'node:timers/promises';
import { compilePattern } from '../bus/eventPattern.ts';
import type { Activity } from '../core/activity.ts';
import type { Clock } from '../core/clock.ts';
import type { StreamMappingPlan } from '../core/plan.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import type { QueueStore } from '../storage/queueStore.ts';
import { type Checkpoint, createCheckpoint } from './checkpoint.ts';
import { failureRecord } from './failureRecord.ts';
import { createRest } from './rest.ts';
import { deliverBatch } from './streamBatch.ts';
import type { StreamReader, StreamRecord } from './streamReader.ts';

export interface StreamConsumer {
  readonly table: string;
  /** Says that a write happened: the consumer reads soon. */
  wake(): void;
  /** Reads now, and answers whether it found records; these are finished then. */
  catchUp(): Promise<boolean>;
  /** The number of the last finished record; 0 before the first. */
  reached(): bigint;
  stop(): Promise<void>;
}

export interface StreamConsumerOptions {
  readonly mapping: StreamMappingPlan;
  readonly reader: StreamReader;
  /** The newest number of the table's stream, if it can be read without a call. */
  readonly newest: (() => bigint) | undefined;
  readonly queueStore: QueueStore;
  readonly invoke: (event: unknown) => Promise<InvocationResult>;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Whether work can be kept now; while it can't, records stay where they are. */
  readonly mayWork: () => boolean;
  readonly timing: {
    /** Milliseconds between two reads, so that a stream under load is read in fuller batches. */
    readonly gather: number;
    /** Milliseconds before the first retry; they double up to `longestBackoff`. */
    readonly backoff: number;
    readonly longestBackoff: number;
  };
}

/** A consumer at work. */
interface Consuming extends StreamConsumerOptions {
  readonly checkpoint: Checkpoint;
  readonly passes: (record: StreamRecord) => boolean;
  readonly isStopped: () => boolean;
  /** Waits for the mapping's window; answers false, at once, where there is none or somebody waits for an answer. */
  readonly gathered: () => Promise<boolean>;
}

/** Delivers records to the function until each is finished, and moves the checkpoint past them. */
async function deliver(consuming: Consuming, records: readonly StreamRecord[], shard: string): Promise<void> {
  const { mapping, reader, queueStore, checkpoint, clock, log, timing, isStopped } = consuming;
  // The engine uses the machine's clock. With a manual clock, the age of a record counts from here.
  const seenAt = clock.outside();
  const arrivedAt = ({ dynamodb }: StreamRecord): number =>
    clock.runs ? (dynamodb.ApproximateCreationDateTime ?? seenAt / 1000) * 1000 : seenAt;
  await deliverBatch(records.filter(consuming.passes), {
    mapping,
    invoke: (batch) => consuming.invoke({ Records: batch }),
    reached: ({ dynamodb }) => checkpoint.moveTo({ shard, after: dynamodb.SequenceNumber }),
    giveUp(lost, { condition, attempts }) {
      log(`${mapping.function}: gave up on ${lost.length} records of ${mapping.table} (${condition})`);
      if (mapping.onFailureQueue === undefined) return;
      const { streamArn } = reader;
      const failure = { function: mapping.function, streamArn, shard, records: lost, condition, attempts, clock };
      queueStore.sendAll([{ queue: mapping.onFailureQueue, body: failureRecord(failure) }]);
    },
    isTooOld: (record) =>
      mapping.maximumAgeSeconds !== undefined && clock.outside() - arrivedAt(record) > mapping.maximumAgeSeconds * 1000,
    async pause(attempt) {
      await delay(Math.min(timing.backoff * 2 ** (attempt - 1), timing.longestBackoff));
    },
    isStopped,
  });
  const last = records.at(-1);
  if (last !== undefined && !isStopped()) checkpoint.moveTo({ shard, after: last.dynamodb.SequenceNumber });
}

/** Reads once; answers how many records it found and finished. */
async function look(consuming: Consuming): Promise<number> {
  const { mapping, reader, newest, checkpoint, activity, mayWork } = consuming;
  if (!mayWork()) return 0;
  if (newest !== undefined && newest() <= checkpoint.reached()) return 0;
  let found = await reader.read(checkpoint.position(), mapping.batchSize);
  const isSmall = found.records.length < mapping.batchSize && found.records.some(consuming.passes);
  if (isSmall && (await consuming.gathered())) found = await reader.read(checkpoint.position(), mapping.batchSize);
  if (found.moved) checkpoint.moveTo({ shard: found.shard });
  if (found.records.length === 0) return found.moved ? 1 : 0;
  const end = activity.begin();
  try {
    await deliver(consuming, found.records, found.shard);
  } finally {
    end();
  }
  return found.records.length;
}

/** Undefined where the stream could not be read: the engine may be starting again. */
async function tryToLook(consuming: Consuming): Promise<number | undefined> {
  const { mapping, log, isStopped } = consuming;
  try {
    return await look(consuming);
  } catch (error) {
    if (!isStopped()) log(`${mapping.function}: the stream of ${mapping.table} could not be read: ${String(error)}`);
    return undefined;
  }
}

/** Starts the consumer of a mapping. */
export function startStreamConsumer(options: StreamConsumerOptions): StreamConsumer {
  const { mapping, reader, log, timing } = options;
  const filters = mapping.filters.map((filter) => compilePattern(filter));
  const checkpoint = createCheckpoint(options.queueStore);
  const rest = createRest();
  let stopped = false;
  let poked = true;
  let failures = 0;
  let asked: ((found: boolean) => void)[] = [];
  let waiting: typeof asked = [];
  const consuming: Consuming = {
    ...options,
    checkpoint,
    passes: (record) => filters.length === 0 || filters.some((matches) => matches(record)),
    isStopped: () => stopped,
    async gathered() {
      const { windowSeconds = 0 } = mapping;
      if (windowSeconds === 0 || stopped || waiting.length > 0 || asked.length > 0) return false;
      await rest.take(windowSeconds * 1000);
      return !stopped;
    },
  };

  async function open(): Promise<void> {
    while (!stopped) {
      try {
        return checkpoint.open(await reader.checkpointName(mapping.function));
      } catch (error) {
        log(`${mapping.function}: the stream of ${mapping.table} could not be found: ${String(error)}`);
        await delay(timing.longestBackoff);
      }
    }
  }

  async function run(): Promise<void> {
    await open();
    while (!stopped) {
      waiting = asked;
      asked = [];
      poked = false;
      const began = performance.now();
      const looked = await tryToLook(consuming);
      if (looked === undefined && !stopped) {
        poked = true;
        failures += 1;
        await delay(Math.min(20 * 2 ** (failures - 1), timing.longestBackoff));
      } else {
        failures = 0;
      }
      const found = looked ?? 0;
      for (const answer of waiting) answer(found > 0);
      if (stopped || asked.length > 0) continue;
      // After a batch that wasn't full, the consumer waits so that the next batch is fuller.
      if (found > 0 && found < mapping.batchSize)
        await rest.take(Math.max(1, timing.gather - (performance.now() - began)));
      else if (found === 0 && !poked) await rest.take();
    }
    for (const answer of asked) answer(false);
  }

  const running = run().catch((error: unknown) => log(`${mapping.function}: ${String(error)}`));
  return {
    table: mapping.table,
    wake() {
      if (poked) return;
      poked = true;
      rest.wake();
    },
    catchUp: () =>
      new Promise((resolve) => {
        if (stopped) return resolve(false);
        asked.push(resolve);
        rest.hurry();
      }),
    reached: checkpoint.reached,
    async stop() {
      stopped = true;
      rest.hurry();
      await running;
    },
  };
}
