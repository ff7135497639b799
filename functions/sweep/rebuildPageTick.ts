// What is done with a page of the pager's run? What is behind on it goes to project, and the next page comes a second later.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { reasonOf } from '../aws/failureLog.ts';
import type { Measure } from '../aws/metrics.ts';
import { RebuildPage, type TurnPage } from './rebuildPages.ts';
import type { RebuildRuns } from './rebuildRuns.ts';
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

export const createRebuildPageTick = (settings: RebuildPageTickSettings): Tick => {
  const { turn, runs, queues, now, measure, logger } = settings;

  return tick(z.object({ pager: RebuildPage }), async ({ pager: page }) => {
    const { streams, progress, next } = await turn(page);
    await queues.project(streams);
    if (page.all !== true) {
      const engagements = streams.filter((stream) => parseStreamId(stream).kind === 'engagement');
      measure('HeadsBehind', engagements.length);
    }
    if (next !== undefined) await queues.sweep({ pager: next }, pageEverySeconds);
    const { run, recorded } = page;
    const { seen, sent, share } = progress;
    const over = next === undefined;
    if (seen > 0) logger.info('the pager turned a page', { run, seen, sent, share, over });
    if (recorded === undefined) return;
    const record = runs.put({ run, ...recorded, at: now(), seen, sent, share, over });
    // The next page is on its way: to fail now would send it twice. It will say how far the run is.
    await (over
      ? record
      : record.catch((error: unknown) =>
          logger.error('a run’s progress was not kept', { run, reason: reasonOf(error) }),
        ));
  });
};
