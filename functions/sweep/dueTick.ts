// What does the clock ask for each minute? Engagements that change by time alone go to project, and how late they are is measured.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { epochOf, type Instant } from '../../events/instant.ts';
import type { Measure } from '../aws/metrics.ts';
import { inParallel } from '../aws/parallel.ts';
import { type DueEngagements, dueShards } from './dueEngagements.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

export interface DueTickSettings {
  readonly dueEngagements: DueEngagements;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info'>;
}

export const createDueTick = ({ dueEngagements, queues, now, measure, logger }: DueTickSettings): Tick =>
  tick(z.object({ sweep: z.literal('due') }), async () => {
    const at = now();
    const found = (await inParallel(dueShards, dueShards.length, (shard) => dueEngagements(shard, at))).flat();
    await queues.project(found.map(({ stream }) => stream));
    const [earliest] = found.map(({ dueAt }) => dueAt).sort();
    if (earliest !== undefined) measure('OldestBasis', Math.round((epochOf(at) - epochOf(earliest)) / 1000));
    logger.info('engagements were due', { engagements: found.length });
  });
