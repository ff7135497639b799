// What does the runtime start after everything is open? The queues, buses, schedules and functions of the plan, and the event sources of the functions.
// `startRuntime` calls it; it opens the queues' file, makes the tables, and starts workers and timers.
import { join } from 'node:path';
import { type Bus, createBus } from './bus/bus.ts';
import { compilePattern } from './bus/eventPattern.ts';
import { type Activity, createActivity } from './core/activity.ts';
import { place } from './core/awsNames.ts';
import type { CallInterceptor } from './core/callInterceptor.ts';
import type { Clock } from './core/clock.ts';
import type { Closing } from './core/closing.ts';
import { dataFiles } from './core/dataDirectory.ts';
import type { Plan } from './core/plan.ts';
import type { CurrentPlan } from './currentPlan.ts';
import { startScheduler } from './eventSources/scheduler.ts';
import { authorisingInterceptor } from './iam/authorisingInterceptor.ts';
import { type DeliveryInterceptor, plainDelivery } from './lambda/deliveryInterceptor.ts';
import type { Endpoints } from './lambda/functionEnvironment.ts';
import type { Invoked } from './lambda/invocation.ts';
import type { Placement } from './lambda/placement.ts';
import type { OpenedParts } from './openParts.ts';
import { openQueueStore, type QueueStore } from './storage/queueStore.ts';
import { type Timing, usualTiming, type Wiring, wire } from './wiring.ts';

export interface WorkOptions {
  /** Receives the lines that functions print, and their failures; what concerns no function comes under its thread's name. */
  readonly output?: (name: string, text: string) => void;
  /** Absent: functions share threads. */
  readonly placement?: Placement;
  readonly timing?: Partial<Timing>;
  /** The interceptors of every call of the functions, in this order. */
  readonly interceptors?: readonly CallInterceptor[];
  /** Called after each event that a function has answered, with the CPU time of its thread meanwhile: its own where placement is `apart`. */
  readonly onInvoked?: (invoked: Invoked) => void;
  /** Checks every call of the functions against the policies of the template, as AWS would. This comes after the interceptors. */
  readonly authorise?: boolean;
  /** Delivers events to the functions; absent: each event once, unchanged. */
  readonly deliver?: DeliveryInterceptor;
}

export interface Work {
  readonly queueStore: QueueStore;
  readonly bus: Bus;
  readonly activity: Activity;
  readonly wiring: Wiring;
  readonly interceptors: readonly CallInterceptor[];
  /** The endpoints of the services, for the functions and for tools; who calls them signs. */
  readonly endpoints: Endpoints;
  /** Declares queues, rules and schedules of the current plan. */
  follow(): void;
}

/** The opened parts that the work needs. */
export interface WorkGround {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly closing: Closing;
  readonly parts: OpenedParts;
  readonly current: CurrentPlan;
}

function applyRules({ queues, rules, buses }: Plan, queueStore: QueueStore, bus: Bus): void {
  for (const { name, ...settings } of queues) queueStore.ensureQueue(name, settings);
  const compiled = rules.map(({ pattern, ...rule }) => ({ ...rule, matcher: compilePattern(pattern) }));
  bus.setRules(compiled, buses);
}

function putParameters({ parameters }: Plan, queueStore: QueueStore): void {
  for (const { name, value } of parameters) {
    if (queueStore.parameters.get(name) !== value) queueStore.parameters.put(name, value);
  }
}

function interceptorsOf({ interceptors = [], authorise }: WorkOptions, { current, log }: WorkGround) {
  if (authorise !== true) return interceptors;
  const { policies, plan } = current;
  return [...interceptors, authorisingInterceptor({ policies, tables: plan().tables, denied: log })];
}

/** Starts everything that runs without a call: event sources, schedules and workers. */
export async function startWork(options: WorkOptions, ground: WorkGround): Promise<Work> {
  const { dataDir, clock, log, closing, current } = ground;
  const { engine, keys, services, room } = ground.parts;
  const plan = current.plan();
  const interceptors = interceptorsOf(options, ground);
  const queueStore = openQueueStore({ path: dataFiles.queues(dataDir), clock });
  closing.add(() => queueStore.close());
  const bus = createBus({ queueStore, account: place.account, region: place.region, clock });
  applyRules(plan, queueStore, bus);
  queueStore.makeInFlightVisible();
  putParameters(plan, queueStore);
  await engine.ensureTables(plan.tables);

  const { url } = services;
  const endpoints = { dynamodb: url, eventbridge: url, sqs: url, ssm: url };
  const activity = createActivity();
  const wiring = wire({
    plan,
    engine,
    queueStore,
    activity,
    clock,
    endpoints,
    keys,
    deliver: options.deliver ?? plainDelivery,
    placement: options.placement ?? 'shared',
    timing: { ...usualTiming, ...options.timing },
    compileCache: join(import.meta.dirname, '..', '..', '.build', 'compiled'),
    log,
    room,
    output: options.output ?? (() => {}),
    onInvoked: options.onInvoked,
  });
  let scheduler = startScheduler({ schedules: plan.schedules, queueStore, clock, log });
  closing.add(async () => {
    scheduler.stop();
    await wiring.stop(5_000);
  });
  const follow = (): void => {
    applyRules(current.plan(), queueStore, bus);
    scheduler.stop();
    scheduler = startScheduler({ schedules: current.plan().schedules, queueStore, clock, log });
  };
  return { queueStore, bus, activity, wiring, interceptors, endpoints, follow };
}
