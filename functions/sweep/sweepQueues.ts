// Whom does sweep send word? Project of streams, translate of receipts, and itself of what is to go on.
import type { SendMessages } from '../aws/sqs.ts';
import type { ReceiptKey } from '../intake/receipt.ts';

export interface SweepQueues {
  /** Has streams projected. */
  project(streams: readonly string[]): Promise<void>;
  /** Offers receipts again. */
  translate(receipts: readonly ReceiptKey[]): Promise<void>;
  /** Wakes sweep itself, at once or later. */
  sweep(said: object, delaySeconds?: number): Promise<void>;
}

export interface SweepQueuesSettings {
  readonly send: SendMessages;
  /** By whose queue it is. */
  readonly urls: { readonly project: string; readonly translate: string; readonly sweep: string };
}

export const createSweepQueues = ({ send, urls }: SweepQueuesSettings): SweepQueues => ({
  project: (streams) =>
    send(
      urls.project,
      streams.map((stream) => ({ body: { stream } })),
    ),
  translate: (receipts) =>
    send(
      urls.translate,
      receipts.map(({ partition, id }) => ({ body: { receipt: { partition, id } } })),
    ),
  sweep: (body, delaySeconds) => send(urls.sweep, [{ body, ...(delaySeconds !== undefined && { delaySeconds }) }]),
});
