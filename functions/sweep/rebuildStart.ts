// How does a run of the pager begin? With its first page; one over everything is recorded before, for whoever watches it.
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

/** What a run is begun with; it gets an id where it has none. */
export type Starting = Omit<RebuildStart, 'run' | 'recorded'> & Partial<Pick<RebuildStart, 'run'>>;

export interface StartRebuild {
  start(starting: Starting): Promise<void>;
  startRecorded(why: RebuildRun['why'], starting: Starting): Promise<void>;
}

export const createStartRebuild = ({ runs, queues, now, newId, logger }: RebuildStartSettings): StartRebuild => {
  const send = async (starting: RebuildStart): Promise<void> => {
    await queues.sweep({ pager: firstPage(starting) });
    logger.info('the pager starts', { ...starting });
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
