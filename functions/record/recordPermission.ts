// May this person record on this stream?
// `recordPersonFact.ts` calls it; it reads streams through the reader of leads.
import type { EventType, Fact } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';
import type { Problem } from '../http/problem.ts';
import { customerMoved } from '../intake/customerMoved.ts';
import { offerOfOthers } from '../intake/offersOfOthers.ts';
import type { LeadPartnerReader } from './leadPartner.ts';

export interface ScopeAsked {
  readonly caller: Caller;
  readonly type: EventType;
  readonly streamId: string;
  /** The partner that an EngagementOpened names. */
  readonly leadPartner?: Reference | undefined;
  /** Whether the request names the engagement, by id or reference; else the stream follows from data and key. */
  readonly named: boolean;
  readonly now: Instant;
}

/** What a fact asks permission for. */
export const scopeOf = (fact: Fact): Pick<ScopeAsked, 'type' | 'streamId' | 'leadPartner'> => ({
  type: fact.type,
  streamId: fact.streamId,
  leadPartner: fact.type === 'EngagementOpened' ? fact.data.leadPartner : undefined,
});

const notYours = (detail: string): Problem => ({ status: 403, reason: 'notYours', detail });

/** Returns the problem that forbids the fact of that type there; undefined where it is allowed. */
export const createRecordPermission = (leads: LeadPartnerReader) => {
  const ofVendor = async ({ type, streamId }: ScopeAsked): Promise<Problem | undefined> => {
    const { kind, id } = parseStreamId(streamId);
    const begins = type === 'EngagementOpened' || type === 'CampaignLaunched';
    if (begins || (kind !== 'engagement' && kind !== 'campaign') || (await leads.exists(streamId))) return undefined;
    return { status: 404, reason: `${kind}Unknown`, detail: `no ${kind} ${id}` };
  };

  const ofPartner = async ({
    caller,
    type,
    streamId,
    leadPartner,
    named,
    now,
  }: ScopeAsked): Promise<Problem | undefined> => {
    const { kind, id } = parseStreamId(streamId);
    if (kind !== 'engagement') return notYours('a partner records only on engagements that it leads');
    if (type === 'EngagementOpened') {
      const own = leadPartner !== undefined && (await leads.partyOf(caller.tenantId, leadPartner, now));
      if (own !== caller.partnerId) {
        return notYours("a partner's EngagementOpened must name that partner as leadPartner");
      }
      // Where the request names the engagement, the partner must lead it already; else it could take over one that others began.
      if (!named) return undefined;
    }
    const lead = await leads.lead(caller.tenantId, streamId, now);
    return lead !== undefined && lead.partnerId === caller.partnerId
      ? undefined
      : { status: 404, reason: 'engagementUnknown', detail: `no engagement ${id} that you lead` };
  };

  return (asked: ScopeAsked): Promise<Problem | undefined> =>
    asked.caller.role === 'vendor' ? ofVendor(asked) : ofPartner(asked);
};

/**
 * Returns the problem that forbids what a partner's fact names: another's offer or campaign, or another customer than the
 * vendor's; undefined where it is allowed.
 */
export const createNamingPermission =
  (leads: LeadPartnerReader) =>
  async (fact: Fact, { role, partnerId }: Caller, now: Instant): Promise<Problem | undefined> => {
    if (role !== 'partner' || partnerId === undefined) return undefined;
    const engagement = await leads.eventsOf(fact.streamId, now);
    const partyIdOf = (party: Reference) => leads.partyOf(fact.tenantId, party, now);
    const moved = await customerMoved(fact, engagement, partyIdOf);
    if (moved !== undefined) return notYours(moved);
    const eventsOf = (streamId: string) => leads.eventsOf(streamId, now);
    const hung = await offerOfOthers(fact, { partner: partnerId, engagement, eventsOf, partyIdOf });
    return hung === undefined ? undefined : { status: 403, reason: 'notYourOffer', detail: hung };
  };
