// Where does each function of a plan run? In the threads of its group, which take as many of its events at once as the template allows.
import type { AccessKeys } from './core/accessKeys.ts';
import type { Activity } from './core/activity.ts';
import type { Clock } from './core/clock.ts';
import type { FunctionPlan, Plan } from './core/plan.ts';
import { refuse } from './core/refusal.ts';
import type { DeliveryInterceptor } from './lambda/deliveryInterceptor.ts';
import { type Endpoints, functionEnvironment } from './lambda/functionEnvironment.ts';
import { type Caller, createFunctionHost, type FunctionHost } from './lambda/functionHost.ts';
import type { InvocationResult, Invoked } from './lambda/invocation.ts';
import { type Group, groupsOf, type Placement } from './lambda/placement.ts';
import { createThreadPool, type ThreadPool } from './lambda/threadPool.ts';
import type { LineLimits } from './lambda/waitingLine.ts';

export interface FunctionHostsOptions {
  readonly plan: Plan;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly keys: AccessKeys;
  readonly placement: Placement;
  readonly timing: {
    /** The most batches of a function at once, each in another thread; its queue's MaximumConcurrency may set fewer. */
    readonly workers: number;
    /** The most threads of a function behind HTTP that has threads of its own. */
    readonly httpWorkers: number;
    /** The most requests at once of a function behind HTTP that shares its one thread. */
    readonly requestsAtOnce: number;
    /** In how many milliseconds a thread must notice that one of its events has taken too long; else it is ended. */
    readonly threadHangs: number;
    /** How long callers of a function wait for their turn. */
    readonly callersWait?: LineLimits | undefined;
  };
  readonly deliver: DeliveryInterceptor;
  readonly compileCache: string | undefined;
  /** Receives the lines that a function prints, or a thread of several functions. */
  readonly output: (name: string, text: string) => void;
  readonly onInvoked?: ((invoked: Invoked) => void) | undefined;
}

export interface FunctionHosts {
  /** How many batches of its queue a function may process at once. */
  workersOf(functionName: string): number;
  /** Whether one more caller of a function would be answered soon. */
  takes(functionName: string): boolean;
  /** Calls a function. With a caller, who doesn't wait for ever, the result may be `throttled`. */
  invoke(functionName: string, event: unknown, caller?: Caller): Promise<InvocationResult>;
  /** Ends a function's threads at once, even during its events, which fail; events of functions that share them are tried again. */
  crash(functionName: string): void;
  stop(): Promise<void>;
}

/** The function's name in the template for a name that a person gives it (`receive`). */
export function functionNamed(functions: readonly FunctionPlan[], name: string): FunctionPlan {
  const found = functions.find((plan) => plan.name === name || plan.name.toLowerCase() === name.toLowerCase());
  const known = functions.map((plan) => plan.name).join(', ');
  return found ?? refuse(`The template has no function "${name}"; it has ${known}.`);
}

/** How many batches of its queue a function may process at once. */
function batchesAtOnce({ plan, timing }: FunctionHostsOptions, name: string): number {
  const limits = plan.queueMappings.filter((mapping) => mapping.function === name);
  const allowed = Math.max(1, ...limits.map(({ maximumConcurrency }) => maximumConcurrency ?? 1));
  return Math.min(timing.workers, allowed);
}

/** As on Lambda: by this variable, code knows that what belongs to one invocation must be kept apart from the others. */
const severalAtOnce = (atOnce: number) => ({ AWS_LAMBDA_MAX_CONCURRENCY: String(atOnce) });

/** The threads of a group. Batches of one function never share a thread: as on Lambda, their code has its process to itself. */
function poolOf({ name, functions, isWaitedFor }: Group, options: FunctionHostsOptions): ThreadPool {
  const { plan, timing, placement, clock, compileCache, output, onInvoked } = options;
  const shared = placement === 'shared';
  const batches = Math.max(...functions.map((each) => batchesAtOnce(options, each.name)));
  const httpThreads = shared ? 1 : timing.httpWorkers;
  const atOnce = isWaitedFor && shared ? timing.requestsAtOnce : 1;
  return createThreadPool({
    ...{ name, isWaitedFor, clock, compileCache, output, onInvoked },
    hangsAfter: timing.threadHangs,
    functions: functions.map((each) => ({
      ...{ plan: each, atOnce },
      environment: {
        ...functionEnvironment(each, options),
        // By their memory functions know how much to keep between events: here they share one heap.
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Math.ceil(each.memoryMegabytes / functions.length)),
        ...(atOnce > 1 && severalAtOnce(atOnce)),
      },
    })),
    takesBatches: plan.streamMappings.some((mapping) => functions.some((each) => each.name === mapping.function)),
    threads: isWaitedFor ? httpThreads : batches,
  });
}

/** Makes the hosts of a plan's functions. */
export function createFunctionHosts(options: FunctionHostsOptions): FunctionHosts {
  const { plan, activity, timing, deliver, placement } = options;
  const pools: ThreadPool[] = [];
  const hosts = new Map<string, FunctionHost>();
  for (const group of groupsOf(plan, placement)) {
    const pool = poolOf(group, options);
    pools.push(pool);
    for (const { name } of group.functions) {
      hosts.set(name, createFunctionHost({ name, pool, limits: timing.callersWait }));
    }
  }
  const hostOf = (functionName: string): FunctionHost =>
    hosts.get(functionNamed(plan.functions, functionName).name) ?? refuse(`Function ${functionName} has no host.`);

  return {
    workersOf: (functionName) => batchesAtOnce(options, functionName),
    takes: (functionName) => hostOf(functionName).takes(),
    async invoke(functionName, event, caller) {
      const host = hostOf(functionName);
      const end = activity.begin();
      try {
        return await deliver({ function: host.name, event }, (other = event) => host.invoke(other, caller));
      } finally {
        end();
      }
    },
    crash: (functionName) => hostOf(functionName).crash(),
    async stop() {
      for (const host of hosts.values()) host.stop();
      const why = { errorType: 'Stopped', errorMessage: 'The functions were stopped.' };
      await Promise.all(pools.map((pool) => pool.stop(why)));
    },
  };
}
