// Has other code computed the rows? Then the pager runs, once for each deployment.
import * as z from 'zod';
import { asksFor, type DeploymentMark, type RebuildRuns } from './rebuildRuns.ts';
import type { StartRebuild } from './rebuildStart.ts';
import { type Tick, tick } from './tick.ts';

export interface DeploymentTickSettings {
  readonly runs: Pick<RebuildRuns, 'mark' | 'setMark'>;
  readonly startRebuild: StartRebuild;
  /** Which deployment this is. */
  readonly deployment: DeploymentMark;
}

/** The mark is set after the run has begun: cut off between, it begins once more. */
export const createDeploymentTick = ({ runs, startRebuild, deployment }: DeploymentTickSettings): Tick =>
  tick(z.object({ sweep: z.literal('deployment') }), async () => {
    const asked = asksFor(deployment, await runs.mark());
    if (asked === 'run') await startRebuild.startRecorded('deployment', {});
    if (asked !== 'nothing') await runs.setMark(deployment);
  });
