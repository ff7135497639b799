// Which other receipts of the account still say what a receipt no longer says?
// `translateAgain.ts` calls it with pages of receipts of all connections of the account; it reads identities, and notes what it finds.
import type { Connection } from '../../events/sources/source.ts';
import type { IdentityResolver } from '../intake/identityResolver.ts';
import { readReceipt } from '../intake/readReceipt.ts';
import type { Receipt } from '../receipts/receipt.ts';
import { placeOf } from '../receipts/receiptFacts.ts';
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
 * one that waits, and would say it, does. Of one that was erased nobody knows what it would say today: what it said counts.
 */
export const createOthersStep =
  ({ identities, items }: OthersStepSettings) =>
  async (connection: Connection, receipts: readonly PastReceipt[], gone: readonly StoredGone[]): Promise<void> => {
    const byFact = Map.groupBy(retractable(gone), ({ factId }) => factId);
    const kept = new Set<string>();
    const keep = async (key: string, receipt: Receipt): Promise<void> => {
      if (kept.has(key)) return;
      kept.add(key);
      await items.keep(key, receiptIdOf(receipt));
    };
    for (const { receipt, facts: said } of receipts) {
      if (receipt.status === 'erased') {
        const places = new Set(said.map(placeOf));
        const stay = [...byFact.values()].flat().filter((each) => places.has(placeOf(each)));
        for (const { key } of stay) await keep(key, receipt);
        continue;
      }
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
        if (says || wouldSay) await keep(each.key, receipt);
      }
    }
  };
