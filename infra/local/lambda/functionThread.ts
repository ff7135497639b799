// What is one thread of functions? It handles their events; an event fails after its function's timeout, and none goes on when the thread ends.
// A pool starts it; it starts a worker thread, and exchanges messages with it.
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { arn } from '../core/awsNames.ts';
import type { Clock } from '../core/clock.ts';
import type { FunctionPlan } from '../core/plan.ts';
import { failInvocation, type Invocation, type Invoked, type Unanswered } from './invocation.ts';
import type { Answer, Forget, FromWorker, Given, WorkerStart } from './workerMessages.ts';

/** A function that has its place in a thread. */
export interface PlacedFunction {
  readonly plan: FunctionPlan;
  /** The whole environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many events it handles at once in one thread. */
  readonly atOnce: number;
}

export interface FunctionThreadOptions {
  readonly name: string;
  readonly functions: readonly PlacedFunction[];
  readonly clock: Clock;
  /** Batches of a hundred make many short-lived objects: with the default size, garbage collection would take a tenth of the time. */
  readonly takesBatches: boolean;
  readonly isWaitedFor: boolean;
  /** Milliseconds in which a thread takes note that an event has taken too long; else some function never lets go of it. */
  readonly hangsAfter: number;
  /** The folder in which compiled code is kept between starts. */
  readonly compileCache?: string | undefined;
  /** Receives the lines that a function prints, and its failures; what concerns no function comes under the thread's name. */
  readonly output: (name: string, text: string) => void;
  /** Called after each event that a function has answered. */
  readonly onInvoked?: ((invoked: Invoked) => void) | undefined;
}

/** What a thread tells its pool. */
export interface ThreadHost {
  /** It has answered an event, and has room for another. */
  answered(): void;
  /**
   * Called after a timeout, or when the thread has ended: the listener must end the thread. `byItsEvent`: the one event that it
   * handles has ended it. Otherwise nobody knows which event did, or that event has failed already.
   */
  broke(why: Unanswered, byItsEvent: boolean): void;
}

/** An event that a thread handles. */
export interface Handled {
  readonly functionName: string;
  readonly invocation: Invocation;
}

export interface FunctionThread {
  /** Whether the function may get one more event. */
  hasRoom(functionName: string): boolean;
  /** Starts an event; there must be room. */
  give(functionName: string, invocation: Invocation): void;
  /** Ends the thread at once. Answers the events that it handled, which nobody has settled. */
  end(): { readonly events: readonly Handled[]; readonly ended: Promise<unknown> };
}

let script: URL | undefined;

