// Which messages do a function's host and its worker threads exchange?
import type { SharedClock } from '../core/clock.ts';
import type { FunctionError } from './invocation.ts';

/** The data for a worker at its start. */
export interface WorkerStart {
  readonly name: string;
  readonly arn: string;
  readonly folder: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
  /** Whether a caller waits for its answers; other workers get a lower CPU priority. */
  readonly isWaitedFor: boolean;
  readonly compileCache: string | undefined;
  readonly clock: SharedClock | undefined;
}

export interface ToWorker {
  readonly id: number;
  readonly requestId: string;
  /** The event as JSON. */
  readonly event: string;
  readonly timeoutMilliseconds: number;
}

export type FromWorker = {
  readonly id: number;
  /** The CPU time of the handler, in its own thread. */
  readonly cpuMilliseconds: number;
} & ({ readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: FunctionError });
