// Which other receipts of the account still say what a receipt no longer says?
// `translateAgain.ts` calls it with pages of receipts of all connections of the account; it reads identities, and notes what it finds.
import type { Connection } from '../../events/sources/source.ts';
import type { IdentityResolver } from '../intake/identityResolver.ts';
import { readReceipt } from '../intake/readReceipt.ts';
import { receiptIdOf } from '../receipts/receiptId.ts';
import type { PastReceipt } from '../receipts/receiptsOf.ts';
import { readAndPlaced } from './forecast.ts';
import type { RunItems, StoredGone } from './runItems.ts';

export interface OthersStepSettings {
  readonly identities: IdentityResolver;
  readonly items: Pick<RunItems, 'keep'>;
}

/** The facts that would be retracted, unless another receipt says them. */
export const retractable = (gone: readonly StoredGone[]): readonly StoredGone[] =>
  gone.filter(({ stands, keptBy }) => stands !== undefined && keptBy === undefined);

/**
 * Notes which of these facts the receipts of a page say. A receipt that speaks of an earlier state of the object does not count;
 * one that waits, and would say it, does.
 */
export const createOthersStep =
  ({ identities, items }: OthersStepSettings) =>
  async (connection: Connection, receipts: readonly PastReceipt[], gone: readonly StoredGone[]): Promise<void> => {
    const byFact = Map.groupBy(retractable(gone), ({ factId }) => factId);
    const kept = new Set<string>();
    for (const { receipt } of receipts) {
      const read = readReceipt(receipt, connection);
      if (read.outcome !== 'facts') continue;
      const asked = new Set(read.drafts.map(({ fact }) => fact.factId).filter((factId) => byFact.has(factId)));
      if (asked.size === 0) continue;
      const { placed } = await readAndPlaced(receipt, connection, identities);
      for (const each of [...asked].flatMap((factId) => byFact.get(factId) ?? [])) {
        const facts = placed?.facts.filter(({ factId }) => factId === each.factId) ?? [];
        const says = facts.some(
          ({ streamId, sourceSeq = '' }) => streamId === each.stream && sourceSeq >= (each.stands?.sourceSeq ?? ''),
        );
        const wouldSay = facts.length === 0 && placed?.waits !== undefined;
        if (kept.has(each.key) || !(says || wouldSay)) continue;
        kept.add(each.key);
        await items.keep(each.key, receiptIdOf(receipt));
      }
    }
  };
