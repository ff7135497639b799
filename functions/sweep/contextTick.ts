// What follows when the context of a tenant's engagements has changed?
// The sweep handler calls it; it starts a rebuild of the heads that rest on the change, and sends a later second one to sweep's queue.
import * as z from 'zod';
import type { ContextChange } from './contextChange.ts';
import { againSeconds } from './customerTick.ts';
import type { StartRebuild } from './rebuildStart.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

const Said = z.object({ sweep: z.literal('context'), tenantId: z.string(), changed: z.record(z.string(), z.number()) });

export interface ContextTickSettings {
  readonly startRebuild: StartRebuild;
  readonly queues: SweepQueues;
}

export const createContextTick = ({ startRebuild }: Pick<ContextTickSettings, 'startRebuild'>): Tick =>
  tick(Said, ({ tenantId, changed }) => startRebuild.start({ tenantId, changed }));

/** Starts a rebuild for a change that was just recorded, and a second one later for heads that were being written meanwhile. */
export const followContext = async (
  { tenantId, changed }: ContextChange,
  { startRebuild, queues }: ContextTickSettings,
): Promise<void> => {
  await startRebuild.start({ tenantId, changed });
  await queues.sweep({ sweep: 'context', tenantId, changed } satisfies z.infer<typeof Said>, againSeconds);
};
