// How do a plan's parts hang together? Functions in workers, and whatever brings them events.
import type { Activity } from './core/activity.ts';
import type { Clock } from './core/clock.ts';
import type { FunctionPlan, Plan } from './core/plan.ts';
import { refuse } from './core/refusal.ts';
import { createQueuePoller, type QueuePoller } from './eventSources/queuePoller.ts';
import { type StreamConsumer, startStreamConsumer } from './eventSources/streamConsumer.ts';
import { startStreamPump } from './eventSources/streamPump.ts';
import { createStreamReader } from './eventSources/streamReader.ts';
import type { DeliveryInterceptor } from './lambda/deliveryInterceptor.ts';
import { type Endpoints, functionEnvironment } from './lambda/functionEnvironment.ts';
import { createFunctionHost, type FunctionHost } from './lambda/functionHost.ts';
import type { InvocationResult, Invoked } from './lambda/invocation.ts';
import type { Engine } from './storage/engine.ts';
import type { QueueStore } from './storage/queueStore.ts';

/** Milliseconds and numbers that trade latency for work; tests shorten them. */
export interface Timing {
  readonly gather: number;
  readonly backoff: number;
  readonly longestBackoff: number;
  /** Milliseconds between two looks at messages that came due by time. */
  readonly lookAtQueues: number;
  /** Workers of each function, as far as its queue's MaximumConcurrency allows them. */
  readonly workers: number;
  /** Workers of a function that HTTP calls: those who wait for it don't wait for each other. */
  readonly httpWorkers: number;
}

export const usualTiming: Timing = {
  gather: 20,
  backoff: 25,
  longestBackoff: 2_000,
  lookAtQueues: 500,
  workers: 1,
  httpWorkers: 2,
};

export interface Wiring {
  readonly pollers: readonly QueuePoller[];
  readonly consumers: readonly StreamConsumer[];
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
  /** Ends a function's workers in whatever they are doing. */
  crash(functionName: string): void;
  /** Takes nothing new, waits for what runs (so many milliseconds at most), and ends the workers. */
  stop(patience: number): Promise<void>;
}

export interface WiringOptions {
  readonly plan: Plan;
  readonly engine: Engine;
  readonly queueStore: QueueStore;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly timing: Timing;
  readonly deliver: DeliveryInterceptor;
  readonly compileCache: string | undefined;
  readonly log: (line: string) => void;
  /** Takes what a function prints. */
  readonly output: (functionName: string, text: string) => void;
  readonly onInvoked?: ((invoked: Invoked) => void) | undefined;
}

/** The function's name in the template for a name that a person gives it (`receive`). */
export function functionNamed(functions: readonly FunctionPlan[], name: string): FunctionPlan {
  const found = functions.find((plan) => plan.name === name || plan.name.toLowerCase() === name.toLowerCase());
  const known = functions.map((plan) => plan.name).join(', ');
  return found ?? refuse(`The template has no function "${name}"; it has ${known}.`);
}

/** Wires a plan and starts to look for work. */
export function wire(options: WiringOptions): Wiring {
  const { plan, engine, queueStore, activity, clock, timing, deliver, log } = options;
  const called = new Set(plan.routes.map((route) => route.function));
  const workersOf = (name: string): number => {
    const limits = plan.queueMappings.filter((mapping) => mapping.function === name);
    const allowed = Math.max(1, ...limits.map(({ maximumConcurrency }) => maximumConcurrency ?? 1));
    return Math.min(timing.workers, allowed);
  };
  const hosts = new Map(
    plan.functions.map((each) => [
      each.name,
      createFunctionHost({
        plan: each,
        environment: functionEnvironment(each, options.endpoints),
        clock,
        workers: called.has(each.name) ? timing.httpWorkers : workersOf(each.name),
        isWaitedFor: called.has(each.name),
        takesBatches: plan.streamMappings.some((mapping) => mapping.function === each.name),
        compileCache: options.compileCache,
        log: (text) => options.output(each.name, text),
        onInvoked: options.onInvoked,
      }),
    ]),
  );

  const hostOf = (functionName: string): FunctionHost =>
    hosts.get(functionNamed(plan.functions, functionName).name) ?? refuse(`Function ${functionName} has no host.`);

  async function invoke(functionName: string, event: unknown): Promise<InvocationResult> {
    const host = hostOf(functionName);
    const end = activity.begin();
    try {
      return await deliver({ function: host.name, event }, (other = event) => host.invoke(other));
    } finally {
      end();
    }
  }

  const pollers = plan.queueMappings.map((mapping) =>
    createQueuePoller({
      mapping,
      queueStore,
      invoke: (event) => invoke(mapping.function, event),
      activity,
      atOnce: workersOf(mapping.function),
    }),
  );
  const { streams } = engine;
  const consumers = plan.streamMappings.map((mapping) =>
    startStreamConsumer({
      mapping,
      reader: createStreamReader(engine.call, mapping.table),
      newest: streams === undefined ? undefined : () => streams.newest(mapping.table),
      queueStore,
      invoke: (event) => invoke(mapping.function, event),
      activity,
      clock,
      log,
      timing,
    }),
  );
  const pump = startStreamPump({ consumers, streams, activity, log });

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

  return {
    pollers,
    consumers,
    invoke,
    crash: (functionName) => hostOf(functionName).crash(),
    async stop(patience) {
      clearInterval(looking);
      stopListening();
      stopFollowing();
      pump.stop();
      for (const poller of pollers) poller.stop();
      const ended = consumers.map((consumer) => consumer.stop());
      const tired = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patience);
        void activity.quiet().then(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      await tired;
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      await Promise.all(ended);
    },
  };
}
