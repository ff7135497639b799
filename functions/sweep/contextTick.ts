// What follows when a tenant's context has changed? A run of the pager over what rests on it: at once, and once more for what was under way.
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

/** Does so for a change that was just recorded, and asks for the second time. */
export const followContext = async (
  { tenantId, changed }: ContextChange,
  { startRebuild, queues }: ContextTickSettings,
): Promise<void> => {
  await startRebuild.start({ tenantId, changed });
  await queues.sweep({ sweep: 'context', tenantId, changed } satisfies z.infer<typeof Said>, againSeconds);
};
