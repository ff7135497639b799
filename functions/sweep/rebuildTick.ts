// How do the clock each day, and a person by a command, start a rebuild of all that is behind?
// The sweep handler calls it; it starts a rebuild with a record.
import * as z from 'zod';
import { StreamsASecond } from './rebuildPages.ts';
import type { StartRebuild } from './rebuildStart.ts';
import { type Tick, tick } from './tick.ts';

const Said = z.object({
  sweep: z.literal('pager'),
  /** The run's id, where a person wants to follow it. */
  run: z.string().min(1).optional(),
  tenantId: z.string().optional(),
  all: z.boolean().optional(),
  rate: StreamsASecond.optional(),
});

export const createRebuildTick = ({ startRebuild }: { readonly startRebuild: StartRebuild }): Tick =>
  tick(Said, ({ run, tenantId, all, rate }) =>
    startRebuild.startRecorded(run === undefined ? 'clock' : 'person', {
      ...(run !== undefined && { run }),
      ...(tenantId !== undefined && { tenantId }),
      ...(all !== undefined && { all }),
      ...(rate !== undefined && { rate }),
    }),
  );
