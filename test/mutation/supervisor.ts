// Who holds the workers? A worker that is silent or dies has met a mutant without an end: that counts as killed, and a new one goes on.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type Answer, answerShape } from './messages.ts';
import type { Mutant, Outcome } from './mutant.ts';

/** A worker that answers nothing for so long is ended. */
const silenceMs = 30_000;

/** The first thing that a worker says, or undefined where it ends or is silent for `ms`. */
const heard = (worker: ChildProcess, ms: number): Promise<Answer | undefined> =>
  new Promise((resolve) => {
    const end = (answer: Answer | undefined): void => {
      clearTimeout(timer);
      worker.off('message', hear);
      worker.off('exit', leave);
      resolve(answer);
    };
    const hear = (message: unknown): void => end(answerShape.parse(message));
    const leave = (): void => end(undefined);
    const timer = setTimeout(leave, ms);
    worker.once('message', hear);
    worker.once('exit', leave);
  });

interface Ready {
  readonly worker: ChildProcess;
  readonly tests: number;
  readonly leftOut: number;
}

/** Starts a worker; it is ready when it has loaded all tests. */
export async function startWorker(runFile: string): Promise<Ready> {
  const worker = fork(join(import.meta.dirname, 'workerMain.ts'), [runFile], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=3000'],
  });
  const ready = await heard(worker, 30 * 60_000);
  if (ready?.says === 'ready') return { worker, tests: ready.tests, leftOut: ready.leftOut };
  worker.kill('SIGKILL');
  throw new Error('The worker did not load the tests: its reason stands above.');
}

/** Tries mutants that `next` gives, one after the other, until it gives no more. */
export async function work(options: {
  readonly first: ChildProcess;
  readonly runFile: string;
  readonly next: () => Mutant | undefined;
  readonly tried: (mutant: Mutant, outcome: Outcome) => void;
}): Promise<void> {
  let worker = options.first;
  const replace = async (): Promise<void> => {
    worker.kill('SIGKILL');
    worker = (await startWorker(options.runFile)).worker;
  };
  const attempt = (id: string): Promise<Answer | undefined> => {
    const answer = heard(worker, silenceMs);
    worker.send({ id });
    return answer;
  };
  for (let mutant = options.next(); mutant !== undefined; mutant = options.next()) {
    let answer = await attempt(mutant.id);
    if (answer?.says === 'tried' && answer.spoilt) {
      // Something that a mutant before it left behind may have failed the test.
      await replace();
      answer = await attempt(mutant.id);
    }
    const silent = answer?.says !== 'tried';
    options.tried(mutant, answer?.says === 'tried' ? answer.outcome : 'killed');
    if (silent || (answer?.says === 'tried' && answer.spoilt)) await replace();
  }
  worker.disconnect();
}
