// What runs when Throughline runs on one machine? Starts the template's parts on a data directory, and stops them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAwsEndpoints } from './aws/awsEndpoints.ts';
import { createAwsStacks } from './aws/awsStacks.ts';
import { type BusResult, createBus, type PartnerEvent } from './bus/bus.ts';
import { compilePattern } from './bus/eventPattern.ts';
import { createActivity } from './core/activity.ts';
import { place } from './core/awsNames.ts';
import type { CallInterceptor } from './core/callInterceptor.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { dataFiles, emptyDataDirectory, partnerSourcesOf } from './core/dataDirectory.ts';
import { listen, type PathServer } from './core/listen.ts';
import { lockDataDirectory } from './core/lock.ts';
import type { Plan } from './core/plan.ts';
import { refuse } from './core/refusal.ts';
import { drained } from './drained.ts';
import { startScheduler } from './eventSources/scheduler.ts';
import { createHttpApi } from './http/http.ts';
import { type Issuer, openIssuer } from './http/issuer.ts';
import { authorisingInterceptor, noPolicies, policiesOf } from './iam/authorisingInterceptor.ts';
import { type DeliveryInterceptor, plainDelivery } from './lambda/deliveryInterceptor.ts';
import type { Endpoints } from './lambda/functionEnvironment.ts';
import type { InvocationResult, Invoked } from './lambda/invocation.ts';
import { type Engine, startEngine } from './storage/engine.ts';
import { endLeftBehind } from './storage/engineProcess.ts';
import { openQueueStore, type QueueStore } from './storage/queueStore.ts';
import { type Assembly, issuerPlaceholder, synthesize } from './template/synthesize.ts';
import { readTemplate } from './template/template.ts';
import { functionNamed, type Timing, usualTiming, type Wiring, wire } from './wiring.ts';

/** Serves commands to a running instance; `path` is the file that tells other processes how to reach it. */
export type ServeCommands = (options: {
  readonly commands: { readonly runtime: Runtime; readonly stop: () => void };
  readonly url: string;
  readonly path: string;
}) => PathServer;

export interface RuntimeOptions {
  readonly dataDir: string;
  /** The port of the HTTP API; 0, which is usual, for any. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Takes lines about what the runtime does. */
  readonly log?: (line: string) => void;
  /** Takes what the functions print, and how they fail. */
  readonly output?: (functionName: string, text: string) => void;
  /** A template to run; absent: the app's, bundled and synthesized as far as its content has changed. */
  readonly template?: Assembly;
  /** The command table that `start` hands in; absent: other processes send this instance no commands. */
  readonly serveCommands?: ServeCommands;
  /** Empties the data directory first. */
  readonly reset?: boolean;
  /** A DynamoDB-compatible engine that runs already; absent: the embedded one. */
  readonly engineEndpoint?: string | undefined;
  readonly timing?: Partial<Timing>;
  /** What each call of the functions passes, in this order; where there are any, DynamoDB's calls take the way through here too. */
  readonly interceptors?: readonly CallInterceptor[];
  /** Hears of each event that a function has answered, and of the processor's time that it took. */
  readonly onInvoked?: (invoked: Invoked) => void;
  /** Checks every call of the functions against the policies of the template, as AWS would; behind the interceptors. */
  readonly authorise?: boolean;
  /** What brings events to the functions; absent: each once, as it is. */
  readonly deliver?: DeliveryInterceptor;
}

