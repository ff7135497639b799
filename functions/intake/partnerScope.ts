// What may a connection say that is bound to a partner, and about what?
// `resolveStreams.ts` and `partnerLinks.ts` call it; it reads identity, engagement and offer streams through the resolver.
import { leadsOf } from '../../domain/engagement/leads.ts';
import type { Fact } from '../../events/catalog.ts';
import { type ExternalId, parseStreamId, streamIdOf } from '../../events/identifiers.ts';
import type { Connection } from '../../events/sources/source.ts';
import { customerMoved } from './customerMoved.ts';
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

  /** A campaign of the partner alone, which spends nothing of the vendor's. */
  const ofCampaign = async (fact: Pick<Fact, 'type' | 'data'> | undefined, streamId: string) => {
    const before = await identities.eventsOf(streamId, look);
    const said = [...before, ...(fact === undefined ? [] : [fact])];
    const launches = said.filter(({ type }) => type === 'CampaignLaunched');
    const named = about(parseStreamId(streamId));
    for (const { data } of launches) {
      const { partners = [], vendorFunded } = Object(data);
      const areOwn = await Promise.all([...partners].map(isPartner));
      if (vendorFunded !== undefined || areOwn.length === 0 || areOwn.includes(false))
        return refused(`which speaks only of campaigns of its own, without the vendor's funds (${named})`);
    }
    return launches.length > 0 ? undefined : refused(`which has not launched ${named}`);
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
        return await ofCampaign(fact, streamId);
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
      const engagement = await identities.eventsOf(streamId, look);
      const moves = await customerMoved(fact, engagement, (party) => partyIdOf(tenantId, party, read));
      if (moves !== undefined) return { reason: `notYours: ${moves}`, until: leadOfStream(streamId) };
      const foreign = await offerOfOthers(fact, {
        partner,
        engagement,
        eventsOf: (stream) => identities.eventsOf(stream, look),
        partyIdOf: (party) => partyIdOf(tenantId, party, read),
      });
      return foreign === undefined ? undefined : { reason: `notYourOffer: ${foreign}`, until: leadOfStream(streamId) };
    },
  };
};
export type PartnerScope = ReturnType<typeof createPartnerScope>;
