// What happens to a page of streams in a rebuild?
// The sweep handler calls it; it sends streams that are behind to project's queue, the next page to sweep's queue, and writes the run's record.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import type { Instant } from '../../events/instant.ts';
import { reasonOf } from '../aws/failureLog.ts';
import type { Measure } from '../aws/metrics.ts';
import type { GroupsSaid } from './groupPageTick.ts';
import { RebuildPage, type TurnPage } from './rebuildPages.ts';
import type { RebuildRun, RebuildRuns } from './rebuildRuns.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

export interface RebuildPageTickSettings {
  readonly turn: TurnPage;
  readonly runs: Pick<RebuildRuns, 'put'>;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

/** Together with the size of a page, this is the rate of a rebuild. */
const pageEverySeconds = 1;

/** The first page of groups, which follow after all streams. */
const groupsAfter = ({ tenantId, all }: RebuildPage, ends: RebuildRun | undefined): GroupsSaid => ({
  groups: { shard: 0, ...(tenantId !== undefined && { tenantId }), ...(all !== undefined && { all }) },
  ...(ends !== undefined && { ends }),
});

export const createRebuildPageTick = (settings: RebuildPageTickSettings): Tick => {
  const { turn, runs, queues, now, measure, logger } = settings;

  return tick(z.object({ pager: RebuildPage }), async ({ pager: page }) => {
    const { streams, progress, next } = await turn(page);
    await queues.project(streams, 'rebuild');
    if (page.all !== true) {
      measure('HeadsBehind', streams.length);
    }
    if (next !== undefined) await queues.sweep({ pager: next }, pageEverySeconds);
    const { run, recorded } = page;
    const { seen, sent, share } = progress;
    if (seen > 0) logger.info('a page of a rebuild is done', { run, seen, sent, share });
    const record = recorded && { run, ...recorded, at: now(), seen, sent, share, over: false };
    // Groups follow after all streams. A change of context needs no groups here: changed contributions wake them.
    if (next === undefined && page.changed === undefined) await queues.sweep(groupsAfter(page, record));
    if (record === undefined) return;
    // The next page is sent already, and a failure here would send it twice. The next page also records the progress.
    await runs
      .put(record)
      .catch((error: unknown) =>
        logger.error('the progress of a rebuild could not be stored', { run, reason: reasonOf(error) }),
      );
  });
};
