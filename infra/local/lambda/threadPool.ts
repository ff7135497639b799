// Which thread handles a function's next event? A pool starts threads for its functions as events come, and ends them when they crash.
// Hosts of functions ask it; it starts worker threads.
import { outsideRequests } from '../core/requestScope.ts';
import {
  type FunctionThread,
  type FunctionThreadOptions,
  failHandled,
  type Handled,
  startFunctionThread,
} from './functionThread.ts';
import type { Invocation, Unanswered } from './invocation.ts';

export interface ThreadPool extends Pick<FunctionThreadOptions, 'output'> {
  /** Whether a thread takes one more event of the function, or could be started for it. */
  hasRoom(functionName: string): boolean;
  /** Starts an event of the function; there must be room. Throws where no thread can be started. */
  give(functionName: string, invocation: Invocation): void;
  /** Calls the listener each time that there may be room again. */
  onRoom(listener: () => void): void;
  /** Ends all threads at once, even during events; the function's events fail. */
  crash(functionName: string, why: Unanswered): void;
  stop(why: Unanswered): Promise<void>;
}

export interface ThreadPoolOptions extends FunctionThreadOptions {
  /** The most threads, but for one that tries events again. */
  readonly threads: number;
}

/** No event is left that this could be said of. */
const answeredAlready: Unanswered = { errorType: 'Answered', errorMessage: 'The event was answered.' };

/**
 * Makes a pool; the first event starts its first thread. When a thread ends under several events, only that which ended it fails, as on
 * Lambda, where each has a process to itself: the others are tried again, each alone, so that it shows which one ends a thread.
 */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const threads = new Set<FunctionThread>();
  const listeners: (() => void)[] = [];
  const suspects: Handled[] = [];
  let trying: FunctionThread | undefined;
  let stopped = false;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const failAll = (events: readonly Handled[], why: Unanswered): void => {
    for (const event of events) failHandled(event, why, options);
  };

  /** Ends the thread that tries an event again; the event fails if it has not been answered. */
  function endTrying(why: Unanswered): Promise<unknown> | undefined {
    const { events, ended } = trying?.end() ?? { events: [], ended: undefined };
    trying = undefined;
    failAll(events, why);
    return ended;
  }

  /** Tries the next event again, in a thread that has no other. */
  function tryAlone(): void {
    const next = trying === undefined ? suspects.shift() : undefined;
    if (next === undefined) return;
    const over = (why: Unanswered): void => {
      if (trying !== thread) return;
      void endTrying(why);
      tryAlone();
    };
    const host = { answered: () => over(answeredAlready), broke: over };
    const thread = outsideRequests(() => startFunctionThread(options, host));
    trying = thread;
    thread.give(next.functionName, next.invocation);
  }

  /** After a thread has ended, the next event gets a new one. Of its events those of the culprit fail; without one, an event that was alone. */
  async function leave(thread: FunctionThread, why: Unanswered, culprit?: string): Promise<void> {
    if (!threads.delete(thread)) return;
    const { events, ended } = thread.end();
    const isToBlame = ({ functionName }: Handled): boolean =>
      stopped || (culprit === undefined ? events.length === 1 : functionName === culprit);
    failAll(events.filter(isToBlame), why);
    suspects.push(...events.filter((event) => !isToBlame(event)));
    tryAlone();
    tell();
    await ended;
  }

  function start(): FunctionThread {
    const host = { answered: tell, broke: (why: Unanswered, culprit?: string) => void leave(thread, why, culprit) };
    const thread: FunctionThread = outsideRequests(() => startFunctionThread(options, host));
    threads.add(thread);
    return thread;
  }

  const threadFor = (functionName: string): FunctionThread | undefined =>
    [...threads].find((thread) => thread.hasRoom(functionName));

  return {
    output: options.output,
    hasRoom: (functionName) => threads.size < options.threads || threadFor(functionName) !== undefined,
    give: (functionName, invocation) => (threadFor(functionName) ?? start()).give(functionName, invocation),
    onRoom: (listener) => void listeners.push(listener),
    crash(functionName, why) {
      for (const thread of [...threads]) void leave(thread, why, functionName);
    },
    async stop(why) {
      stopped = true;
      failAll(suspects.splice(0), why);
      await Promise.all([endTrying(why), ...[...threads].map((thread) => leave(thread, why))]);
    },
  };
}
