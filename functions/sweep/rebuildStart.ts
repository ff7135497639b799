// How does a rebuild begin?
// The ticks of sweep call it; it sends the first page to sweep's queue, and writes the record of a run that a person may follow.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Instant } from '../../events/instant.ts';
import { firstPage, type RebuildStart } from './rebuildPages.ts';
import { begunRun, type RebuildRun, type RebuildRuns } from './rebuildRuns.ts';
import type { SweepQueues } from './sweepQueues.ts';

export interface RebuildStartSettings {
  readonly runs: Pick<RebuildRuns, 'put'>;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly logger: Pick<Logger, 'info'>;
}

/** The settings of a new run; without an id it gets a new one. */
export type Starting = Omit<RebuildStart, 'run' | 'recorded'> & Partial<Pick<RebuildStart, 'run'>>;

export interface StartRebuild {
  start(starting: Starting): Promise<void>;
  startRecorded(why: RebuildRun['why'], starting: Starting): Promise<void>;
}

export const createStartRebuild = ({ runs, queues, now, newId, logger }: RebuildStartSettings): StartRebuild => {
  const send = async (starting: RebuildStart): Promise<void> => {
    await queues.sweep({ pager: firstPage(starting) });
    logger.info('a rebuild starts', { ...starting });
  };
  return {
    start: ({ run = newId(), ...asked }) => send({ run, ...asked }),
    startRecorded: async (why, { run = newId(), ...asked }) => {
      const at = now();
      await runs.put(begunRun(run, why, at));
      await send({ run, ...asked, recorded: { why, startedAt: at } });
    },
  };
};
