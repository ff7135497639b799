// What happens to receipts that a link wakes, or that are offered again?
// The translate handler calls it; it reads receipts, has open ones translated, and removes the pointers of ended ones.
import { reasonOf } from '../aws/failureLog.ts';
import { hasEnded, type ReceiptKey } from '../receipts/receipt.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { TranslateReceipts } from './translateReceipts.ts';
import type { Waiting } from './waitingIndex.ts';

export interface WakeReceiptsSettings {
  readonly translate: TranslateReceipts;
  readonly receipts: Pick<Receipts, 'get'>;
  readonly waiting: Waiting;
}

export interface WakeReceipts {
  /** Translates a receipt again where it has not ended; throws where that fails. */
  offer(key: ReceiptKey): Promise<void>;
  /** Translates the receipts that wait in a partition; throws where one of them fails. */
  wake(partition: string): Promise<void>;
}

/** The most woken receipts that are in memory at once. */
const wokenAtOnce = 50;

export const createWakeReceipts = ({ translate, receipts, waiting }: WakeReceiptsSettings): WakeReceipts => {
  /** `metUnder` are the partitions whose pointers led to these receipts. */
  const take = async (keys: readonly ReceiptKey[], metUnder: readonly string[]): Promise<void> => {
    const found = await Promise.all(keys.map((key) => receipts.get(key)));
    const open = found.filter((receipt) => receipt !== undefined && !hasEnded(receipt));
    // The process that ended a receipt may have crashed before it removed the pointers, or may not have known of this one.
    const over = keys
      .map((key, index) => ({ key, receipt: found[index] }))
      .filter(({ receipt }) => !open.includes(receipt));
    await Promise.all(
      over.map(({ key, receipt }) => waiting.remove(key, [...new Set([...(receipt?.waitsUnder ?? []), ...metUnder])])),
    );
    const failures = await translate(open.filter((receipt) => receipt !== undefined));
    const [first] = failures;
    if (first === undefined) return;
    const { receipt, error } = first;
    throw new Error(`${failures.length} receipts failed, first ${receipt.id}: ${reasonOf(error)}`, { cause: error });
  };

  return {
    offer: (key) => take([key], []),
    wake: async (partition) => {
      for await (const page of waiting.under(partition)) {
        for (let start = 0; start < page.length; start += wokenAtOnce) {
          await take(page.slice(start, start + wokenAtOnce), [partition]);
        }
      }
    },
  };
};
