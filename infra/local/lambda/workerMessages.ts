// Which messages do the host of a thread and the worker in it exchange?
import type { SharedClock } from '../core/clock.ts';
import type { FunctionError } from './invocation.ts';

/** A function that a worker runs, once it has an event for it. */
export interface WorkerFunction {
  readonly name: string;
  readonly arn: string;
  readonly folder: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
  /** The whole environment of the function; no other function in the thread sees it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it may get an event before it has answered the one before. */
  readonly takesSeveral: boolean;
}

/** The data for a worker at its start. */
export interface WorkerStart {
  readonly functions: readonly WorkerFunction[];
  /** Whether a caller waits for its answers; other workers get a lower CPU priority. */
  readonly isWaitedFor: boolean;
  /** The folder in which compiled code is kept between starts. */
  readonly compileCache: string | undefined;
  readonly clock: SharedClock | undefined;
}

/** An event for a function. */
export interface Given {
  readonly id: number;
  readonly functionName: string;
  readonly requestId: string;
  /** The event as JSON. */
  readonly event: string;
  readonly timeoutMilliseconds: number;
}

/** Asks to forget what a function has loaded: one of its events took too long, and its next one begins anew. */
export interface Forget {
  readonly forget: string;
}

export type ToWorker = Given | Forget;

/** The answer to `forget`: the thread doesn't hang. */
export interface Forgotten {
  readonly forgotten: string;
}

/** A text that a function has printed. */
export interface Printed {
  readonly functionName: string;
  readonly printed: string;
}

export type Answer = {
  readonly id: number;
  /** The CPU time of the thread from the event to the answer: that of its other functions too, where it has any. */
  readonly cpuMilliseconds: number;
} & ({ readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: FunctionError });

export type FromWorker = Printed | Forgotten | Answer;
