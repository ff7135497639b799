// Which run answers a question that is asked now: a new one, or the one that is under way for the same words?
// The queries of long questions call it; it reads and writes the table of answers, and sends to answer's queue.
import { addMilliseconds } from '../../events/instant.ts';
import type { Asking } from './question.ts';
import { askedKey, begunRun, type Run } from './run.ts';
import { firstMessage, type RunStepsSettings } from './runSteps.ts';
import type { RunStore } from './runStore.ts';

export interface BeginRunSettings extends Pick<RunStepsSettings, 'send' | 'newId'> {
  readonly runs: RunStore;
}

export type BeginRun = (asking: Asking) => Promise<Run>;

const tries = 4;

/** A run that is not over by then is stuck in its dead-letter queue: the question begins another. */
const believedMs = 3_600_000;

export const createBeginRun = ({ runs, send, newId }: BeginRunSettings): BeginRun => {
  /** The run of that id, if it is still being answered. */
  const underWay = async ({ caller, now }: Asking, id: string): Promise<Run | undefined> => {
    const run = await runs.get(caller.tenantId, id);
    if (run === undefined || run.cancelled || addMilliseconds(run.startedAt, believedMs) <= now) return undefined;
    if (run.listed === undefined) {
      // Its first message may have been lost between the row and the queue; a second one changes nothing.
      if ((await runs.list(run, 0)) === undefined) await send([firstMessage(run)]);
      return run;
    }
    return (await runs.done(run)).length < run.listed.chunks ? run : undefined;
  };

  return async (asking) => {
    const key = askedKey(asking);
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const before = await runs.askedBefore(asking.caller.tenantId, key);
      const known = before === undefined ? undefined : await underWay(asking, before);
      if (known !== undefined) return known;
      const run = begunRun(newId(), asking);
      // The row comes first, so that whoever finds the claim finds the run.
      await runs.put(run);
      if (!(await runs.claim(run, key, before))) continue;
      await send([firstMessage(run)]);
      return run;
    }
    throw new Error('the run could not begin: others asked the same at the same time');
  };
};
