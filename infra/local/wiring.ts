// How are the functions of a plan connected to their queues and streams? Pollers and consumers bring each function its events.
import type { Activity } from './core/activity.ts';
import type { DiskRoom } from './core/diskRoom.ts';
import { createQueuePoller, type QueuePoller } from './eventSources/queuePoller.ts';
import { type StreamConsumer, startStreamConsumer } from './eventSources/streamConsumer.ts';
import { startStreamPump } from './eventSources/streamPump.ts';
import { createStreamReader } from './eventSources/streamReader.ts';
import { createFunctionHosts, type FunctionHosts, type FunctionHostsOptions } from './functionHosts.ts';
import type { LineLimits } from './lambda/waitingLine.ts';
import type { Engine } from './storage/engine.ts';
import type { QueueStore } from './storage/queueStore.ts';

/** Times (in milliseconds) and counts that balance latency and load; tests use shorter ones. */
export interface Timing {
  readonly gather: number;
  readonly backoff: number;
  readonly longestBackoff: number;
  /** Milliseconds between two checks for messages that became due by time. */
  readonly lookAtQueues: number;
  /** The most batches of a function at once, each in another thread; its queue's MaximumConcurrency may set fewer. */
  readonly workers: number;
  /** The most threads of a function behind HTTP that has threads of its own, so that its callers don't wait for each other. */
  readonly httpWorkers: number;
  /** The most requests at once of a function behind HTTP that shares its one thread. */
  readonly requestsAtOnce: number;
  /** In how many milliseconds a thread must notice that one of its events has taken too long; else it is ended. */
  readonly threadHangs: number;
  /** How long callers behind HTTP wait for their turn; absent: the usual limits. */
  readonly callersWait?: LineLimits;
}

export const usualTiming: Timing = {
  gather: 20,
  backoff: 25,
  longestBackoff: 2_000,
  lookAtQueues: 500,
  workers: 1,
  httpWorkers: 2,
  requestsAtOnce: 8,
  threadHangs: 30_000,
};

export interface Wiring extends Pick<FunctionHosts, 'takes' | 'invoke' | 'crash'> {
  readonly pollers: readonly QueuePoller[];
  readonly consumers: readonly StreamConsumer[];
  /** Takes no new work, waits for running events (at most so many milliseconds), and ends the workers. */
  stop(patience: number): Promise<void>;
}

export interface WiringOptions extends FunctionHostsOptions {
  readonly engine: Engine;
  readonly queueStore: QueueStore;
  readonly timing: Timing;
  readonly log: (line: string) => void;
  readonly room: DiskRoom;
}

const startPollers = (
  { plan, queueStore, activity, room, log }: WiringOptions,
  hosts: FunctionHosts,
): readonly QueuePoller[] =>
  plan.queueMappings.map((mapping) =>
    createQueuePoller({
      mapping,
      queueStore,
      invoke: (event) => hosts.invoke(mapping.function, event),
      activity,
      atOnce: hosts.workersOf(mapping.function),
      mayWork: () => !room.isFull(),
      log,
    }),
  );

const startConsumers = (
  { plan, engine, queueStore, activity, clock, log, timing, room }: WiringOptions,
  hosts: FunctionHosts,
): readonly StreamConsumer[] => {
  const { streams } = engine;
  return plan.streamMappings.map((mapping) =>
    startStreamConsumer({
      mapping,
      reader: createStreamReader(engine.call, mapping.table),
      newest: streams === undefined ? undefined : () => streams.newest(mapping.table),
      queueStore,
      invoke: (event) => hosts.invoke(mapping.function, event),
      activity,
      clock,
      log,
      timing,
      mayWork: () => !room.isFull(),
    }),
  );
};

/** Wakes the pollers when a message comes, when the clock moves, and at intervals; answers a function that stops this. */
function keepAwake({ queueStore, clock, timing }: WiringOptions, pollers: readonly QueuePoller[]): () => void {
  const wakeAll = (): void => {
    for (const poller of pollers) poller.wake();
  };
  const byQueue = Map.groupBy(pollers, ({ queue }) => queue);
  const stopListening = queueStore.onMessage((queue) => {
    for (const poller of byQueue.get(queue) ?? []) poller.wake();
  });
  const stopFollowing = clock.onAdvance(wakeAll);
  const looking = setInterval(wakeAll, timing.lookAtQueues);
  wakeAll();
  return () => {
    clearInterval(looking);
    stopListening();
    stopFollowing();
  };
}

/** Resolves when no function runs, or after so many milliseconds. */
const quietOrTired = (activity: Activity, patience: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, patience);
    void activity.quiet().then(() => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Connects the parts of a plan and starts to look for work. */
export function wire(options: WiringOptions): Wiring {
  const { engine, activity, log, room } = options;
  const hosts = createFunctionHosts(options);
  const pollers = startPollers(options, hosts);
  const consumers = startConsumers(options, hosts);
  const pump = startStreamPump({ consumers, streams: engine.streams, activity, log });
  const sleep = keepAwake(options, pollers);
  room.onRoom(() => {
    for (const each of [...pollers, ...consumers]) each.wake();
  });
  return {
    pollers,
    consumers,
    takes: hosts.takes,
    invoke: hosts.invoke,
    crash: hosts.crash,
    async stop(patience) {
      sleep();
      pump.stop();
      for (const poller of pollers) poller.stop();
      const ended = consumers.map((consumer) => consumer.stop());
      await quietOrTired(activity, patience);
      await hosts.stop();
      await Promise.all(ended);
    },
  };
}
