// What is done with a page of the pager's run? What is behind on it goes to project, and the next page comes a second later.
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

/** With the streams of a page, the pager's rate. */
const pageEverySeconds = 1;

/** The first page of the groups, which come when all streams have. */
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
    if (seen > 0) logger.info('the pager turned a page', { run, seen, sent, share });
    const record = recorded && { run, ...recorded, at: now(), seen, sent, share, over: false };
    // After all streams come all groups; a change of context reaches groups by what is fed to them.
    if (next === undefined && page.changed === undefined) await queues.sweep(groupsAfter(page, record));
    if (record === undefined) return;
    // The next page is on its way: to fail now would send it twice. It will say how far the run is.
    await runs
      .put(record)
      .catch((error: unknown) => logger.error('a run’s progress was not kept', { run, reason: reasonOf(error) }));
  });
};
