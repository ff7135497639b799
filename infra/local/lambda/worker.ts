// What runs in a thread of functions? This script loads their bundles, like Lambda's own runtime, and answers their events.
// functionThread.ts starts it; it reads the bundles and keeps their compiled code, and exchanges messages with its host.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Console } from 'node:console';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { constants, Script } from 'node:vm';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import type { SharedClock } from '../core/clock.ts';
import type { Answer, Forgotten, Given, Printed, ToWorker, WorkerFunction, WorkerStart } from './workerMessages.ts';

const start: WorkerStart = workerData;

// On Linux this changes the priority of this thread only; on other systems it would change the whole runtime's. One thread that does
// the work of many needs a greater part of a busy machine than one of many, or its events take too long.
if (!start.isWaitedFor && process.platform === 'linux') setPriority(start.functions.length > 1 ? 2 : 10);

/**
 * With a clock of its own, the functions see the runtime's time: `Date.now()` and `new Date()` read what the clock keeps in
 * shared memory. Timers and `performance.now()` stay on the machine's time. With the system's clock nothing changes.
 */
function followClock({ cell: shared, runs }: SharedClock): void {
  const cell = new BigInt64Array(shared);
  const RealDate = Date;
  const now = (): number => Number(Atomics.load(cell, 0)) + (runs ? RealDate.now() : 0);
  // A function with the parts of Date, and no proxy: the domain reads dates very often.
  function MovedDate(...args: readonly unknown[]): Date | string {
    if (new.target === undefined) return new RealDate(now()).toString();
    const made = args.length === 0 ? [now()] : args;
    return Reflect.construct(RealDate, [...made], new.target === MovedDate ? RealDate : new.target);
  }
  Object.assign(MovedDate, { now, parse: RealDate.parse, UTC: RealDate.UTC, prototype: RealDate.prototype });
  Object.defineProperty(globalThis, 'Date', { value: MovedDate, configurable: true, writable: true });
}

interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly callbackWaitsForEmptyEventLoop: boolean;
  readonly getRemainingTimeInMillis: () => number;
}

function contextOf({ name, arn, memoryMegabytes }: WorkerFunction, invocation: Given): LambdaContext {
  const endsAt = performance.now() + invocation.timeoutMilliseconds;
  return {
    awsRequestId: invocation.requestId,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memoryMegabytes),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAt - performance.now())),
  };
}

const describe = (error: unknown): { errorType: string; errorMessage: string; stack: string } =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, stack: error.stack ?? '' }
    : { errorType: 'Error', errorMessage: String(error), stack: '' };

type Invocations = AsyncLocalStorage<Map<PropertyKey, unknown>>;

/** Where code keeps what belongs to one invocation, under the name that Lambda gives it in a process that takes several at once. */
const invokeStoreOf = (invocations: Invocations) => ({
  hasContext: () => invocations.getStore() !== undefined,
  get: (key: PropertyKey) => invocations.getStore()?.get(key),
  set: (key: PropertyKey, value: unknown) => void invocations.getStore()?.set(key, value),
  getXRayTraceId: () => undefined,
});

/** Stands for `globalThis`: what a function's code sets there, no other function in the thread sees. */
const globalsOf = (own: object): object =>
  new Proxy(own, {
    get: (_, key) => Reflect.get(key in own ? own : globalThis, key),
    has: (_, key) => key in own || key in globalThis,
  });

/** The function's own `process`: its environment, and what it prints under its name. */
function processOf({ name, environment }: WorkerFunction): NodeJS.Process {
  const printing = () =>
    new Writable({
      write(chunk, _encoding, done) {
        parentPort?.postMessage({ functionName: name, printed: String(chunk) } satisfies Printed);
        done();
      },
    });
  const [env, stdout, stderr] = [{ ...environment }, printing(), printing()];
  return Object.create(process, { env: { value: env }, stdout: { value: stdout }, stderr: { value: stderr } });
}

const opening = '(function (exports, require, module, __filename, __dirname, process, console, globalThis, global) {';
const scripts = new Map<string, Script>();

const bytesAt = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};

