// What may a caller see of an engagement by what stands now, whatever date it asks about?
// The queries of one engagement and of a flag call it; it reads the engagement's stream, and the links of its parties.
import { type Context, partyIdOf } from '../../../domain/context/context.ts';
import { referencesOf } from '../../../domain/context/references.ts';
import { type Engagement, leadAt, vouchedLeadsOf } from '../../../domain/engagement/engagement.ts';
import { leadsOf } from '../../../domain/engagement/leads.ts';
import { standing } from '../../../domain/history.ts';
import { countingIn } from '../../../domain/merging.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import type { Caller } from '../../http/caller.ts';
import type { EngagementAt } from '../engagementAt.ts';

/** The lead partner of the engagement at an instant; undefined if nobody led. */
export type LedBy = (at: Instant) => string | undefined;

export interface Grants {
  /** Who leads, by all that is recorded and linked now. */
  readonly leads: LedBy;
  /** Who led for the commercial fields: without what partners say against others. */
  readonly ledBy: LedBy;
}

type Parties = Pick<Context, 'tenantId' | 'links'>;

const ledIn =
  (leads: Engagement['leads'], parties: Parties): LedBy =>
  (at) => {
    const lead = leadAt({ leads }, at);
    return lead === undefined ? undefined : partyIdOf(parties, lead);
  };

const isOfLead = ({ type }: RecordedEvent): boolean => type === 'EngagementOpened' || type === 'PartnerAssigned';

/** By which events who led from when on, as standing events say it: for everyone, and for the commercial fields. */
export const leadsSaid = (events: readonly RecordedEvent[]) =>
  [leadsOf(events), vouchedLeadsOf({ events })].map((leads) => leads.map(({ at, eventId }) => [at, eventId]));

/**
 * Whether all that belonged to the engagement at the date belongs to it now. What a merge brought that was taken back since is another
 * engagement's, perhaps one that another partner leads.
 */
export const isAllItsOwn = async (at: EngagementAt): Promise<boolean> => {
  const [then, now] = [await at.whole(), await at.wholeNow()];
  if (then.merged === undefined || then === now) return true;
  const own = new Set(now.events.map(({ eventId }) => eventId));
  return then.events.every(({ eventId }) => own.has(eventId));
};

/** What stands now says. Facts that are dated ahead count too, for the events that are dated ahead. */
export const grantsNow = async (at: EngagementAt, tenantId: string): Promise<Grants> => {
  // A merge that was taken back since grants nothing, also where it stood at the date that is asked about.
  const whole = await at.wholeNow();
  const recorded = whole.events;
  const events = countingIn(standing({ events: recorded }), whole.merged?.merging).filter(isOfLead);
  // All parties that the stream names are found in one read: what is shown next asks for some of them.
  const parties = { tenantId, links: await at.linksNow(recorded) };
  return { leads: ledIn(leadsOf(events), parties), ledBy: ledIn(vouchedLeadsOf({ events }), parties) };
};

/**
 * The caller as it may read rows of a date. They say who led and who was a party as it was known then. If a partner had a part
 * by that which it no longer has by what stands now (a corrected assignment, another link), it sees no more than everyone.
 */
export const callerThen = async (caller: Caller, at: EngagementAt, { ledBy }: Grants): Promise<Caller> => {
  const { role, partnerId, tenantId } = caller;
  const date = at.asOf?.at;
  if (role === 'vendor' || date === undefined) return caller;
  const events = await at.events();
  const parties = { dated: (await at.context()).context, now: { tenantId, links: await at.linksNow(events) } };
  const ledThen = ledIn(
    vouchedLeadsOf({ events: countingIn(events, (await at.whole()).merged?.merging) }),
    parties.dated,
  );
  const instants = [...events, ...standing({ events: await at.recorded() })].map(({ occurredAt }) => occurredAt);
  const lostLead = instants.some(
    (instant) => instant <= date && ledThen(instant) === partnerId && ledBy(instant) !== partnerId,
  );
  const lostPart = referencesOf(events).some(
    (reference) => partyIdOf(parties.dated, reference) === partnerId && partyIdOf(parties.now, reference) !== partnerId,
  );
  return lostLead || lostPart ? { ...caller, partnerId: undefined } : caller;
};