/** The workers' script as JavaScript: if each worker stripped the types itself, it would need some 15 MB more. */
function workerScript(): URL {
  const typed = (): string => readFileSync(join(import.meta.dirname, 'worker.ts'), 'utf8');
  script ??= new URL(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(typed()))}`);
  return script;
}

/** A function's own memory limit, as on Lambda, else a heap grows to four times the size before a collection; of several functions, the greatest. */
const heapMegabytes = ({ functions }: FunctionThreadOptions): number =>
  Math.max(...functions.map(({ plan }) => plan.memoryMegabytes));

/** The scripts of functions import Node's own modules, by a way that Node calls experimental. */
const quiet = ['--disable-warning=ExperimentalWarning'];

function startWorker(options: FunctionThreadOptions): Worker {
  const { name, functions, clock, takesBatches, isWaitedFor, compileCache, output } = options;
  const workerData: WorkerStart = {
    functions: functions.map(({ plan, environment, atOnce }) => ({
      ...{ name: plan.name, arn: arn.function(plan.name), folder: plan.folder, handler: plan.handler },
      ...{ memoryMegabytes: plan.memoryMegabytes, environment, takesSeveral: atOnce > 1 },
    })),
    ...{ isWaitedFor, compileCache, clock: clock.shared },
  };
  const worker = new Worker(workerScript(), {
    ...{ workerData, name, env: { TZ: 'UTC', LANG: 'en_US.UTF-8' }, execArgv: quiet, stdout: true, stderr: true },
    resourceLimits: {
      maxOldGenerationSizeMb: heapMegabytes(options),
      maxYoungGenerationSizeMb: takesBatches ? 48 : 16,
    },
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => output(name, text));
  }
  return worker;
}

interface Running extends Handled {
  readonly timer: NodeJS.Timeout;
}

/** Ends an invocation with its function's answer. */
function settle(
  { functionName, invocation: { event, requestId, settle } }: Running,
  answer: Answer,
  { output, onInvoked }: FunctionThreadOptions,
): void {
  onInvoked?.({ functionName, event, cpuMilliseconds: answer.cpuMilliseconds });
  if (answer.ok) {
    settle({ ok: true, value: JSON.parse(answer.result), requestId });
    return;
  }
  output(functionName, `${requestId} ${answer.error.stack || answer.error.errorMessage}\n`);
  settle({ ok: false, error: answer.error, requestId });
}

/** Ends an event without its function's answer. */
export const failHandled = (
  { functionName, invocation }: Handled,
  why: Unanswered,
  { output }: Pick<FunctionThreadOptions, 'output'>,
): void => failInvocation(invocation, why, (text) => output(functionName, text));

/** Starts a thread. */
export function startFunctionThread(options: FunctionThreadOptions, host: ThreadHost): FunctionThread {
  const { name, output } = options;
  const functions = new Map(options.functions.map((each) => [each.plan.name, each]));
  const worker = startWorker(options);
  const running = new Map<number, Running>();
  let lastId = 0;
  let unforgotten = 0;
  let hanging: NodeJS.Timeout | undefined;

  /** Whether code of an event that took too long may still run here. */
  let hasAbandoned = false;

  const ended = (errorMessage: string): void =>
    host.broke({ errorType: 'Runtime.ExitError', errorMessage }, running.size === 1 && !hasAbandoned);
  const letGo = (id: number): Running | undefined => {
    const found = running.get(id);
    clearTimeout(found?.timer);
    running.delete(id);
    return found;
  };

  /**
   * On Lambda, a function that takes too long loses its process. In a thread with others it loses what it has loaded; the thread
   * ends only where it hangs. Until that is known, what else waits in a thread that hangs may take too long itself.
   */
  function tookTooLong(id: number): void {
    const late = running.get(id);
    if (late === undefined) return;
    const { functionName } = late;
    const errorMessage = `Task timed out after ${functions.get(functionName)?.plan.timeoutSeconds} seconds`;
    letGo(id);
    hasAbandoned = true;
    failHandled(late, { errorType: 'Sandbox.Timedout', errorMessage }, options);
    if (functions.size === 1) {
      host.broke({ errorType: 'Sandbox.Timedout', errorMessage }, false);
      return;
    }
    unforgotten += 1;
    worker.postMessage({ forget: functionName } satisfies Forget);
    const hangs: Unanswered = { errorType: 'Sandbox.Timedout', errorMessage: `The thread of ${name} hangs.` };
    hanging ??= setTimeout(() => host.broke(hangs, false), options.hangsAfter);
  }

  function forgotten(): void {
    unforgotten -= 1;
    if (unforgotten > 0) return;
    clearTimeout(hanging);
    hanging = undefined;
    host.answered();
  }

  worker.on('message', (message: FromWorker) => {
    if ('printed' in message) {
      output(message.functionName, message.printed);
      return;
    }
    if ('forgotten' in message) {
      forgotten();
      return;
    }
    const answered = letGo(message.id);
    if (answered === undefined) return;
    settle(answered, message, options);
    host.answered();
  });
  worker.on('messageerror', (error) => ended(String(error)));
  worker.on('error', (error) => ended(String(error)));
  worker.on('exit', (code) => ended(`The thread of ${name} exited with ${code}.`));

  return {
    hasRoom(functionName) {
      if (hanging !== undefined) return false;
      const here = [...running.values()].filter((each) => each.functionName === functionName);
      return here.length < (functions.get(functionName)?.atOnce ?? 0);
    },
    give(functionName, invocation) {
      const timeoutMilliseconds = (functions.get(functionName)?.plan.timeoutSeconds ?? 0) * 1000;
      lastId += 1;
      const id = lastId;
      running.set(id, { functionName, invocation, timer: setTimeout(() => tookTooLong(id), timeoutMilliseconds) });
      const { requestId, event } = invocation;
      worker.postMessage({ id, functionName, requestId, event, timeoutMilliseconds } satisfies Given);
    },
    end() {
      clearTimeout(hanging);
      const events = [...running.keys()].flatMap((id) => letGo(id) ?? []);
      return { events, ended: worker.terminate() };
    },
  };
}
