// What do a function's host and its worker threads say to each other?
import type { FunctionError } from './invocation.ts';

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

export type FromWorker = {
  readonly id: number;
  /** The processor's time that the handler took, in its own thread. */
  readonly cpuMilliseconds: number;
} & ({ readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: FunctionError });
