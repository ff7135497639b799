// How does one function run? In worker threads of its own; each handles one event at a time, and ends after a timeout.
import { randomUUID } from 'node:crypto';
import { type FunctionWorker, type FunctionWorkerOptions, startFunctionWorker } from './functionWorker.ts';
import { failInvocation, type Invocation, type InvocationResult, type Unanswered } from './invocation.ts';

export interface FunctionHost {
  readonly name: string;
  /** Passes an event to the function when a worker is free; never rejects. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** Ends its workers at once, even during an event; such an event fails. */
  crash(): void;
  stop(): Promise<void>;
}

export interface FunctionHostOptions extends FunctionWorkerOptions {
  /** How many events it may handle at once, each in its own worker. */
  readonly workers: number;
}

/** Makes the host of a function; its first event starts its first worker. */
export function createFunctionHost(options: FunctionHostOptions): FunctionHost {
  const { plan, log } = options;
  const workers = new Set<FunctionWorker>();
  const waiting: Invocation[] = [];
  let stopped = false;

  /** After a worker has ended, its event fails, and the next event gets a new worker. */
  async function leave(worker: FunctionWorker, why: Unanswered): Promise<void> {
    if (!workers.delete(worker)) return;
    const ended = worker.end(why);
    offer();
    await ended;
  }

  function start(): FunctionWorker {
    const worker = startFunctionWorker(options, { answered: offer, broke: (why) => void leave(worker, why) });
    workers.add(worker);
    return worker;
  }

  function offer(): void {
    while (waiting.length > 0 && !stopped) {
      const idle = [...workers].find((worker) => worker.isIdle());
      const worker = idle ?? (workers.size < options.workers ? start() : undefined);
      const invocation = worker === undefined ? undefined : waiting.shift();
      if (worker === undefined || invocation === undefined) return;
      worker.give(invocation);
    }
  }

  const failWaiting = (): void => {
    const why = { errorType: 'Stopped', errorMessage: `${plan.name} is stopped.` };
    for (const invocation of waiting.splice(0)) failInvocation(invocation, why, log);
  };

  return {
    name: plan.name,
    invoke(event) {
      return new Promise((resolve) => {
        waiting.push({ event: JSON.stringify(event), requestId: randomUUID(), settle: resolve });
        if (stopped) failWaiting();
        offer();
      });
    },
    crash() {
      const why = { errorType: 'Runtime.ExitError', errorMessage: `${plan.name} crashed.` };
      for (const worker of [...workers]) void leave(worker, why);
    },
    async stop() {
      stopped = true;
      failWaiting();
      const why = { errorType: 'Stopped', errorMessage: `${plan.name} was stopped.` };
      await Promise.all([...workers].map((worker) => leave(worker, why)));
    },
  };
}
