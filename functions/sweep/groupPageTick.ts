// What happens to a page of groups in a rebuild?
// The sweep handler calls it; it sends groups that are behind to rollup's queue, the next page to sweep's queue, and ends the run's record.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import type { Instant } from '../../events/instant.ts';
import { GroupPage, type TurnGroupPage } from './groupPages.ts';
import { RebuildRun, type RebuildRuns } from './rebuildRuns.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

export interface GroupPageTickSettings {
  readonly turnGroups: TurnGroupPage;
  readonly runs: Pick<RebuildRuns, 'put'>;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
  readonly logger: Pick<Logger, 'info'>;
}

/** A page of groups, and the record of the run, which the last page ends. */
export const GroupsSaid = z.object({ groups: GroupPage, ends: RebuildRun.optional() });
export type GroupsSaid = Readonly<z.infer<typeof GroupsSaid>>;

/** Together with the size of a page, this limits how fast a rebuild wakes groups. */
const pageEverySeconds = 1;

export const createGroupPageTick = ({ turnGroups, runs, queues, now, logger }: GroupPageTickSettings): Tick =>
  tick(GroupsSaid, async ({ groups: page, ends }) => {
    const { groups, next } = await turnGroups(page);
    await queues.rollup(groups);
    if (groups.length > 0) logger.info('groups were behind', { groups: groups.length });
    if (next !== undefined) {
      const said: GroupsSaid = { groups: next, ...(ends !== undefined && { ends }) };
      await queues.sweep(said, groups.length > 0 ? pageEverySeconds : undefined);
    } else if (ends !== undefined) await runs.put({ ...ends, at: now(), over: true });
  });
