// How does sweep send streams to project, groups to rollup, receipts to translate, and messages to itself?
// The ticks of sweep call it; it sends to the queues of those four functions.
import { tenantOfStream } from '../aws/messageGroup.ts';
import type { SendMessages } from '../aws/sqs.ts';
import { wakeGroups } from '../project/wakeGroups.ts';
import { type ReceiptKey, tenantOfKey } from '../receipts/receipt.ts';
import type { OwnedGroup } from './groupPages.ts';

export interface SweepQueues {
  /** Has streams projected; in a rebuild, also the groups that they feed. */
  project(streams: readonly string[], rebuild?: 'rebuild'): Promise<void>;
  /** Has groups projected. */
  rollup(groups: readonly OwnedGroup[]): Promise<void>;
  /** Offers receipts to translate again. */
  translate(receipts: readonly ReceiptKey[]): Promise<void>;
  /** Sends a message to sweep itself, at once or delayed; one without a `tenantId` is about all tenants. */
  sweep(said: object, delaySeconds?: number): Promise<void>;
}

export interface SweepQueuesSettings {
  readonly send: SendMessages;
  /** The URL of each function's queue. */
  readonly urls: {
    readonly project: string;
    readonly rollup: string;
    readonly translate: string;
    readonly sweep: string;
  };
}

const tenantIn = (said: object): string | undefined =>
  'tenantId' in said && typeof said.tenantId === 'string' ? said.tenantId : undefined;

export const createSweepQueues = ({ send, urls }: SweepQueuesSettings): SweepQueues => ({
  project: (streams, rebuild) =>
    send(
      urls.project,
      streams.map((stream) => ({
        tenantId: tenantOfStream(stream),
        body: { stream, ...(rebuild !== undefined && { rebuild: true }) },
      })),
    ),
  rollup: async (groups) => {
    const wake = wakeGroups(send, urls.rollup);
    for (const [tenantId, own] of Map.groupBy(groups, (group) => group.tenantId)) await wake(tenantId, own);
  },
  translate: (receipts) =>
    send(
      urls.translate,
      receipts.map(({ partition, id }) => ({
        tenantId: tenantOfKey({ partition }),
        body: { receipt: { partition, id } },
      })),
    ),
  sweep: (body, delaySeconds) =>
    send(urls.sweep, [{ tenantId: tenantIn(body), body, ...(delaySeconds !== undefined && { delaySeconds }) }]),
});
