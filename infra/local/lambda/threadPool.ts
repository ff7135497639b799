// Which thread handles a function's next event? A pool starts threads for its functions as events come, and ends them when they crash.
// Hosts of functions ask it; it starts worker threads.
import { outsideRequests } from '../core/requestScope.ts';
import { type FunctionThread, type FunctionThreadOptions, startFunctionThread } from './functionThread.ts';
import type { Invocation, Unanswered } from './invocation.ts';

export interface ThreadPool extends Pick<FunctionThreadOptions, 'output'> {
  /** Whether a thread takes one more event of the function, or could be started for it. */
  hasRoom(functionName: string): boolean;
  /** Starts an event of the function; there must be room. Throws where no thread can be started. */
  give(functionName: string, invocation: Invocation): void;
  /** Calls the listener each time that there may be room again. */
  onRoom(listener: () => void): void;
  /** Ends all threads at once, even during events; such events fail. */
  crash(why: Unanswered): void;
  stop(why: Unanswered): Promise<void>;
}

export interface ThreadPoolOptions extends FunctionThreadOptions {
  /** The most threads. */
  readonly threads: number;
}

/** Makes a pool; the first event starts its first thread. */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const threads = new Set<FunctionThread>();
  const listeners: (() => void)[] = [];
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  /** After a thread has ended, its events fail, and the next event gets a new thread. */
  async function leave(thread: FunctionThread, why: Unanswered): Promise<void> {
    if (!threads.delete(thread)) return;
    const ended = thread.end(why);
    tell();
    await ended;
  }

  function start(): FunctionThread {
    const host = { answered: tell, broke: (why: Unanswered) => void leave(thread, why) };
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
    crash(why) {
      for (const thread of [...threads]) void leave(thread, why);
    },
    async stop(why) {
      await Promise.all([...threads].map((thread) => leave(thread, why)));
    },
  };
}
