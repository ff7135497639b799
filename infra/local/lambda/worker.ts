// What runs in a function's worker thread? This script loads the bundle, like Lambda's own runtime, and answers events one by one.
// functionWorker.ts starts it; it reads the bundle, and exchanges messages with its host.
import { createRequire, enableCompileCache } from 'node:module';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerStart } from './workerMessages.ts';

const start: WorkerStart = workerData;

// On Linux this changes the priority of this thread only; on other systems it would change the whole runtime's.
if (!start.isWaitedFor && process.platform === 'linux') setPriority(10);

/**
 * With a manual clock, the functions see its time: `Date.now()` and `new Date()` read the instant that the runtime's clock
 * keeps in shared memory. Timers and `performance.now()` stay on the machine's time. With the system's clock nothing changes.
 */
function followClock(shared: SharedArrayBuffer): void {
  const cell = new BigInt64Array(shared);
  const now = (): number => Number(Atomics.load(cell, 0));
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (_target, args, newTarget) => Reflect.construct(RealDate, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
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
