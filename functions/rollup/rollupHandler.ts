// What does rollup do with changed contributions, and with the groups in its queue?
// The rollup function calls it; it sends each changed group once to rollup's queue, and projects the groups that the queue brings.
import * as z from 'zod';
import { type GroupName, groupOfPartition } from '../../domain/rollups/contributionRows.ts';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { bodyOf, type QueueRecord, type Understood } from '../aws/batchRecords.ts';
import { asOne, byGroup } from '../aws/batchWork.ts';
import type { WakeGroups } from '../project/wakeGroups.ts';
import type { ProjectGroup } from './projectGroup.ts';

const Keys = z.object({ fed: z.object({ S: z.string() }) });

interface OwnedGroup extends GroupName {
  readonly tenantId: string;
  readonly rebuild?: boolean | undefined;
}

/** A group by its name; or by the key of a changed contribution, as a failed or redriven record names it. */
const Asked = z.union([
  z.object({
    tenantId: z.string().min(1),
    rollup: z.string().min(1),
    group: z.string(),
    rebuild: z.boolean().optional(),
  }),
  z.object({ changed: Keys }),
]);

export interface RollupHandlerSettings
  extends Pick<BatchHandlerSettings<OwnedGroup, OwnedGroup>, 'keepFailure' | 'logger'> {
  readonly project: ProjectGroup;
  readonly wake: WakeGroups;
  /** Sends the keys of records that failed to rollup's own queue, as `{ changed: … }`; throws where it can't. */
  readonly setAside: (keys: readonly unknown[]) => Promise<void>;
}

/** Groups under way at once: each may be large. */
const groupsAtOnce = 4;

const groupFedBy = (keys: unknown): Understood<OwnedGroup> => {
  const [tenantId = '', ...partition] = Keys.parse(keys).fed.S.split('#');
  const group = groupOfPartition(partition.join('#'));
  return group === undefined
    ? { ok: false, reason: 'notUnderstood: the key names no group' }
    : { ok: true, item: { tenantId, ...group } };
};

/** The tenant of a changed contribution, by its keys; undefined where they name none. */
export const tenantOfKeys = (keys: unknown): string | undefined => Keys.safeParse(keys).data?.fed.S.split('#')[0];

const asked = bodyOf(Asked, 'the message names no group in the form {"tenantId": "…", "rollup": "…", "group": "…"}');

const groupAskedFor = (record: QueueRecord): Understood<OwnedGroup> => {
  const said = asked(record);
  if (!said.ok) return said;
  return 'changed' in said.item ? groupFedBy(said.item.changed) : { ok: true, item: said.item };
};

const nameOf = ({ tenantId, rollup, group }: OwnedGroup): string => `${tenantId}#${rollup}#${group}`;

/**
 * The handler of the stream of contributions and of rollup's queue. Of a batch of changes each group goes to the queue once;
 * where the queue fails, Lambda retries the batch.
 */
export const createRollupHandler = ({ project, wake, setAside, keepFailure, logger }: RollupHandlerSettings) =>
  createBatchHandler<OwnedGroup, OwnedGroup>({
    stream: {
      read: ({ keys }) => groupFedBy(keys),
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
      read: groupAskedFor,
      about: (group) => ({ eventId: nameOf(group) }),
      work: byGroup({
        keyOf: nameOf,
        tenantOf: ({ tenantId }) => tenantId,
        atOnce: groupsAtOnce,
        work: asOne(async (asked) => {
          const [group] = asked;
          const rebuild = asked.some((each) => each.rebuild) ? 'rebuild' : undefined;
          if (group !== undefined) await project(group.tenantId, group, rebuild);
        }),
      }),
    },
    keepFailure,
    logger,
  });