/** Compiles a bundle, or takes the compiled code of an earlier start; the same code is compiled once in a thread. */
function compiled(file: string): Script {
  const code = readFileSync(file, 'utf8');
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 20);
  const known = scripts.get(digest);
  if (known !== undefined) return known;
  const kept = start.compileCache === undefined ? undefined : join(start.compileCache, `${digest}-${process.version}`);
  const cachedData = kept === undefined ? undefined : bytesAt(kept);
  const script = new Script(`${opening}${code}\n})`, {
    filename: file,
    columnOffset: -opening.length,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData !== undefined && { cachedData }),
  });
  scripts.set(digest, script);
  if (kept !== undefined && script.cachedDataRejected !== false) keepSoon(script, kept);
  return script;
}

/** By then the functions that the first events need are compiled too. */
const keepAfter = 2_000;

function keepSoon(script: Script, path: string): void {
  const keep = (): void => {
    const aside = `${path}.${process.pid}.${threadId}`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(aside, script.createCachedData());
      renameSync(aside, path);
    } catch {
      // Without it, the next start compiles again.
    }
  };
  setTimeout(keep, keepAfter).unref();
}

type Handler = (event: unknown, context: LambdaContext) => unknown;

/** Runs a function's bundle: a module of its own, however many functions of the thread have the same code. */
function loadHandler(placed: WorkerFunction, invocations: Invocations): Handler {
  const dot = placed.handler.lastIndexOf('.');
  const name = placed.handler.slice(dot + 1);
  const file = join(placed.folder, `${placed.handler.slice(0, dot)}.js`);
  const own = processOf(placed);
  const globals = globalsOf(placed.takesSeveral ? { awslambda: { InvokeStore: invokeStoreOf(invocations) } } : {});
  const requireFile = createRequire(file);
  const requireOwn = (id: string): unknown => (/^(node:)?process$/.test(id) ? own : requireFile(id));
  const module: { exports: Record<string, unknown> } = { exports: {} };
  const print = new Console(own.stdout, own.stderr);
  const run: (...given: readonly unknown[]) => void = compiled(file).runInThisContext();
  run(module.exports, requireOwn, module, file, placed.folder, own, print, globals, globals);
  const handler = module.exports[name];
  if (typeof handler !== 'function') throw new Error(`${file} exports no function "${name}".`);
  return (event, context) => invocations.run(new Map(), () => handler(event, context));
}

type Loaded = { readonly handler: Handler } | { readonly failure: ReturnType<typeof describe> };
const placed = new Map(start.functions.map((each) => [each.name, each]));
const loaded = new Map<string, Loaded>();

/** Loads a function at its first event. */
function load(of: WorkerFunction): Loaded {
  const known = loaded.get(of.name);
  if (known !== undefined) return known;
  let made: Loaded;
  try {
    made = { handler: loadHandler(of, new AsyncLocalStorage()) };
  } catch (error) {
    made = { failure: describe(error) };
  }
  loaded.set(of.name, made);
  return made;
}

async function answer(invocation: Given): Promise<Answer> {
  const { id, functionName } = invocation;
  const of = placed.get(functionName);
  if (of === undefined) {
    return { id, cpuMilliseconds: 0, ok: false, error: describe(new Error(`No ${functionName} in this thread.`)) };
  }
  const program = load(of);
  if ('failure' in program) return { id, cpuMilliseconds: 0, ok: false, error: program.failure };
  const before = process.threadCpuUsage();
  const spent = (): Pick<Answer, 'id' | 'cpuMilliseconds'> => {
    const { user, system } = process.threadCpuUsage(before);
    return { id, cpuMilliseconds: (user + system) / 1000 };
  };
  try {
    const result = await program.handler(JSON.parse(invocation.event), contextOf(of, invocation));
    // As on Lambda, the answer is converted to JSON; anything that JSON can't hold is lost.
    const text = JSON.stringify(result) ?? 'null';
    return { ...spent(), ok: true, result: text };
  } catch (error) {
    return { ...spent(), ok: false, error: describe(error) };
  }
}

if (start.clock !== undefined) followClock(start.clock);
parentPort?.on('message', async (message: ToWorker) => {
  if ('forget' in message) {
    loaded.delete(message.forget);
    parentPort?.postMessage({ forgotten: message.forget } satisfies Forgotten);
  } else {
    parentPort?.postMessage(await answer(message));
  }
});
