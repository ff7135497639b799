// What becomes of a page of a connection's receipts that are translated again?
// `translateAgain.ts` calls it; it reads receipts, notes what it finds, and where it applies that, opens receipts and has them translated.
import type { Connection } from '../../events/sources/source.ts';
import { reasonOf } from '../aws/failureLog.ts';
import type { TranslateReceipts } from '../intake/translateReceipts.ts';
import { hasEnded, type Receipt } from '../receipts/receipt.ts';
import type { PastReceipt } from '../receipts/receiptsOf.ts';
import type { AgainPage } from './againPage.ts';
import type { Forecast } from './forecast.ts';
import type { ReceiptChanges } from './receiptChanges.ts';
import type { PageDone, RunItems } from './runItems.ts';

export interface ReadStepSettings {
  readonly forecast: (receipt: Receipt, connection: Connection) => Promise<Forecast>;
  readonly translate: TranslateReceipts;
  readonly changes: ReceiptChanges;
  readonly items: RunItems;
}

/** Whether this page opened the receipt before it crashed: what it said then is noted already. */
const isOpened = ({ receipt, openedBy }: PastReceipt, { run }: AgainPage): boolean =>
  receipt.status === 'pending' && openedBy === run;

/** Whether the run is about this receipt. Any other pending one is about to be translated anyway. */
const isAsked = (past: PastReceipt, page: AgainPage): boolean => {
  const { receipt } = past;
  if (page.to !== undefined && receipt.message.receivedAt >= page.to) return false;
  if (receipt.status === 'pending') return isOpened(past, page);
  // Nothing is left of it that could be read.
  if (receipt.status === 'erased') return false;
  return page.status === undefined || receipt.status === page.status;
};

/** Whether a person should see the receipt by itself; of all others, counts say enough. */
const isWorthTelling = ({ finding, gone }: Forecast): boolean => {
  const { adds, stays, was, now } = finding;
  const hasChanged = was.status !== now.status || was.reason !== now.reason;
  return (
    adds.length + stays.length + gone.length > 0 || hasChanged || now.status === 'refused' || now.status === 'waiting'
  );
};

/** `refused: notThisFact`: the status, and the first word of its reason. */
const wordOf = ({ status, reason }: Forecast['finding']['now']): string =>
  reason === undefined ? status : `${status}: ${reason.split(':')[0]}`;

/** Translates receipts of a page again; throws where one fails. */
export const createReadStep =
  ({ forecast, translate, changes, items }: ReadStepSettings) =>
  async (page: AgainPage, connection: Connection, receipts: readonly PastReceipt[]): Promise<PageDone> => {
    const statuses: Record<string, number> = {};
    const asked = receipts.filter((each) => isAsked(each, page));
    const again: Receipt[] = [];
    for (const past of asked) {
      const { receipt, factsLeftOut } = past;
      const found = await forecast(receipt, connection);
      const word = wordOf(found.finding.now);
      statuses[word] = (statuses[word] ?? 0) + 1;
      if (isOpened(past, page)) {
        again.push(receipt);
        continue;
      }
      // Before the receipt changes: after a crash, it is no longer known what it said before.
      for (const gone of found.gone) await items.putGone(gone);
      if (isWorthTelling(found)) await items.putFinding(receipt.id, { ...found.finding, notCovered: factsLeftOut });
      if (!page.apply || !found.changes) continue;
      const open = hasEnded(receipt) ? await changes.reopen(receipt, page.run) : receipt;
      if (open !== undefined) again.push(open);
    }
    const [failed] = await translate(again);
    if (failed !== undefined)
      throw new Error(`receipt ${failed.receipt.id} failed: ${reasonOf(failed.error)}`, { cause: failed.error });
    return { seen: asked.length, statuses };
  };
