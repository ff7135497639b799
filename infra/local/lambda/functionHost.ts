// How is one function run? In worker threads of its own, an event at a time each, ended when it takes too long.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { arn } from '../core/awsNames.ts';
import type { Clock } from '../core/clock.ts';
import type { FunctionPlan } from '../core/plan.ts';

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly name: string;
  readonly arn: string;
  readonly folder: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
  /** Whether somebody waits for its answers: what nobody waits for leaves the processor to it. */
  readonly isWaitedFor: boolean;
  readonly compileCache: string | undefined;
  readonly clock: SharedArrayBuffer | undefined;
}

export interface ToWorker {
  readonly id: number;
  readonly requestId: string;
  /** The event as JSON. */
  readonly event: string;
  readonly timeoutMilliseconds: number;
}

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stack: string;
}

export type FromWorker = {
  readonly id: number;
  /** The processor's time that the handler took, in its own thread. */
  readonly cpuMilliseconds: number;
} & ({ readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: FunctionError });

/** An event that a function has answered. */
export interface Invoked {
  readonly functionName: string;
  /** The event as JSON. */
  readonly event: string;
  readonly cpuMilliseconds: number;
}

export type InvocationResult =
  | { readonly ok: true; readonly value: unknown; readonly requestId: string }
  | { readonly ok: false; readonly error: FunctionError; readonly requestId: string };

export interface FunctionHost {
  readonly name: string;
  /** Hands the function an event once a worker is free; never rejects. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** Ends its workers in whatever they are doing; their events have failed. */
  crash(): void;
  stop(): Promise<void>;
}

export interface FunctionHostOptions {
  readonly plan: FunctionPlan;
  /** The whole environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** How many events it may work on at once, each in a worker of its own. */
  readonly workers: number;
  /** A stream's batches of a hundred make many short-lived objects: with the usual room a tenth of all work is their collection. */
  readonly takesBatches?: boolean;
  readonly isWaitedFor?: boolean;
  /** Where Node keeps compiled code between starts. */
  readonly compileCache?: string | undefined;
  /** Takes what the function prints, and how its invocations fail. */
  readonly log: (text: string) => void;
  /** Hears of each event that it has answered. */
  readonly onInvoked?: ((invoked: Invoked) => void) | undefined;
}

interface Invocation {
  readonly event: string;
  readonly requestId: string;
  readonly settle: (result: InvocationResult) => void;
}

interface Seat {
  readonly worker: Worker;
  current: { readonly id: number; readonly invocation: Invocation; readonly timer: NodeJS.Timeout } | undefined;
}

let script: URL | undefined;

