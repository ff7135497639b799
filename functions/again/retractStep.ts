// How is what no receipt says any more taken back?
// `translateAgain.ts` calls it with a page of such facts; it reads streams, puts retractions on the bus, and updates receipts.
import { standing } from '../../domain/history.ts';
import type { Fact } from '../../events/catalog.ts';
import { checkSent, type PutFacts } from '../intake/putFacts.ts';
import type { AgainPage } from './againPage.ts';
import type { ReceiptChanges } from './receiptChanges.ts';
import { retractionOf } from './retraction.ts';
import type { StoredGone } from './runItems.ts';
import type { Streams } from './streamsOf.ts';

export interface RetractStepSettings {
  readonly streams: Streams;
  readonly putFacts: PutFacts;
  readonly changes: Pick<ReceiptChanges, 'forget'>;
}

/** Takes back what still stands; afterwards the receipts no longer list it. Throws where a retraction could not be put. */
export const createRetractStep =
  ({ streams, putFacts, changes }: RetractStepSettings) =>
  async ({ tenantId, at }: AgainPage, gone: readonly StoredGone[]): Promise<void> => {
    const retractions: Fact[] = [];
    for (const each of gone) {
      const { stream, factId, stands, keptBy } = each;
      if (stands === undefined || keptBy !== undefined) continue;
      const current = standing(await streams.of(stream)).find((event) => event.factId === factId);
      // Meanwhile another receipt or a person may have said it otherwise.
      if (current?.eventId === stands.eventId) retractions.push(retractionOf({ tenantId, at, gone: each, stands }));
    }
    checkSent(retractions, await putFacts(retractions));
    for (const [id, facts] of Map.groupBy(gone, (each) => each.id)) {
      const [{ partition } = { partition: '' }] = facts;
      await changes.forget(
        { partition, id },
        facts.map(({ factId, said, stream }) => ({ factId, eventId: said, stream })),
      );
    }
  };
