// What would streams hold at a later date if nothing had happened since an earlier one?
// The answers call it; it reads streams through what it is given.
import { countsFrom } from '../../domain/changes/effect.ts';
import { standingOffer } from '../../domain/context/offer.ts';
import { historyOf, standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { type AsOf, cutsOf } from '../query/engagementAt.ts';
import type { StreamReads } from '../store/readOnce.ts';

/** What stood of a stream at a date: also a policy that was announced by then, for whenever it holds. */
const stoodAt = (stream: string, events: readonly RecordedEvent[], date: AsOf): readonly RecordedEvent[] => {
  const cuts = cutsOf(date);
  switch (parseStreamId(stream).kind) {
    case 'offer':
      return standingOffer(events, cuts);
    case 'policy':
      return standing({ events }, { recordedUntil: cuts.recordedUntil }).filter(
        (event) => event.occurredAt <= date.at || countsFrom(event) <= date.at,
      );
    default:
      return standing({ events }, cuts);
  }
};

/** A look at the streams that finds only what stood at the date. */
export const untouchedSince = (look: StreamReads, date: AsOf): StreamReads => ({
  sourceStreams: look.sourceStreams,
  read: async (streams) => {
    const found = [...(await look.read(streams))].map(([id, read]) => {
      const stood = stoodAt(id, read.history.events, date).toSorted((a, b) => a.version - b.version);
      return [id, { ...read, history: historyOf(stood) }] as const;
    });
    return new Map(found);
  },
});
