// Which streams and groups are projected each minute because they are due, and how late are they?
// The sweep handler calls it; it reads due heads, and sends to the queues of project and rollup.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { epochOf, type Instant } from '../../events/instant.ts';
import type { Measure } from '../aws/metrics.ts';
import { groupOfHead, streamOfHead } from '../project/headPlace.ts';
import type { DueHeads } from './dueHeads.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

export interface DueTickSettings {
  readonly dueHeads: DueHeads;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info'>;
}

export const createDueTick = ({ dueHeads, queues, now, measure, logger }: DueTickSettings): Tick =>
  tick(z.object({ sweep: z.literal('due') }), async () => {
    const at = now();
    const found = await dueHeads(at);
    const streams = found.flatMap((head) => streamOfHead(head) ?? []);
    const groups = found
      .filter((head) => streamOfHead(head) === undefined)
      .map(({ tenantId, rowKey }) => ({ tenantId, ...groupOfHead(rowKey) }));
    await queues.project(streams);
    await queues.rollup(groups);
    const [earliest] = found.map(({ dueAt }) => dueAt).sort();
    if (earliest !== undefined) measure('OldestBasis', Math.round((epochOf(at) - epochOf(earliest)) / 1000));
    logger.info('heads were due', { streams: streams.length, groups: groups.length });
  });
