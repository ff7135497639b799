// Which rows follow from a stream and its context?
// The projector calls it; it reads the streams of the context through the projector's cache.
import type { Context } from '../../domain/context/context.ts';
import { referencesOf } from '../../domain/context/references.ts';
import { standing } from '../../domain/history.ts';
import { referenceTables } from '../../domain/rows/catalog.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { identityStreamOf, parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { readWholeEngagement } from '../store/wholeEngagement.ts';
import { bareHead, type HeadPlace } from './headPlace.ts';
import { loadContext } from './loadContext.ts';
import { loadPartyLinks } from './partyLinks.ts';

export interface StreamAsked {
  readonly place: HeadPlace;
  readonly streamId: string;
  /** All its recorded events. */
  readonly events: readonly RecordedEvent[];
  readonly now: Instant;
}

export interface RowsOfStream {
  readonly headRow: Row;
  /** Every other row. */
  readonly rows: readonly Row[];
  /** The version of every stream of the context that was read for the rows. */
  readonly basis: Readonly<Record<string, number>>;
  /** The streams with which it is, or was, merged: their rows follow from its events too. */
  readonly others?: readonly string[];
}

const linksOf = async (
  look: StreamReads,
  tenantId: string,
  events: readonly RecordedEvent[],
): Promise<{ readonly links: Context['links']; readonly basis: RowsOfStream['basis'] }> => {
  const references = referencesOf(events);
  const basis: Record<string, number> = {};
  await look.read(references.map((reference) => identityStreamOf(tenantId, reference)));
  const standingIn = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const read = (await look.read([stream])).get(stream);
    basis[stream] = read?.tip.version ?? 0;
    return read === undefined ? [] : standing(read.history);
  };
  return { links: await loadPartyLinks({ tenantId, references, standingIn }), basis };
};

/**
 * The rows of a stream with at least one event. An engagement's rows need its whole context; those of a party, an offer or a campaign
 * only the links of the parties that it names.
 */
export const rowsOfStream = async (
  look: StreamReads,
  { place, streamId, events, now }: StreamAsked,
): Promise<RowsOfStream> => {
  const { tenantId, kind } = parseStreamId(streamId);
  if (kind === 'engagement') {
    const whole = await readWholeEngagement(look, { stream: streamId, own: events, cuts: { occurredUntil: now } });
    const { merged } = whole;
    const { context, basis } = await loadContext(look, { tenantId, events: whole.events, now });
    const { head, rows } = rowsOf({ events: whole.events, merged, context, now });
    return { headRow: head, rows, basis: { ...basis, ...whole.basis }, others: Object.keys(whole.basis) };
  }
  // A registration or a message about the account is on the right stream; a mere name may be linked elsewhere since.
  const isPlaced = events.some(({ type }) => type === 'PartyRegistered' || type === 'CustomerIdentified');
  const { links, basis } =
    kind === 'party' && isPlaced ? { links: new Map(), basis: {} } : await linksOf(look, tenantId, events);
  const rows = referenceTables.filter(({ grain }) => grain === kind).flatMap((table) => table.rows({ events, links }));
  return { headRow: bareHead(place, undefined), rows, basis };
};
