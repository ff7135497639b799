// What runs in a function's worker thread? This script loads the bundle, like Lambda's own runtime, and answers events one by one.
// functionWorker.ts starts it; it reads the bundle, and exchanges messages with its host.
import { createRequire, enableCompileCache } from 'node:module';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { SharedClock } from '../core/clock.ts';
import type { FromWorker, ToWorker, WorkerStart } from './workerMessages.ts';

const start: WorkerStart = workerData;

// On Linux this changes the priority of this thread only; on other systems it would change the whole runtime's.
if (!start.isWaitedFor && process.platform === 'linux') setPriority(10);

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

function contextOf(invocation: ToWorker): LambdaContext {
  const endsAt = performance.now() + invocation.timeoutMilliseconds;
  return {
    awsRequestId: invocation.requestId,
    functionName: start.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.arn,
    memoryLimitInMB: String(start.memoryMegabytes),
    logGroupName: `/aws/lambda/${start.name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAt - performance.now())),
  };
}

const describe = (error: unknown): { errorType: string; errorMessage: string; stack: string } =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, stack: error.stack ?? '' }
    : { errorType: 'Error', errorMessage: String(error), stack: '' };

type Handler = (event: unknown, context: LambdaContext) => unknown;

function loadHandler(): Handler {
  const dot = start.handler.lastIndexOf('.');
  const file = join(start.folder, `${start.handler.slice(0, dot)}.js`);
  const loaded: Record<string, unknown> = createRequire(file)(file);
  const handler = loaded[start.handler.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(`${file} exports no function "${start.handler.slice(dot + 1)}".`);
  return (event, context) => handler(event, context);
}

async function answer(handler: Handler, invocation: ToWorker): Promise<FromWorker> {
  const before = process.threadCpuUsage();
  const spent = (): Pick<FromWorker, 'id' | 'cpuMilliseconds'> => {
    const { user, system } = process.threadCpuUsage(before);
    return { id: invocation.id, cpuMilliseconds: (user + system) / 1000 };
  };
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    // As on Lambda, the answer is converted to JSON; anything that JSON can't hold is lost.
    const text = JSON.stringify(result) ?? 'null';
    return { ...spent(), ok: true, result: text };
  } catch (error) {
    return { ...spent(), ok: false, error: describe(error) };
  }
}

if (start.compileCache !== undefined) enableCompileCache(start.compileCache);
if (start.clock !== undefined) followClock(start.clock);

let loaded: { readonly handler: Handler } | { readonly failure: ReturnType<typeof describe> };
try {
  loaded = { handler: loadHandler() };
} catch (error) {
  loaded = { failure: describe(error) };
}

parentPort?.on('message', async (invocation: ToWorker) => {
  const message: FromWorker =
    'handler' in loaded
      ? await answer(loaded.handler, invocation)
      : { id: invocation.id, cpuMilliseconds: 0, ok: false, error: loaded.failure };
  parentPort?.postMessage(message);
});
