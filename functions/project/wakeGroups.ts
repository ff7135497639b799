// How is a group woken? By a message to the queue of rollups, each group once.
// Project, rollup and sweep call it; it sends to one queue.
import type { GroupName } from '../../domain/rollups/contributionRows.ts';
import type { SendMessages } from '../aws/sqs.ts';

export type WakeGroups = (tenantId: string, groups: readonly GroupName[]) => Promise<void>;

/** Wakes groups through a queue. */
export const wakeGroups =
  (send: SendMessages, queueUrl: string): WakeGroups =>
  async (tenantId, groups) => {
    const once = new Map(groups.map((group) => [JSON.stringify([group.rollup, group.group]), group]));
    await send(
      queueUrl,
      [...once.values()].map(({ rollup, group }) => ({ body: { tenantId, rollup, group } })),
    );
  };
