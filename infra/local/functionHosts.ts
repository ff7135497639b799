// Where does each function of a plan run? In a host of its own, which takes as many events at once as the template allows.
import type { AccessKeys } from './core/accessKeys.ts';
import type { Activity } from './core/activity.ts';
import type { Clock } from './core/clock.ts';
import type { FunctionPlan, Plan } from './core/plan.ts';
import { refuse } from './core/refusal.ts';
import type { DeliveryInterceptor } from './lambda/deliveryInterceptor.ts';
import { type Endpoints, functionEnvironment } from './lambda/functionEnvironment.ts';
import { type Caller, createFunctionHost, type FunctionHost } from './lambda/functionHost.ts';
import type { InvocationResult, Invoked } from './lambda/invocation.ts';
import type { LineLimits } from './lambda/waitingLine.ts';

export interface FunctionHostsOptions {
  readonly plan: Plan;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly keys: AccessKeys;
  readonly timing: {
    /** The most workers of a function; its queue's MaximumConcurrency may set fewer. */
    readonly workers: number;
    /** The most workers of a function behind HTTP, so that its callers don't wait for each other. */
    readonly httpWorkers: number;
    /** How long callers of a function wait for a free worker. */
    readonly callersWait?: LineLimits | undefined;
  };
  readonly deliver: DeliveryInterceptor;
  readonly compileCache: string | undefined;
  /** Receives the lines that a function prints. */
  readonly output: (functionName: string, text: string) => void;
  readonly onInvoked?: ((invoked: Invoked) => void) | undefined;
}

export interface FunctionHosts {
  /** How many batches of its queue a function may process at once. */
  workersOf(functionName: string): number;
  /** Whether one more caller of a function would be answered soon. */
  takes(functionName: string): boolean;
  /** Calls a function. With a caller, who doesn't wait for ever, the result may be `throttled`. */
  invoke(functionName: string, event: unknown, caller?: Caller): Promise<InvocationResult>;
  /** Ends a function's workers at once, even during an event. */
  crash(functionName: string): void;
  stop(): Promise<void>;
}

/** The function's name in the template for a name that a person gives it (`receive`). */
export function functionNamed(functions: readonly FunctionPlan[], name: string): FunctionPlan {
  const found = functions.find((plan) => plan.name === name || plan.name.toLowerCase() === name.toLowerCase());
  const known = functions.map((plan) => plan.name).join(', ');
  return found ?? refuse(`The template has no function "${name}"; it has ${known}.`);
}

/** Makes the hosts of a plan's functions. */
export function createFunctionHosts(options: FunctionHostsOptions): FunctionHosts {
  const { plan, activity, clock, timing, deliver } = options;
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
        environment: functionEnvironment(each, options),
        clock,
        limits: timing.callersWait,
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

  return {
    workersOf,
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
      await Promise.all([...hosts.values()].map((host) => host.stop()));
    },
  };
}
