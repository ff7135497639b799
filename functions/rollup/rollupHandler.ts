// What does rollup do with changed contributions, and with what sweep and rebuilds send? The first it gathers in its queue, each group once; the second it projects.
import * as z from 'zod';
import { type GroupName, groupOfPartition } from '../../domain/rollups/contributionRows.ts';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { bodyOf, type StreamRecord, type Understood } from '../aws/batchRecords.ts';
import { asOne, byGroup } from '../aws/batchWork.ts';
import type { WakeGroups } from '../project/wakeGroups.ts';
import type { ProjectGroup } from './projectGroup.ts';

const Keys = z.object({ fed: z.object({ S: z.string() }) });
const Asked = z.object({ tenantId: z.string().min(1), rollup: z.string().min(1), group: z.string() });

interface OwnedGroup extends GroupName {
  readonly tenantId: string;
}

export interface RollupHandlerSettings
  extends Pick<BatchHandlerSettings<OwnedGroup, OwnedGroup>, 'keepFailure' | 'logger'> {
  readonly project: ProjectGroup;
  readonly wake: WakeGroups;
  /** Sends the keys of records that failed to rollup's own queue, where what is not understood ends among the dead letters. */
  readonly setAside: (keys: readonly unknown[]) => Promise<void>;
}

/** Groups under way at once: each may be large. */
const groupsAtOnce = 4;

const groupFedBy = ({ keys }: StreamRecord): Understood<OwnedGroup> => {
  const [tenantId = '', ...partition] = Keys.parse(keys).fed.S.split('#');
  const group = groupOfPartition(partition.join('#'));
  return group === undefined
    ? { ok: false, reason: 'notUnderstood: the record is of no partition of a group' }
    : { ok: true, item: { tenantId, ...group } };
};

const nameOf = ({ tenantId, rollup, group }: OwnedGroup): string => `${tenantId}#${rollup}#${group}`;

/**
 * The handler of the stream of contributions and of rollup's queue. Of a batch of changes each group is asked for once; where
 * that can't be, the batch comes again.
 */
export const createRollupHandler = ({ project, wake, setAside, keepFailure, logger }: RollupHandlerSettings) =>
  createBatchHandler<OwnedGroup, OwnedGroup>({
    stream: {
      read: groupFedBy,
      about: (group) => ({ eventId: nameOf(group) }),
      work: byGroup({
        keyOf: ({ tenantId }) => tenantId,
        atOnce: groupsAtOnce,
        work: asOne(async (groups) => {
          const [first] = groups;
          if (first !== undefined) await wake(first.tenantId, groups);
        }),
      }),
      setAside: (records) => setAside(records.map(({ keys }) => keys)),
    },
    queue: {
      read: bodyOf(Asked, 'the message names no group, as {"tenantId": "…", "rollup": "…", "group": "…"}'),
      about: (group) => ({ eventId: nameOf(group) }),
      work: byGroup({
        keyOf: nameOf,
        atOnce: groupsAtOnce,
        work: asOne(async ([group]) => group && (await project(group.tenantId, group))),
      }),
    },
    keepFailure,
    logger,
  });
