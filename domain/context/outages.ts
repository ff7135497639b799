// When was a connection silent for longer than its rhythm, and what might it have said then?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';

/** A silence of a connection that was longer than the rhythm that it declares. */
export interface Outage {
  readonly connectionId: string;
  /** The types that the connection might have said; undefined: any. */
  readonly types: readonly string[] | undefined;
  /** The party id of the partner whose engagements alone it may speak of; undefined: of any. */
  readonly partner: string | undefined;
  /** When it was last heard: from then on, nobody knows what it would have said. */
  readonly from: Instant;
  /** From when on the silence is known. */
  readonly knownAt: Instant;
  /** When it was heard again; undefined while it is silent. */
  readonly ended: { readonly at: Instant; readonly knownAt: Instant } | undefined;
}

/** The outages of one connection, of the standing events of its stream in fold order. A recovery ends every outage before it. */
export const outagesOf = (events: readonly RecordedEvent[]): readonly Outage[] =>
  events.flatMap((event, index) => {
    if (event.type !== 'SourceWentQuiet') return [];
    const { connectionId, lastHeardAt = event.occurredAt, types, partner } = event.data;
    const heard = events.slice(index).find((later) => later.type === 'SourceRecovered');
    const ended = heard === undefined ? undefined : { at: heard.data.heardAt, knownAt: heard.occurredAt };
    return [{ ...{ connectionId, types, partner, from: lastHeardAt, knownAt: event.occurredAt }, ended }];
  });

/** The instants at which outages become known: as silences, and as over. */
export const outageTurns = (outages: readonly Outage[] = []): readonly Instant[] =>
  outages.flatMap(({ knownAt, ended }) => [knownAt, ended?.knownAt ?? []].flat());
