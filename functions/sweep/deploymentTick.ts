// Does this deployment need a rebuild, because other code has computed the rows?
// The sweep handler calls it; it reads and writes the mark in the table of runs, and starts the rebuild.
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

/** The mark is set after the rebuild has begun, so that a crash in between starts the rebuild again. */
export const createDeploymentTick = ({ runs, startRebuild, deployment }: DeploymentTickSettings): Tick =>
  tick(z.object({ sweep: z.literal('deployment') }), async () => {
    const asked = asksFor(deployment, await runs.mark());
    if (asked === 'run') await startRebuild.startRecorded('deployment', {});
    if (asked !== 'nothing') await runs.setMark(deployment);
  });
