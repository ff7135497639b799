// How does a receipt end or wait, once its facts are on the bus, so that it misses no link?
// `translateReceipts.ts` calls it; it updates receipts, writes and removes their pointers, and reads identities again.

import type { Instant } from '../../events/instant.ts';
import { hasEnded, type Receipt, type Standing } from '../receipts/receipt.ts';
import type { Ending, ReceiptEndings } from '../receipts/receiptEndings.ts';
import { receiptFactsOf, withEarlier } from '../receipts/receiptFacts.ts';
import { waitsUntil } from '../receipts/waitingAge.ts';
import type { IdentityResolver } from './identityResolver.ts';
import { endOf } from './partEndings.ts';
import { checkSent, type PutFacts } from './putFacts.ts';
import { type Claimed, type Placed, place } from './resolveStreams.ts';
import { storedPartitions, type Waiting, waitPartitionOf } from './waitingIndex.ts';

export interface SettleReceiptSettings {
  readonly receipts: ReceiptEndings;
  readonly waiting: Waiting;
  readonly identities: IdentityResolver;
  readonly putFacts: PutFacts;
  readonly now: () => Instant;
  /** The days that a receipt may wait. */
  readonly waitingDays: number;
}

export interface SettleReceipt {
  /** Ends the receipt, and removes its pointers afterwards, because they wake it while it is open. After a crash it names them still. */
  end(receipt: Receipt, ending: Ending): Promise<void>;
  /** Makes the receipt wait for something that no link brings; ends it where it has waited too long. */
  wait(receipt: Receipt, reason: string): Promise<void>;
  /**
   * Ends a receipt of which no part waits, or that has waited too long, and makes any other wait. What a second look at the links places is put first.
   */
  settle(claimed: Claimed, placed: Placed): Promise<void>;
}

/** The most rounds: where another caller has made the receipt wait for further ids meanwhile, the next round begins. */
const mostRounds = 5;

export const createSettleReceipt = (settings: SettleReceiptSettings): SettleReceipt => {
  const { receipts, waiting, identities, putFacts, now, waitingDays } = settings;

  /** It was offered once more just now, and still waits. */
  const isTooOld = ({ message }: Receipt): boolean => now() >= waitsUntil(message.receivedAt, waitingDays);

  const end = async (receipt: Receipt, ending: Ending, waitsUnder: readonly string[]): Promise<void> => {
    let recorded = waitsUnder;
    for (let round = 0; round < mostRounds; round += 1) {
      const stood = await receipts.end(receipt, ending, recorded);
      recorded = stood?.waitsUnder ?? recorded;
      if (stood === undefined || hasEnded(stood)) return await waiting.remove(receipt, recorded);
    }
    throw new Error(`other callers made receipt ${receipt.id} wait for other ids ${mostRounds} times while it ended`);
  };

  /**
   * A receipt that waits stores the ids that it lacks (of very many, the first), then gets a pointer under each of them, and only
   * then the links are read once more. So it misses no link, and the caller that ends it knows which pointers to remove. A pointer
   * that it stored before may be absent, because a process crashed before it wrote the pointer; so all are written again.
   */
  const settle: SettleReceipt['settle'] = async (claimed, first) => {
    const { receipt } = claimed;
    const unknownKeys = [...new Set(claimed.drafts.flatMap((draft) => draft.unknownKeys))];
    const freeTexts = [...new Set(claimed.drafts.flatMap((draft) => draft.freeTexts))];
    let placed = first;
    const put = new Map(first.facts.map((fact) => [fact.eventId, fact]));
    let recorded: Standing & { readonly reason?: string } = receipt;
    const set = new Set<string>();
    for (let round = 0; round < mostRounds; round += 1) {
      const { parts, waits } = placed;
      const facts = withEarlier(receiptFactsOf([...put.values()]), receipt.said ?? []);
      const became = { facts, parts, unknownKeys, freeTexts };
      if (waits === undefined) return await end(receipt, { ...endOf(parts), ...became }, recorded.waitsUnder);
      const { reason } = waits;
      if (isTooOld(receipt)) return await end(receipt, { status: 'expired', reason, ...became }, recorded.waitsUnder);
      const partitions = waits.missing.map((external) => waitPartitionOf(receipt.tenantId, external));
      const waitsUnder = storedPartitions(recorded.waitsUnder, partitions);
      const isRecorded =
        recorded.status === 'waiting' && recorded.reason === reason && recorded.waitsUnder.length === waitsUnder.length;
      if (!isRecorded) {
        const stood = await receipts.wait(receipt, { reason, waitsUnder, ...became }, recorded.waitsUnder);
        if (stood !== undefined && hasEnded(stood)) return await waiting.remove(receipt, stood.waitsUnder);
        recorded = stood ?? { status: 'waiting', reason, waitsUnder };
        if (stood !== undefined) continue;
      }
      const unset = partitions.filter((partition) => waitsUnder.includes(partition) && !set.has(partition));
      if (unset.length === 0) return;
      await waiting.add(receipt, unset);
      for (const partition of unset) set.add(partition);
      placed = await place(claimed, identities, new Map());
      const found = placed.facts.filter(({ eventId }) => !put.has(eventId));
      checkSent(found, await putFacts(found));
      for (const fact of found) put.set(fact.eventId, fact);
    }
    throw new Error(`receipt ${receipt.id} still waits for other ids after ${mostRounds} rounds`);
  };

  return {
    settle,
    end: (receipt, ending) => end(receipt, ending, receipt.waitsUnder),
    wait: async (receipt, reason) => {
      const { status, waitsUnder } = receipt;
      if (isTooOld(receipt)) return await end(receipt, { status: 'expired', reason }, waitsUnder);
      if (status === 'waiting' && receipt.reason === reason) return;
      await receipts.wait(receipt, { reason, waitsUnder }, waitsUnder);
    },
  };
};
