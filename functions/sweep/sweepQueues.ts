// Whom does sweep send word? Project of streams, rollup of groups, translate of receipts, and itself of what is to go on.
import type { SendMessages } from '../aws/sqs.ts';
import type { ReceiptKey } from '../intake/receipt.ts';
import { wakeGroups } from '../project/wakeGroups.ts';
import type { OwnedGroup } from './groupPages.ts';

export interface SweepQueues {
  /** Has streams projected; of a rebuild, with the groups that they feed. */
  project(streams: readonly string[], rebuild?: 'rebuild'): Promise<void>;
  /** Has groups projected. */
  rollup(groups: readonly OwnedGroup[]): Promise<void>;
  /** Offers receipts again. */
  translate(receipts: readonly ReceiptKey[]): Promise<void>;
  /** Wakes sweep itself, at once or later. */
  sweep(said: object, delaySeconds?: number): Promise<void>;
}

export interface SweepQueuesSettings {
  readonly send: SendMessages;
  /** By whose queue it is. */
  readonly urls: {
    readonly project: string;
    readonly rollup: string;
    readonly translate: string;
    readonly sweep: string;
  };
}

export const createSweepQueues = ({ send, urls }: SweepQueuesSettings): SweepQueues => ({
  project: (streams, rebuild) =>
    send(
      urls.project,
      streams.map((stream) => ({ body: { stream, ...(rebuild !== undefined && { rebuild: true }) } })),
    ),
  rollup: async (groups) => {
    const wake = wakeGroups(send, urls.rollup);
    for (const [tenantId, own] of Map.groupBy(groups, (group) => group.tenantId)) await wake(tenantId, own);
  },
  translate: (receipts) =>
    send(
      urls.translate,
      receipts.map(({ partition, id }) => ({ body: { receipt: { partition, id } } })),
    ),
  sweep: (body, delaySeconds) => send(urls.sweep, [{ body, ...(delaySeconds !== undefined && { delaySeconds }) }]),
});
