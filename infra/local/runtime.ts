// How does Throughline run on one machine? This starts the resources of the template on a data directory, and stops them.
// The commands, the sample and the faults call it; it uses the data directory, two ports, the engine's process and worker threads.

import { createAwsEndpoints } from './aws/awsEndpoints.ts';
import { createAwsStacks } from './aws/awsStacks.ts';
import { signatureCheck } from './aws/signature.ts';
import type { BusResult, PartnerEvent } from './bus/bus.ts';
import type { AccessKeys } from './core/accessKeys.ts';
import type { Clock } from './core/clock.ts';
import { createClosing } from './core/closing.ts';
import { dataFiles } from './core/dataDirectory.ts';
import { directoryClock } from './core/directoryClock.ts';
import type { PathServer } from './core/listen.ts';
import type { Plan } from './core/plan.ts';
import { refuse } from './core/refusal.ts';
import { namedFault } from './core/storageFault.ts';
import { currentPlan } from './currentPlan.ts';
import { drained } from './drained.ts';
import { functionNamed } from './functionHosts.ts';
import { foreignGuard } from './http/foreignRequest.ts';
import { createHttpApi } from './http/http.ts';
import type { Issuer } from './http/issuer.ts';
import type { Endpoints } from './lambda/functionEnvironment.ts';
import type { InvocationResult } from './lambda/invocation.ts';
import { type OpenOptions, openParts } from './openParts.ts';
import { startWork, type Work, type WorkGround, type WorkOptions } from './startWork.ts';
import type { Engine } from './storage/engine.ts';
import type { QueueStore } from './storage/queueStore.ts';

/** Answers commands from other processes; `path` is the file that tells them port and secret. */
export type ServeCommands = (options: {
  readonly commands: { readonly runtime: Runtime; readonly stop: () => void };
  readonly url: string;
  readonly path: string;
}) => PathServer;

export interface RuntimeOptions extends OpenOptions, WorkOptions {
  /** Absent: the data directory's. */
  readonly clock?: Clock;
  /** Names beside those of this machine under which the HTTP API may be asked, such as that of a tunnel. */
  readonly hosts?: readonly string[];
  /** Receives log lines of the runtime. */
  readonly log?: (line: string) => void;
  /** The commands that `start` offers; absent: other processes can't send commands to this instance. */
  readonly serveCommands?: ServeCommands;
}

export interface Runtime {
  /** The HTTP API, and the issuer of tokens. */
  readonly url: string;
  /** The endpoints for functions and tools; who calls them signs with one of the keys. */
  readonly endpoints: Endpoints;
  readonly plan: Plan;
  readonly issuer: Issuer;
  readonly keys: AccessKeys;
  readonly queueStore: QueueStore;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly dataDir: string;
  /** Resolves when no work is due at this instant of the clock. */
  drained(): Promise<void>;
  /** Ends the function's workers at once, like a crash; the next event starts a new worker. */
  crash(functionName: string): void;
  /** Calls a function by its name (`sweep`). */
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
  /** The name of the queue that feeds a function. */
  queueOf(functionName: string): string;
  putPartnerEvent(event: PartnerEvent): BusResult;
  /** Reads the template again, after partner sources were added; functions and tables must be the same as before. */
  reload(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves after the runtime has stopped, for any reason. */
  readonly stopped: Promise<void>;
}

function runtimeOf(ground: WorkGround, work: Work): Runtime {
  const { dataDir, clock, closing, current } = ground;
  const { api, engine, issuer, keys, assemble, room } = ground.parts;
  const { queueStore, bus, activity, wiring, endpoints } = work;
  return {
    url: api.url,
    endpoints,
    issuer,
    keys,
    queueStore,
    engine,
    clock,
    dataDir,
    get plan() {
      return current.plan();
    },
    drained: () =>
      drained({ activity, queueStore, room, consumers: () => wiring.consumers, pollers: () => wiring.pollers }),
    crash: wiring.crash,
    invoke: wiring.invoke,
    queueOf(functionName) {
      const { functions, queueMappings } = current.plan();
      const { name } = functionNamed(functions, functionName);
      const mapping = queueMappings.find((each) => each.function === name);
      return mapping?.queue ?? refuse(`No queue feeds the function ${name}.`);
    },
    putPartnerEvent({ source, detailType, detail, detailText = JSON.stringify(detail), time }) {
      const entry = { source, detailType, detail: detailText, busName: source };
      const [result] = bus.put([time === undefined ? entry : { ...entry, time }]);
      return result ?? refuse('The bus gave no answer.');
    },
    async reload() {
      current.take(await assemble());
      work.follow();
    },
    stop: closing.close,
    stopped: closing.closed,
  };
}

const allowHost = 'If that name is yours, as that of a tunnel or a proxy, start with: npm start -- --host NAME.';

/** Begins to answer on the two ports: AWS endpoints and commands on one, the HTTP API on the other. */
function serve(
  ground: WorkGround,
  work: Work,
  { control, hosts }: { readonly control: PathServer | undefined; readonly hosts: readonly string[] },
): void {
  const { clock, current } = ground;
  const { api, services, engine, issuer, keys, room } = ground.parts;
  const { bus, queueStore, interceptors, wiring } = work;
  const callerOf = signatureCheck(keys);
  const aws = createAwsEndpoints({ callerOf, bus, queueStore, clock, interceptors, engine: engine.pass });
  const outputs = () => ({ ...current.plan().outputs, ApiUrl: `${api.url}/` });
  const stacks = createAwsStacks({ callerOf, stack: current.plan().stack, outputs });
  const foreignToServices = foreignGuard({ mend: 'The AWS endpoints have no other name.' });
  services.serve((request, response) => {
    if (foreignToServices(request, response)) return;
    const first = [control, stacks].find((each) => each?.takes(request));
    return first === undefined ? aws(request, response) : first.serve(request, response);
  });
  const { takes, invoke } = wiring;
  const routes = () => current.plan().routes;
  const http = createHttpApi({ routes, issuer, clock, takes, invoke, isFull: room.isFull });
  const foreignToApi = foreignGuard({ hosts, mend: allowHost });
  api.serve((request, response) => {
    if (!foreignToApi(request, response)) return http(request, response);
  });
}

/** Starts the runtime; functions run when it resolves. Refuses, by name, what it can't run. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { dataDir, clock = directoryClock(dataDir), log = () => {} } = options;
  const closing = createClosing();
  try {
    const parts = await openParts(options, { clock, log, closing });
    const current = currentPlan(parts, options.authorise === true);
    const ground: WorkGround = { dataDir, clock, log, closing, parts, current };
    const work = await startWork(options, ground);
    const runtime = runtimeOf(ground, work);
    const control = options.serveCommands?.({
      commands: { runtime, stop: () => void runtime.stop() },
      url: parts.services.url,
      path: dataFiles.control(dataDir),
    });
    if (control !== undefined) closing.add(control.close);
    serve(ground, work, { control, hosts: options.hosts ?? [] });
    return runtime;
  } catch (error) {
    // What can't be closed now ends with the process; why it could not start says more.
    await closing.close().catch(() => {});
    throw namedFault(error, { path: dataDir });
  }
}
