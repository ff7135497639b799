// What may a connection say that is bound to a partner, and about what?
// `resolveStreams.ts` and `partnerLinks.ts` call it; it reads identity, engagement and offer streams through the resolver.
import { leadsOf } from '../../domain/engagement/leads.ts';
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { type ExternalId, parseStreamId, streamIdOf } from '../../events/identifiers.ts';
import type { Connection } from '../../events/sources/source.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';
import { linkedStream } from './linkRules.ts';
import { offerOfOthers } from './offersOfOthers.ts';

/** Why the partner may not say a fact now, and the id whose news may change that. */
export interface NotYours {
  readonly reason: string;
  readonly until?: ExternalId;
}

export interface ScopeRead {
  readonly identities: Pick<IdentityResolver, 'resolve' | 'eventsOf'>;
  readonly look: Look;
}

/** Stands for the lead of an engagement in the index of what waits: its news wakes who waits for it. */
export const leadOfStream = (streamId: string): ExternalId => ({ system: 'throughline', kind: 'lead', id: streamId });

/** The party that a reference means; undefined where its link leads to no party. */
export const partyIdOf = async (
  tenantId: string,
  party: ExternalId,
  { identities, look }: ScopeRead,
): Promise<string | undefined> => {
  const led = await identities.resolve(tenantId, { party }, look);
  const to = 'stream' in led ? linkedStream(tenantId, led.stream) : undefined;
  return to?.kind === 'party' ? to.id : undefined;
};

const customerOf = (event: RecordedEvent): ExternalId | undefined =>
  event.type === 'EngagementOpened' || event.type === 'CustomerIdentified' ? event.data.customer : undefined;

/**
 * Why a connection may not say whose customer an engagement is: it may not open engagements, and the engagement has another
 * customer already. Undefined where it may.
 */
export const movesCustomer = async (
  fact: Fact,
  streamId: string,
  { connection, ...read }: ScopeRead & { readonly connection: Connection },
): Promise<string | undefined> => {
  const { tenantId } = fact;
  if (fact.type !== 'CustomerIdentified' || parseStreamId(streamId).kind !== 'engagement') return undefined;
  if (connection.allowedTypes.includes('EngagementOpened')) return undefined;
  const customer = (await read.identities.eventsOf(streamId, read.look)).map(customerOf).findLast(Boolean);
  if (customer === undefined) return undefined;
  const [was, is] = [await partyIdOf(tenantId, customer, read), await partyIdOf(tenantId, fact.data.customer, read)];
  return was === is
    ? undefined
    : `notAllowed: the connection may not move ${streamId} to another customer, because it may not say EngagementOpened`;
};

const about = ({ kind, id }: ReturnType<typeof parseStreamId>): string => `${kind} ${id}`;

/** What the partner of a connection may say: of engagements that it leads, of its own offers, and of itself. */
export const createPartnerScope = (connection: Connection & { readonly partner: string }, read: ScopeRead) => {
  const { tenantId, partner, connection: connectionId } = connection;
  const { identities, look } = read;
  const refused = (why: string, until?: ExternalId): NotYours => ({
    reason: `notYours: the connection speaks for partner ${partner}, ${why}`,
    ...(until !== undefined && { until }),
  });

  const isPartner = async (party: ExternalId | undefined): Promise<boolean> =>
    party !== undefined && (await partyIdOf(tenantId, party, read)) === partner;

  /** Why it may not speak of the engagement. */
  const ofEngagement = async (fact: Pick<Fact, 'type' | 'data'> | undefined, streamId: string) => {
    const events = await identities.eventsOf(streamId, look);
    const until = leadOfStream(streamId);
    const named = about(parseStreamId(streamId));
    if (fact?.type === 'EngagementOpened') {
      const { leadPartner } = Object(fact.data);
      if (!(await isPartner(leadPartner)))
        return refused(`whose EngagementOpened must name it as leadPartner (${named})`);
      if (events.length === 0) return undefined;
    }
    return (await isPartner(leadsOf(events).at(-1)?.partner))
      ? undefined
      : refused(`which does not lead ${named}`, until);
  };

  const ofOffer = async (fact: Pick<Fact, 'type' | 'data'> | undefined, streamId: string) => {
    const published = (await identities.eventsOf(streamId, look)).flatMap((event) =>
      event.type === 'OfferPublished' ? [event.data.ownerPartner] : [],
    );
    const owners = fact?.type === 'OfferPublished' ? [...published, Object(fact.data).ownerPartner] : published;
    for (const owner of owners.length === 0 ? [undefined] : owners) {
      if (!(await isPartner(owner))) {
        return refused(`which may publish only offers whose ownerPartner it is (${about(parseStreamId(streamId))})`);
      }
    }
    return undefined;
  };

  /** Why it may not speak of that stream; undefined where it may. Without a fact: why it may not link an id to it. */
  const ofStream = async (
    fact: Pick<Fact, 'type' | 'data'> | undefined,
    streamId: string,
  ): Promise<NotYours | undefined> => {
    const of = parseStreamId(streamId);
    switch (of.kind) {
      case 'engagement':
        return await ofEngagement(fact, streamId);
      case 'offer':
        return await ofOffer(fact, streamId);
      case 'party':
        return of.id === partner ? undefined : refused(`which says nothing of other parties (${about(of)})`);
      case 'source':
        return streamId === streamIdOf(tenantId, 'source', connectionId)
          ? undefined
          : refused(`which says nothing of other connections (${about(of)})`);
      case 'campaign':
      case 'identity':
      case 'policy':
        return refused(`which says nothing of ${about(of)}`);
      default:
        return of.kind satisfies never;
    }
  };

  return {
    ofStream,
    /** Why the fact may not be recorded on that stream; undefined where it may. `opened` are the streams that its part opens. */
    ofFact: async (fact: Fact, streamId: string, opened: ReadonlySet<string>): Promise<NotYours | undefined> => {
      const opens = fact.type === 'EngagementOpened' || !opened.has(streamId);
      const notYours = opens ? await ofStream(fact, streamId) : undefined;
      if (notYours !== undefined) return notYours;
      const foreign = await offerOfOthers(fact, {
        partner,
        engagement: await identities.eventsOf(streamId, look),
        eventsOf: (stream) => identities.eventsOf(stream, look),
        partyIdOf: (party) => partyIdOf(tenantId, party, read),
      });
      return foreign === undefined ? undefined : { reason: `notYourOffer: ${foreign}`, until: leadOfStream(streamId) };
    },
  };
};
export type PartnerScope = ReturnType<typeof createPartnerScope>;