export interface Runtime {
  /** The HTTP API, and the issuer of tokens. */
  readonly url: string;
  /** For people and tools, who are no function: the tables' address is the engine's own. */
  readonly endpoints: Endpoints;
  readonly plan: Plan;
  readonly issuer: Issuer;
  readonly queueStore: QueueStore;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly dataDir: string;
  /** Resolves when nothing is left to do at this instant of the clock. */
  drained(): Promise<void>;
  /** Ends the function's workers in whatever they are doing, as a crash would; its next event starts a new one. */
  crash(functionName: string): void;
  /** Calls a function by its name (`sweep`). */
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
  /** The name of the queue that feeds a function. */
  queueOf(functionName: string): string;
  putPartnerEvent(event: PartnerEvent): BusResult;
  /** Takes the template anew, after partner sources were added; what functions and tables are must be as before. */
  reload(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves once it has stopped, whoever asked for it. */
  readonly stopped: Promise<void>;
}

const parsed = ({ text }: Assembly, issuer: string): unknown => JSON.parse(text.replaceAll(issuerPlaceholder, issuer));

/** What a reload may not change, as text that compares. */
const lasting = ({ functions, tables, queueMappings, streamMappings }: Plan): string =>
  JSON.stringify([functions.map(({ name }) => name), tables, queueMappings, streamMappings]);

/** Starts the runtime; it has work under way when it resolves. Refuses, by name, what it can't run. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { dataDir, port = 0, clock = systemClock(), log = () => {}, output = () => {} } = options;
  const closing: (() => Promise<void> | void)[] = [];
  const ended = Promise.withResolvers<void>();
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
    ended.resolve();
  };
  try {
    mkdirSync(dataDir, { recursive: true });
    const lock = lockDataDirectory(dataDir);
    closing.push(() => lock.release());
    if (options.reset === true) {
      await endLeftBehind({ path: join(dataDir, 'tables.sqlite'), note: dataFiles.engineNote(dataDir), log });
      emptyDataDirectory(dataDir);
    }
    const assemble = (): Promise<Assembly> =>
      options.template === undefined
        ? synthesize({ partnerSources: partnerSourcesOf(dataDir), log })
        : Promise.resolve(options.template);

    const api = await listen(port);
    closing.push(() => api.close());
    const services = await listen(0);
    closing.push(() => services.close());
    const starting = startEngine({ dataDir, endpoint: options.engineEndpoint, log });
    closing.push(async () => (await starting.catch(() => undefined))?.stop());
    const [engine, assembly, issuer] = await Promise.all([
      starting,
      assemble(),
      openIssuer({ dataDir, url: api.url, clock }),
    ]);

    const optionsOf = (from: Assembly) => ({
      template: parsed(from, issuer.url),
      stack: from.stack,
      addresses: { queues: `${services.url}/${place.account}`, api: api.url },
    });
    const read = (from: Assembly): Plan => readTemplate({ ...optionsOf(from), assembly: from.folder });
    let plan = read(assembly);
    // A plain start doesn't look at policies, so that none that it couldn't read stands in its way.
    const readPolicies = (from: Assembly) => (options.authorise === true ? policiesOf(optionsOf(from)) : noPolicies);
    let policies = readPolicies(assembly);
    const authoriser = authorisingInterceptor({ policies: () => policies, tables: plan.tables, denied: log });
    const interceptors = [...(options.interceptors ?? []), ...(options.authorise === true ? [authoriser] : [])];
    const queueStore = openQueueStore({ path: dataFiles.queues(dataDir), clock });
    closing.push(() => queueStore.close());
    const { account, region } = place;
    const bus = createBus({ queueStore, account, region, clock });
    const applyRules = (): void => {
      for (const { name, ...settings } of plan.queues) queueStore.ensureQueue(name, settings);
      const rules = plan.rules.map(({ pattern, ...rule }) => ({ ...rule, matcher: compilePattern(pattern) }));
      bus.setRules(rules, plan.buses);
    };
    applyRules();
    queueStore.makeInFlightVisible();
    for (const { name, value } of plan.parameters) {
      if (queueStore.parameters.get(name) !== value) queueStore.parameters.put(name, value);
    }
    await engine.ensureTables(plan.tables);

    const here = { eventbridge: services.url, sqs: services.url, ssm: services.url };
    const endpoints: Endpoints = { ...here, dynamodb: interceptors.length > 0 ? services.url : engine.endpoint };
    const activity = createActivity();
    const wiring: Wiring = wire({
      plan,
      engine,
      queueStore,
      activity,
      clock,
      endpoints,
      deliver: options.deliver ?? plainDelivery,
      timing: { ...usualTiming, ...options.timing },
      compileCache: join(import.meta.dirname, '..', '..', '.build', 'compiled'),
      log,
      output,
      onInvoked: options.onInvoked,
    });
    let scheduler = startScheduler({ schedules: plan.schedules, queueStore, clock });
    closing.push(async () => {
      scheduler.stop();
      await wiring.stop(5_000);
    });

    const runtime: Runtime = {
      url: api.url,
      endpoints: { ...endpoints, dynamodb: engine.endpoint },
      issuer,
      queueStore,
      engine,
      clock,
      dataDir,
      get plan() {
        return plan;
      },
      drained: () =>
        drained({ activity, queueStore, consumers: () => wiring.consumers, pollers: () => wiring.pollers }),
      crash: (functionName) => wiring.crash(functionName),
      invoke: (functionName, event) => wiring.invoke(functionName, event),
      queueOf(functionName) {
        const { name } = functionNamed(plan.functions, functionName);
        const mapping = plan.queueMappings.find((each) => each.function === name);
        return mapping?.queue ?? refuse(`No queue feeds the function ${name}.`);
      },
      putPartnerEvent({ source, detailType, detail, time }) {
        const entry = { source, detailType, detail: JSON.stringify(detail), busName: source };
        const [result] = bus.put([time === undefined ? entry : { ...entry, time }]);
        return result ?? refuse('The bus gave no answer.');
      },
      async reload() {
        const from = await assemble();
        const next = read(from);
        if (lasting(next) !== lasting(plan))
          refuse('Functions, tables or mappings have changed: stop and start again.');
        plan = next;
        policies = readPolicies(from);
        applyRules();
        scheduler.stop();
        scheduler = startScheduler({ schedules: plan.schedules, queueStore, clock });
      },
      stop: close,
      stopped: ended.promise,
    };

    const control = options.serveCommands?.({
      commands: { runtime, stop: () => void close() },
      url: services.url,
      path: dataFiles.control(dataDir),
    });
    if (control !== undefined) closing.push(control.close);
    const aws = createAwsEndpoints({ bus, queueStore, clock, interceptors, engine: engine.pass });
    const stacks = createAwsStacks({ stack: plan.stack, outputs: () => ({ ...plan.outputs, ApiUrl: `${api.url}/` }) });
    services.serve((request, response) => {
      const first = [control, stacks].find((each) => each?.takes(request));
      return first === undefined ? aws(request, response) : first.serve(request, response);
    });
    api.serve(
      createHttpApi({ routes: () => plan.routes, issuer, clock, invoke: (name, event) => wiring.invoke(name, event) }),
    );
    return runtime;
  } catch (error) {
    await close();
    throw error;
  }
}
