// Which policy, offers and parties are the context of an engagement at an instant?
// The projector, the queries and the reader of leads call it; it reads those streams through the cache.

import { isClaim } from '../../domain/claims.ts';
import type { Context } from '../../domain/context/context.ts';
import { offerIdsOf } from '../../domain/context/context.ts';
import { foldOffer, type Offer, standingOffer } from '../../domain/context/offer.ts';
import { type Outage, outagesOf } from '../../domain/context/outages.ts';
import { foldParty, type Party } from '../../domain/context/party.ts';
import { defaultPolicy, policiesUntil, policyTurns } from '../../domain/context/policy.ts';
import { referencesOf } from '../../domain/context/references.ts';
import { standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { derivedPartyOf, identityStreamOf, parseStreamId, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { ReadStream } from '../store/cachedStreams.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { loadPartyLinks } from './partyLinks.ts';

/** The stream of a tenant's policy, on which every context rests. */
export const policyStreamOf = (tenantId: string): string => streamIdOf(tenantId, 'policy', 'policy');

/** The context at an instant, and the version of every stream that it rests on. */
export interface LoadedContext {
  readonly context: Context;
  readonly basis: Readonly<Record<string, number>>;
}

export interface ContextAsked {
  readonly tenantId: string;
  readonly events: readonly RecordedEvent[];
  readonly now: Instant;
  readonly recordedUntil?: Instant | undefined;
  /** For an as-of: events that occur later do not count, not even as turns. */
  readonly occurredUntil?: Instant | undefined;
  /** The parties to resolve; absent: all that the events name. */
  readonly references?: readonly Reference[];
}

/**
 * The silences of the tenant's connections. They stand in no basis, since one concerns only what falls due in it: sweep wakes these
 * engagements.
 */
const loadOutages = async (
  cache: StreamReads,
  { tenantId, recordedUntil, occurredUntil }: ContextAsked,
): Promise<readonly Outage[]> =>
  [...(await cache.read(await cache.sourceStreams(tenantId))).values()].flatMap(({ history }) =>
    outagesOf(standing(history, { recordedUntil, occurredUntil })),
  );

/**
 * Loads the context that the engagement's events name. `now` decides which events have occurred and which policy is in force. An
 * event of a read stream that occurs later is a turn: an instant at which rows change. With `recordedUntil` (an as-of on the
 * recorded clock) only events that were recorded by then count.
 */
export const loadContext = async (cache: StreamReads, asked: ContextAsked): Promise<LoadedContext> => {
  const { tenantId, events, now, recordedUntil, occurredUntil } = asked;
  const basis: Record<string, number> = {};
  const ahead: Instant[] = [];
  const stood = new Map<ReadStream, readonly RecordedEvent[]>();
  // Many references may lead to one stream, so its standing events are found once.
  const stand = (read: ReadStream | undefined): readonly RecordedEvent[] => {
    if (read === undefined || read.tip.version === 0) return [];
    const stands = stood.get(read) ?? standing(read.history, { recordedUntil, occurredUntil: now });
    stood.set(read, stands);
    return stands;
  };
  const read = async (streamIds: readonly string[]): Promise<ReadonlyMap<string, ReadStream>> => {
    const found = await cache.read(streamIds);
    for (const [id, { tip, history }] of found) {
      basis[id] = tip.version;
      for (const { occurredAt } of standing(history, { recordedUntil, occurredUntil }))
        if (occurredAt > now) ahead.push(occurredAt);
    }
    return found;
  };

  const references = asked.references ?? referencesOf(events);
  const offerStreams = offerIdsOf(events).map((offerId) => [offerId, streamIdOf(tenantId, 'offer', offerId)] as const);
  const policyStream = policyStreamOf(tenantId);
  const identityOf = (reference: Reference): string => identityStreamOf(tenantId, reference);
  const likely = references.map((reference) => derivedPartyOf(tenantId, reference));
  const first = await read([
    policyStream,
    ...offerStreams.map(([, stream]) => stream),
    ...references.map(identityOf),
    ...likely,
  ]);

  const offers = new Map<string, Offer>();
  for (const [offerId, stream] of offerStreams) {
    const published = first.get(stream)?.history.events ?? [];
    const offer = foldOffer(standingOffer(published, { recordedUntil, occurredUntil: now }));
    if (offer !== undefined) offers.set(offerId, offer);
  }
  // Whether an offer is another's is asked only of what a partner says.
  const owners = events.some(isClaim)
    ? [...offers.values()].flatMap(({ versions }) => versions.flatMap(({ data }) => data.ownerPartner ?? []))
    : [];
  const links = await loadPartyLinks({
    tenantId,
    references: [...references, ...owners],
    standingIn: async (stream) => stand(first.get(stream) ?? (await read([stream])).get(stream)),
  });
  const partyStreams = new Set([...likely, ...[...links.values()].map((id) => streamIdOf(tenantId, 'party', id))]);

  const further = await read([...partyStreams].filter((stream) => !first.has(stream)));
  const parties = new Map<string, Party>();
  for (const stream of partyStreams) {
    const found = stand(first.get(stream) ?? further.get(stream));
    if (found.length > 0) parties.set(parseStreamId(stream).id, foldParty(found));
  }
  // A policy holds from its date, whenever it was published: one that is dated back corrects what came before.
  const policyEvents = standing(first.get(policyStream)?.history ?? { events: [] }, { recordedUntil });
  const announced = policyEvents.filter(({ occurredAt }) => occurredUntil === undefined || occurredAt <= occurredUntil);
  const turns = [...policyTurns(announced).filter((turn) => turn > now), ...new Set(ahead)];
  const policies = policiesUntil(policyEvents, now);
  const policy = policies.at(-1)?.policy ?? defaultPolicy;
  const outages = events.length === 0 ? [] : await loadOutages(cache, asked);
  return { context: { tenantId, policy, policies, offers, parties, links, outages, turns }, basis };
};
