// Which days are holidays for the lead partner of an engagement?
import type { Instant } from '../../events/instant.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { type Engagement, leadAt } from '../engagement/engagement.ts';

/** The holidays of the calendar of the partner that led at an instant; none if no partner led, or if it has no calendar. */
export const holidaysAt = (engagement: Pick<Engagement, 'leads'>, context: Context, at: Instant): readonly string[] => {
  const lead = leadAt(engagement, at);
  const party = lead === undefined ? undefined : context.parties.get(partyIdOf(context, lead));
  const calendarId = party?.registered?.data.calendarId;
  return calendarId === undefined ? [] : (context.policy.calendars[calendarId]?.holidays ?? []);
};
