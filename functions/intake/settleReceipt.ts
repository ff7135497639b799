// What becomes of a receipt once all that it can say is on the bus? It ends, or waits under the ids that are missing, so that no link slips through.
import type { IdentityResolver } from './identityResolver.ts';
import { checkSent, type PutFacts } from './putFacts.ts';
import { hasEnded, type Receipt } from './receipt.ts';
import type { Ending, ReceiptEndings, Standing } from './receiptEndings.ts';
import { type Claimed, type Placed, place } from './resolveStreams.ts';
import { type Waiting, waitPartitionOf } from './waitingIndex.ts';

export interface SettleReceiptSettings {
  readonly receipts: ReceiptEndings;
  readonly waiting: Waiting;
  readonly identities: IdentityResolver;
  readonly putFacts: PutFacts;
}

export interface SettleReceipt {
  /** Ends it. Its pointers go afterwards: while it is open, they are what wakes it. Cut off between, it says which are to go. */
  end(receipt: Receipt, ending: Ending): Promise<void>;
  /** Lets it wait for what no link brings. */
  wait(receipt: Receipt, reason: string): Promise<void>;
  /** Ends what is placed, and lets wait what is not; what is placed only at the second look is put as well. */
  settle(claimed: Claimed, placed: Placed): Promise<void>;
}

/** Others may let it wait for further ids meanwhile, and then it begins anew: so often at the most. */
const mostRounds = 5;

export const createSettleReceipt = (settings: SettleReceiptSettings): SettleReceipt => {
  const { receipts, waiting, identities, putFacts } = settings;

  const end = async (receipt: Receipt, ending: Ending, waitsUnder: readonly string[]): Promise<void> => {
    let recorded = waitsUnder;
    for (let round = 0; round < mostRounds; round += 1) {
      const stood = await receipts.end(receipt, ending, recorded);
      recorded = stood?.waitsUnder ?? recorded;
      if (stood === undefined || hasEnded(stood)) return await waiting.remove(receipt, recorded);
    }
    throw new Error(`receipt ${receipt.id} was let wait for other ids ${mostRounds} times while it ended`);
  };

  /**
   * A receipt that waits records under which missing ids, then stands there, and only then the ids are read once more: no
   * link slips through between, and whoever ends it knows what pointers are to go. Those that it recorded before may not
   * stand, where somebody was cut off: they are set again.
   */
  const settle: SettleReceipt['settle'] = async (claimed, first) => {
    const { receipt } = claimed;
    let placed = first;
    let recorded: Standing & { readonly reason?: string } = receipt;
    const set = new Set<string>();
    for (let round = 0; round < mostRounds; round += 1) {
      if (placed.outcome === 'placed') {
        return await end(receipt, { status: 'translated', streams: placed.streams }, recorded.waitsUnder);
      }
      const { reason } = placed;
      const partitions = placed.missing.map((external) => waitPartitionOf(receipt.tenantId, external));
      const waitsUnder = [...new Set([...recorded.waitsUnder, ...partitions])];
      const isRecorded =
        recorded.status === 'waiting' && recorded.reason === reason && recorded.waitsUnder.length === waitsUnder.length;
      if (!isRecorded) {
        const stood = await receipts.wait(receipt, { reason, waitsUnder }, recorded.waitsUnder);
        if (stood !== undefined && hasEnded(stood)) return await waiting.remove(receipt, stood.waitsUnder);
        recorded = stood ?? { status: 'waiting', reason, waitsUnder };
        if (stood !== undefined) continue;
      }
      const unset = partitions.filter((partition) => !set.has(partition));
      if (unset.length === 0) return;
      await waiting.add(receipt, unset);
      for (const partition of unset) set.add(partition);
      placed = await place(claimed, identities, new Map());
      if (placed.outcome === 'placed') checkSent(placed.facts, await putFacts(placed.facts));
    }
    throw new Error(`receipt ${receipt.id} still waits for other ids after ${mostRounds} rounds`);
  };

  return {
    settle,
    end: (receipt, ending) => end(receipt, ending, receipt.waitsUnder),
    wait: async (receipt, reason) => {
      const { status, waitsUnder } = receipt;
      if (status === 'waiting' && receipt.reason === reason) return;
      await receipts.wait(receipt, { reason, waitsUnder }, waitsUnder);
    },
  };
};
