// How do the rows of a party, an offer or a campaign come to equal what is recorded? Each row says by itself what it rests on.
import { type Context, referencesOf } from '../../domain/context/context.ts';
import { standing } from '../../domain/history.ts';
import { referenceTables } from '../../domain/rows/catalog.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { ReferenceGrain } from '../../domain/rows/table.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { identityStreamOf, parseStreamId } from '../../events/identifiers.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { loadPartyLinks } from './partyLinks.ts';

export type ReferenceKind = ReferenceGrain;

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
  const rowsWith = (links: Context['links']): readonly Row[] =>
    referenceTables.filter(({ grain }) => grain === kind).flatMap((table) => table.rows({ events, links }));
  // A party's rows name no other party.
  if (kind === 'party') return { rows: rowsWith(new Map()), basis: { [streamId]: own.tip.version } };
  const references = referencesOf(events);
  const first = await cache.read(references.map((reference) => identityStreamOf(tenantId, reference)));
  const basis: Record<string, number> = { [streamId]: own.tip.version };
  const standingIn = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const read = first.get(stream) ?? (await cache.read([stream])).get(stream);
    basis[stream] = read?.tip.version ?? 0;
    return read === undefined ? [] : standing(read.history);
  };
  const links = await loadPartyLinks({ tenantId, references, standingIn });
  return { rows: rowsWith(links), basis };
};
