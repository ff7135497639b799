// How do the rows of a party, an offer or a campaign come to equal what is recorded? Each row says by itself what it rests on.
import { referencesOf } from '../../domain/context/context.ts';
import { standing } from '../../domain/history.ts';
import { campaignRows } from '../../domain/rows/campaigns.ts';
import { offerRows } from '../../domain/rows/offers.ts';
import { partyRows } from '../../domain/rows/parties.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { identityStreamOf, parseStreamId } from '../../events/identifiers.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { loadPartyLinks } from './partyLinks.ts';

export type ReferenceKind = 'party' | 'offer' | 'campaign';

/** The rows, and the version of every stream that was read for them; no streams where nothing is recorded yet. */
export interface ReferenceRows {
  readonly rows: readonly Row[];
  readonly basis: Readonly<Record<string, number>>;
}

/** Makes the rows of such a stream, with the parties that its references mean by the links that stand. */
export const loadReferenceRows = async (
  cache: CachedStreams,
  streamId: string,
  kind: ReferenceKind,
): Promise<ReferenceRows> => {
  const { tenantId } = parseStreamId(streamId);
  const own = (await cache.read([streamId])).get(streamId);
  if (own === undefined || own.tip.version === 0) return { rows: [], basis: {} };
  const { events } = own.history;
  if (kind === 'party') return { rows: partyRows(events), basis: { [streamId]: own.tip.version } };
  const references = referencesOf(events);
  const first = await cache.read(references.map((reference) => identityStreamOf(tenantId, reference)));
  const basis: Record<string, number> = { [streamId]: own.tip.version };
  const standingIn = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const read = first.get(stream) ?? (await cache.read([stream])).get(stream);
    basis[stream] = read?.tip.version ?? 0;
    return read === undefined ? [] : standing(read.history);
  };
  const links = await loadPartyLinks({ tenantId, references, standingIn });
  return { rows: kind === 'offer' ? offerRows(events, links) : campaignRows(events, links), basis };
};
