// Which run answers a question that is asked now: a new one, or the one that is under way or just done for the same words?
// The queries of long questions call it; it reads and writes the table of answers, and sends to answer's queue.
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Refused } from '../query/queryRequest.ts';
import type { Asking } from './question.ts';
import { askedKey, begunRun, type Run } from './run.ts';
import { lastStepOf, type RunSeen, statusOf } from './runAnswer.ts';
import { firstMessage, type RunStepsSettings } from './runSteps.ts';
import type { RunStore } from './runStore.ts';

export interface BeginRunSettings extends Pick<RunStepsSettings, 'send' | 'newId'> {
  readonly runs: RunStore;
}

export type BeginRun = (asking: Asking) => Promise<RunSeen | Refused>;

const tries = 4;

/** The most runs under way of one asker: of the tenant's own people together, or of the people of one partner. */
export const mostOpen = 5;

/** So long the result of a run answers the same question: who repeats its URL, as `retry-after` says, gets it, and begins no other. */
const freshMs = 10 * 60_000;

/** Seconds after which one of the runs under way may be over. */
const laterSeconds = 60;

const tooMany = (open: readonly string[]): Refused => ({
  problem: {
    status: 429,
    reason: 'tooManyRuns',
    detail: `${open.length} runs are under way, and no more may be: wait, or cancel one by DELETE of /v1/runs/…: ${open.join(', ')}`,
    headers: { 'retry-after': String(laterSeconds) },
  },
});

export const createBeginRun = ({ runs, send, newId }: BeginRunSettings): BeginRun => {
  const seenOf = async (tenantId: string, id: string | undefined, now: Instant): Promise<RunSeen | undefined> => {
    const run = id === undefined ? undefined : await runs.get(tenantId, id);
    if (run === undefined) return undefined;
    const done = run.cancelled ? [] : await runs.done(run);
    return { run, done, status: statusOf(run, done, now) };
  };

  /** The run that was last given the question, if it is still being answered, or was a moment ago. */
  const known = async ({ caller, now }: Asking, id: string | undefined): Promise<RunSeen | undefined> => {
    const seen = await seenOf(caller.tenantId, id, now);
    if (seen === undefined) return undefined;
    const { run, status, done } = seen;
    const isFresh = status === 'done' && addMilliseconds(lastStepOf(run, done), freshMs) > now;
    if (status !== 'running' && !isFresh) return undefined;
    // Its first message may have been lost between the row and the queue; a second one changes nothing.
    if (run.listed === undefined && (await runs.list(run, 0)) === undefined) await send([firstMessage(run)]);
    await runs.want(run, caller.subject);
    return seen;
  };

  /** A place among those of the asker that no run under way has; else the runs that have them. */
  const freePlace = async ({ caller, now }: Asking) => {
    const held = await runs.places(caller);
    const open: string[] = [];
    for (let place = 0; place < mostOpen; place += 1) {
      const before = held.get(place);
      const seen = await seenOf(caller.tenantId, before, now);
      if (seen?.status !== 'running') return { place, before };
      open.push(seen.run.id);
    }
    return { open };
  };

  /** Gives the run a place; the runs that have all of them where there is none. */
  const placed = async (run: Run, asking: Asking): Promise<readonly string[] | undefined> => {
    for (;;) {
      const free = await freePlace(asking);
      if ('open' in free) return free.open;
      if (await runs.take(run, free)) return undefined;
    }
  };

  return async (asking) => {
    const { caller } = asking;
    const key = askedKey(asking);
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const before = await runs.askedBefore(caller.tenantId, key);
      const found = await known(asking, before);
      if (found !== undefined) return found;
      const free = await freePlace(asking);
      if ('open' in free) return tooMany(free.open);
      const run = begunRun(newId(), asking);
      // The row comes first, so that whoever finds the claim finds the run.
      await runs.put(run);
      await runs.want(run, caller.subject);
      if (!(await runs.claim(run, key, before))) continue;
      const open = await placed(run, asking);
      if (open !== undefined) {
        await runs.cancel(run);
        return tooMany(open);
      }
      await send([firstMessage(run)]);
      return { run, done: [], status: 'running' };
    }
    throw new Error('the run could not begin: others asked the same at the same time');
  };
};
