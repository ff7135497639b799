// What is one worker of a function? A thread that handles one event at a time; the event fails after a timeout or when the thread ends.
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { arn } from '../core/awsNames.ts';
import type { Clock } from '../core/clock.ts';
import type { FunctionPlan } from '../core/plan.ts';
import { failInvocation, type Invocation, type Invoked, type Unanswered } from './invocation.ts';
import type { FromWorker, ToWorker, WorkerStart } from './workerMessages.ts';

export interface FunctionWorkerOptions {
  readonly plan: FunctionPlan;
  /** The whole environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Batches of a hundred make many short-lived objects: with the default size, garbage collection would take a tenth of the time. */
  readonly takesBatches?: boolean;
  readonly isWaitedFor?: boolean;
  /** The folder in which Node keeps compiled code between starts. */
  readonly compileCache?: string | undefined;
  /** Receives the lines that the function prints, and its failures. */
  readonly log: (text: string) => void;
  /** Called after each event that it has answered. */
  readonly onInvoked?: ((invoked: Invoked) => void) | undefined;
}

/** What a worker tells its host. */
export interface WorkerHost {
  /** It has answered, and is idle. */
  answered(): void;
  /** Called after a timeout, or when the thread has ended: the listener must end the worker. */
  broke(why: Unanswered): void;
}

export interface FunctionWorker {
  isIdle(): boolean;
  /** Starts an event; the worker must be idle. */
  give(invocation: Invocation): void;
  /** Ends the worker at once; its event fails. Resolves when its thread has ended. */
  end(why: Unanswered): Promise<unknown>;
}

let script: URL | undefined;

/** The workers' script as JavaScript: if each worker stripped the types itself, it would need some 15 MB more. */
function workerScript(): URL {
  const typed = (): string => readFileSync(join(import.meta.dirname, 'worker.ts'), 'utf8');
  script ??= new URL(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(typed()))}`);
  return script;
}

function startThread({
  plan,
  environment,
  clock,
  takesBatches,
  isWaitedFor,
  compileCache,
  log,
}: FunctionWorkerOptions) {
  const workerData: WorkerStart = {
    name: plan.name,
    arn: arn.function(plan.name),
    folder: plan.folder,
    handler: plan.handler,
    memoryMegabytes: plan.memoryMegabytes,
    isWaitedFor: isWaitedFor ?? true,
    compileCache,
    clock: clock.shared,
  };
  const thread = new Worker(workerScript(), {
    workerData,
    name: plan.name,
    env: { ...environment },
    execArgv: [],
    // The function's own memory limit, as on Lambda: without it, a heap grows to four times the size before a collection.
    resourceLimits: {
      maxOldGenerationSizeMb: plan.memoryMegabytes,
      maxYoungGenerationSizeMb: takesBatches === true ? 48 : 16,
    },
    stdout: true,
    stderr: true,
  });
  for (const stream of [thread.stdout, thread.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', log);
  }
  return thread;
}

/** Ends an invocation with its function's answer. */
function settle(invocation: Invocation, message: FromWorker, { plan, log, onInvoked }: FunctionWorkerOptions): void {
  const { event, requestId } = invocation;
  onInvoked?.({ functionName: plan.name, event, cpuMilliseconds: message.cpuMilliseconds });
  if (message.ok) {
    invocation.settle({ ok: true, value: JSON.parse(message.result), requestId });
    return;
  }
  log(`${requestId} ${message.error.stack || message.error.errorMessage}\n`);
  invocation.settle({ ok: false, error: message.error, requestId });
}

/** Starts a worker. */
export function startFunctionWorker(options: FunctionWorkerOptions, host: WorkerHost): FunctionWorker {
  const { plan, log } = options;
  const timeoutMilliseconds = plan.timeoutSeconds * 1000;
  const thread = startThread(options);
  let current: { readonly id: number; readonly invocation: Invocation; readonly timer: NodeJS.Timeout } | undefined;
  let lastId = 0;

  const broke = (errorType: string, errorMessage: string): void => host.broke({ errorType, errorMessage });
  /** Takes the current event from the worker and answers it; the worker is idle then. */
  const letGo = (): Invocation | undefined => {
    const { invocation, timer } = current ?? {};
    clearTimeout(timer);
    current = undefined;
    return invocation;
  };

  thread.on('message', (message: FromWorker) => {
    if (current?.id !== message.id) return;
    const invocation = letGo();
    if (invocation !== undefined) settle(invocation, message, options);
    host.answered();
  });
  thread.on('messageerror', (error) => broke('Runtime.ExitError', String(error)));
  thread.on('error', (error) => broke('Runtime.ExitError', String(error)));
  thread.on('exit', (code) => broke('Runtime.ExitError', `The worker of ${plan.name} exited with ${code}.`));

  return {
    isIdle: () => current === undefined,
    give(invocation) {
      const tooLong = `Task timed out after ${plan.timeoutSeconds} seconds`;
      const timer = setTimeout(() => broke('Sandbox.Timedout', tooLong), timeoutMilliseconds);
      lastId += 1;
      current = { id: lastId, invocation, timer };
      const { requestId, event } = invocation;
      thread.postMessage({ id: lastId, requestId, event, timeoutMilliseconds } satisfies ToWorker);
    },
    end(why) {
      const ended = thread.terminate();
      const invocation = letGo();
      if (invocation !== undefined) failInvocation(invocation, why, log);
      return ended;
    },
  };
}