/** The workers' script as JavaScript: a worker that strips its types itself holds the stripper, some 15 MB in each. */
function workerScript(): URL {
  const typed = (): string => readFileSync(join(import.meta.dirname, 'worker.ts'), 'utf8');
  script ??= new URL(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(typed()))}`);
  return script;
}

/** Makes the host of a function; its first event starts its first worker. */
export function createFunctionHost(options: FunctionHostOptions): FunctionHost {
  const { plan, log } = options;
  const seats = new Set<Seat>();
  const waiting: Invocation[] = [];
  let nextId = 0;
  let stopped = false;

  const fail = (invocation: Invocation, errorType: string, errorMessage: string): void => {
    log(`${invocation.requestId} ${errorType}: ${errorMessage}\n`);
    invocation.settle({ ok: false, error: { errorType, errorMessage, stack: '' }, requestId: invocation.requestId });
  };

  /** The seat is gone: what it worked on has failed, and the next event gets a new worker. */
  const leave = (seat: Seat, why: { readonly errorType: string; readonly errorMessage: string }): void => {
    if (!seats.delete(seat)) return;
    const { current } = seat;
    seat.current = undefined;
    void seat.worker.terminate();
    if (current !== undefined) {
      clearTimeout(current.timer);
      fail(current.invocation, why.errorType, why.errorMessage);
    }
    offer();
  };

  const settle = (seat: Seat, message: FromWorker): void => {
    const { current } = seat;
    if (current === undefined || current.id !== message.id) return;
    clearTimeout(current.timer);
    seat.current = undefined;
    const { invocation } = current;
    const { cpuMilliseconds } = message;
    options.onInvoked?.({ functionName: plan.name, event: invocation.event, cpuMilliseconds });
    if (message.ok) {
      invocation.settle({ ok: true, value: JSON.parse(message.result), requestId: invocation.requestId });
    } else {
      log(`${invocation.requestId} ${message.error.stack || message.error.errorMessage}\n`);
      invocation.settle({ ok: false, error: message.error, requestId: invocation.requestId });
    }
    offer();
  };

  const sit = (): Seat => {
    const workerData: WorkerStart = {
      name: plan.name,
      arn: arn.function(plan.name),
      folder: plan.folder,
      handler: plan.handler,
      memoryMegabytes: plan.memoryMegabytes,
      isWaitedFor: options.isWaitedFor ?? true,
      compileCache: options.compileCache,
      clock: options.clock.shared,
    };
    const worker = new Worker(workerScript(), {
      workerData,
      name: plan.name,
      env: { ...options.environment },
      execArgv: [],
      // Its own memory and no more, as on Lambda: without a limit a heap grows fourfold before it is collected.
      resourceLimits: {
        maxOldGenerationSizeMb: plan.memoryMegabytes,
        maxYoungGenerationSizeMb: options.takesBatches === true ? 48 : 16,
      },
      stdout: true,
      stderr: true,
    });
    const seat: Seat = { worker, current: undefined };
    for (const stream of [worker.stdout, worker.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', log);
    }
    worker.on('message', (message: FromWorker) => settle(seat, message));
    worker.on('error', (error) => leave(seat, { errorType: 'Runtime.ExitError', errorMessage: String(error) }));
    worker.on('exit', (code) =>
      leave(seat, { errorType: 'Runtime.ExitError', errorMessage: `The worker of ${plan.name} exited with ${code}.` }),
    );
    seats.add(seat);
    return seat;
  };

  const give = (seat: Seat, invocation: Invocation): void => {
    const timeoutMilliseconds = plan.timeoutSeconds * 1000;
    const timer = setTimeout(
      () =>
        leave(seat, {
          errorType: 'Sandbox.Timedout',
          errorMessage: `Task timed out after ${plan.timeoutSeconds} seconds`,
        }),
      timeoutMilliseconds,
    );
    nextId += 1;
    seat.current = { id: nextId, invocation, timer };
    const message: ToWorker = {
      id: nextId,
      requestId: invocation.requestId,
      event: invocation.event,
      timeoutMilliseconds,
    };
    seat.worker.postMessage(message);
  };

  function offer(): void {
    while (waiting.length > 0 && !stopped) {
      const idle = [...seats].find((seat) => seat.current === undefined);
      const seat = idle ?? (seats.size < options.workers ? sit() : undefined);
      const invocation = seat === undefined ? undefined : waiting.shift();
      if (seat === undefined || invocation === undefined) return;
      give(seat, invocation);
    }
  }

  return {
    name: plan.name,
    invoke(event) {
      return new Promise((resolve) => {
        waiting.push({ event: JSON.stringify(event), requestId: randomUUID(), settle: resolve });
        if (stopped) for (const late of waiting.splice(0)) fail(late, 'Stopped', `${plan.name} is stopped.`);
        offer();
      });
    },
    crash() {
      for (const seat of [...seats])
        leave(seat, { errorType: 'Runtime.ExitError', errorMessage: `${plan.name} crashed.` });
    },
    async stop() {
      stopped = true;
      for (const invocation of waiting.splice(0)) fail(invocation, 'Stopped', `${plan.name} is stopped.`);
      const workers = [...seats].map(({ worker }) => worker);
      for (const seat of [...seats]) {
        leave(seat, { errorType: 'Stopped', errorMessage: `${plan.name} was stopped.` });
      }
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
