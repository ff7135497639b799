// How does one function run? Its events wait in a line until a thread has room for the next one.
import { randomUUID } from 'node:crypto';
import { outsideRequests } from '../core/requestScope.ts';
import { failInvocation, type Invocation, type InvocationResult, throttled } from './invocation.ts';
import type { ThreadPool } from './threadPool.ts';
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
  /** Ends its threads at once, even during its events, which fail. */
  crash(): void;
  /** Takes no more events; those that wait fail. */
  stop(): void;
}

export interface FunctionHostOptions {
  readonly name: string;
  /** The threads that handle its events, perhaps beside those of other functions. */
  readonly pool: ThreadPool;
  readonly limits?: LineLimits | undefined;
}

interface Waiting {
  readonly invocation: Invocation;
  readonly caller: Caller | undefined;
}

/** Milliseconds between two looks at callers that have waited too long, while any wait. */
const lookEvery = 100;

/** Makes the host of a function. */
export function createFunctionHost({ name, pool, limits = usualLimits }: FunctionHostOptions): FunctionHost {
  const log = (text: string): void => pool.output(name, text);
  const line = createWaitingLine<Waiting>(limits, () => performance.now());
  let looking: NodeJS.Timeout | undefined;
  let stopped = false;

  /** The next event whose caller, if it has one, still waits. */
  function next(): Invocation | undefined {
    for (;;) {
      const { invocation, caller } = line.next() ?? {};
      if (invocation === undefined || caller?.isGone() !== true) return invocation;
      invocation.settle(throttled(invocation.requestId));
    }
  }

  function offer(): void {
    while (!stopped && pool.hasRoom(name)) {
      const invocation = next();
      if (invocation === undefined) return;
      try {
        pool.give(name, invocation);
      } catch (error) {
        // The system may have no memory, or no descriptor, for one more thread.
        failInvocation(invocation, { errorType: 'Runtime.StartError', errorMessage: String(error) }, log);
      }
    }
  }
  pool.onRoom(offer);

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
    const why = { errorType: 'Stopped', errorMessage: `${name} is stopped.` };
    for (const { invocation } of line.empty()) failInvocation(invocation, why, log);
  };

  return {
    name,
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
    crash: () => pool.crash(name, { errorType: 'Runtime.ExitError', errorMessage: `${name} crashed.` }),
    stop() {
      stopped = true;
      clearInterval(looking);
      failWaiting();
    },
  };
}
