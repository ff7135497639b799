// How does one function run? In worker threads of its own; each handles one event at a time, and ends after a timeout.
import { randomUUID } from 'node:crypto';
import { outsideRequests } from '../core/requestScope.ts';
import { type FunctionWorker, type FunctionWorkerOptions, startFunctionWorker } from './functionWorker.ts';
import { failInvocation, type Invocation, type InvocationResult, throttled, type Unanswered } from './invocation.ts';
import { createWaitingLine, type LineLimits, usualLimits } from './waitingLine.ts';

/** Somebody who waits for the answer to an event, and not for ever. */
export interface Caller {
  /** Whether the caller has gone: then its event needs no answer. */
  isGone(): boolean;
}

export interface FunctionHost {
  readonly name: string;
  /** Whether one more caller would be answered soon. */
  takes(): boolean;
  /**
   * Passes an event to the function when a worker is free; never rejects. With a caller, the result is `throttled` where no worker
   * is free in time; without one, the event waits as long as it takes.
   */
  invoke(event: unknown, caller?: Caller): Promise<InvocationResult>;
  /** Ends its workers at once, even during an event; such an event fails. */
  crash(): void;
  stop(): Promise<void>;
}

export interface FunctionHostOptions extends FunctionWorkerOptions {
  /** How many events it may handle at once, each in its own worker. */
  readonly workers: number;
  readonly limits?: LineLimits | undefined;
}

interface Waiting {
  readonly invocation: Invocation;
  readonly caller: Caller | undefined;
}

/** Milliseconds between two looks at callers that have waited too long, while any wait. */
const lookEvery = 100;

/** Makes the host of a function; its first event starts its first worker. */
export function createFunctionHost(options: FunctionHostOptions): FunctionHost {
  const { plan, log, limits = usualLimits } = options;
  const workers = new Set<FunctionWorker>();
  const line = createWaitingLine<Waiting>(limits, () => performance.now());
  let looking: NodeJS.Timeout | undefined;
  let stopped = false;

  /** After a worker has ended, its event fails, and the next event gets a new worker. */
  async function leave(worker: FunctionWorker, why: Unanswered): Promise<void> {
    if (!workers.delete(worker)) return;
    const ended = worker.end(why);
    offer();
    await ended;
  }

  function start(): FunctionWorker {
    const host = { answered: offer, broke: (why: Unanswered) => void leave(worker, why) };
    const worker: FunctionWorker = outsideRequests(() => startFunctionWorker(options, host));
    workers.add(worker);
    return worker;
  }

  /** The next event whose caller, if it has one, still waits. */
  function next(): Invocation | undefined {
    for (;;) {
      const { invocation, caller } = line.next() ?? {};
      if (invocation === undefined || caller?.isGone() !== true) return invocation;
      invocation.settle(throttled(invocation.requestId));
    }
  }

  function offer(): void {
    while (!stopped) {
      const idle = [...workers].find((worker) => worker.isIdle());
      if (idle === undefined && workers.size >= options.workers) return;
      const invocation = next();
      if (invocation === undefined) return;
      try {
        (idle ?? start()).give(invocation);
      } catch (error) {
        // The system may have no memory, or no descriptor, for one more thread.
        failInvocation(invocation, { errorType: 'Runtime.StartError', errorMessage: String(error) }, log);
      }
    }
  }

  function lookAtLate(): void {
    const look = (): void => {
      line.expire();
      if (!line.isEmpty()) return;
      clearInterval(looking);
      looking = undefined;
    };
    looking ??= outsideRequests(() => setInterval(look, lookEvery));
  }

  const failWaiting = (): void => {
    const why = { errorType: 'Stopped', errorMessage: `${plan.name} is stopped.` };
    for (const { invocation } of line.empty()) failInvocation(invocation, why, log);
  };

  return {
    name: plan.name,
    takes: line.takes,
    invoke(event, caller) {
      return new Promise((resolve) => {
        const requestId = randomUUID();
        const invocation = { event: JSON.stringify(event), requestId, settle: resolve };
        line.push({ invocation, caller }, caller === undefined ? undefined : () => resolve(throttled(requestId)));
        if (stopped) failWaiting();
        offer();
        if (caller !== undefined && !line.isEmpty()) lookAtLate();
      });
    },
    crash() {
      const why = { errorType: 'Runtime.ExitError', errorMessage: `${plan.name} crashed.` };
      for (const worker of [...workers]) void leave(worker, why);
    },
    async stop() {
      stopped = true;
      clearInterval(looking);
      failWaiting();
      const why = { errorType: 'Stopped', errorMessage: `${plan.name} was stopped.` };
      await Promise.all([...workers].map((worker) => leave(worker, why)));
    },
  };
}
