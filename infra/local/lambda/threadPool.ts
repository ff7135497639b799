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
  /** The most threads, beside those in which events are tried again. */
  readonly threads: number;
}

/** No event is left that this could be said of. */
const answeredAlready: Unanswered = { errorType: 'Answered', errorMessage: 'The event was answered.' };

/** The thread in which one event is tried again. */
interface Trial {
  readonly functionName: string;
  readonly thread: FunctionThread;
}

/**
 * Makes a pool; the first event starts its first thread. When a thread ends under several events, only that which ended it fails, as on
 * Lambda, where each has a process to itself: the others are tried again at once, each alone, so that it shows which one ends a thread.
 */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const threads = new Set<FunctionThread>();
  const trials = new Set<Trial>();
  const listeners: (() => void)[] = [];
  let stopped = false;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const failAll = (events: readonly Handled[], why: Unanswered): void => {
    for (const event of events) failHandled(event, why, options);
  };

  /** Ends a trial; its event fails if it has not been answered. */
  async function endTrial(trial: Trial, why: Unanswered): Promise<void> {
    if (!trials.delete(trial)) return;
    const { events, ended } = trial.thread.end();
    failAll(events, why);
    await ended;
  }

  /** Tries an event again, in a thread that has no other. */
  function tryAlone(event: Handled): void {
    const { functionName, invocation } = event;
    const over = (why: Unanswered): void => void endTrial(trial, why);
    const host = { answered: () => over(answeredAlready), broke: over };
    let trial: Trial;
    try {
      trial = { functionName, thread: outsideRequests(() => startFunctionThread(options, host)) };
    } catch (error) {
      // The system may have no memory, or no descriptor, for one more thread.
      failHandled(event, { errorType: 'Runtime.StartError', errorMessage: String(error) }, options);
      return;
    }
    trials.add(trial);
    trial.thread.give(functionName, invocation);
  }

  /** After a thread has ended, the next event gets a new one. Of its events those to blame fail, and after a stop all. */
  async function leave(thread: FunctionThread, why: Unanswered, isToBlame: (event: Handled) => boolean): Promise<void> {
    if (!threads.delete(thread)) return;
    const { events, ended } = thread.end();
    const { failing = [], others = [] } = Object.groupBy(events, (event) =>
      stopped || isToBlame(event) ? 'failing' : 'others',
    );
    failAll(failing, why);
    for (const event of others) tryAlone(event);
    tell();
    await ended;
  }

  function start(): FunctionThread {
    const broke = (why: Unanswered, byItsEvent: boolean): void => void leave(thread, why, () => byItsEvent);
    const thread: FunctionThread = outsideRequests(() => startFunctionThread(options, { answered: tell, broke }));
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
      for (const thread of [...threads]) void leave(thread, why, (event) => event.functionName === functionName);
      for (const trial of [...trials]) if (trial.functionName === functionName) void endTrial(trial, why);
    },
    async stop(why) {
      stopped = true;
      const ended = [...threads].map((thread) => leave(thread, why, () => true));
      await Promise.all([...ended, ...[...trials].map((trial) => endTrial(trial, why))]);
    },
  };
}
