// Does the customer get reports of value regularly?
import * as z from 'zod';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { customerOf } from '../engagement/customer.ts';
import { leadAt } from '../engagement/engagement.ts';
import { dashboardViews } from '../engagement/value/adoption.ts';
import { awaited, cites, measured, silence } from './awaited.ts';
import { listenedFrom, type Need, unheard } from './observed.ts';
import { type Postponed, postponed } from './outages.ts';
import type { Rule, View } from './pattern.ts';

const cadenceThresholds = z.object({ days: z.number().positive().max(3650).default(100) });

/** The tier of a party that an engagement's facts name; undefined if it has none. */
const tierOf = ({ parties, ...context }: Context, party: Reference | undefined): string | undefined =>
  party === undefined ? undefined : parties.get(partyIdOf(context, party))?.registered?.data.tier;

/** The days within which a report is due from an instant on, by the tier of the customer, else of the lead partner; else `days`. */
export const daysOf = ({ engagement, context }: View, days: number): ((at: Instant) => number) => {
  const { reportingDays } = context.policy;
  if (Object.keys(reportingDays).length === 0) return () => days;
  const customers = tierOf(context, customerOf(engagement));
  return (at) =>
    [customers, tierOf(context, leadAt(engagement, at))]
      .flatMap((tier) => (tier === undefined ? [] : (reportingDays[tier] ?? [])))
      .at(0) ?? days;
};

/** Whether an event shows the customer what it gets: a report, or weaker, a look at a live dashboard. */
export const showsValue = (event: RecordedEvent): boolean =>
  event.type === 'ValueReported' ||
  (event.type === 'UsageMeasured' && event.data.metric === dashboardViews && event.data.activeUnits > 0);

/** The need of a report after go-live, or after a report. */
export const reportNeeded = (by: RecordedEvent): Need => ({ awaits: ['ValueReported'], at: by.occurredAt, by });

/**
 * When a report is due, once outages are counted, if somebody listens for one. Of an engagement that has ended, what nobody could tell
 * then is never told.
 */
export const reportDue = (view: View, by: RecordedEvent, dueAt: Instant): Postponed => {
  const need = reportNeeded(by);
  if (unheard(view, { ...need, at: listenedFrom(view, need) }) !== undefined)
    return { dueAt, movedBy: undefined, quiet: undefined };
  const ended = view.engagement.journey.ending?.at;
  return postponed(ended === undefined || ended > view.now ? view : { ...view, now: ended }, { ...need, dueAt });
};

/**
 * P4.1: no report came for `days` days after go-live, or after the last report since go-live. A policy may give tiers other days. A
 * customer that looks at a live dashboard needs no report in that time. The days count once somebody listens.
 */
export const cadenceBroken: Rule<typeof cadenceThresholds> = {
  id: 'P4.1',
  title: 'Reporting cadence broken',
  thresholds: cadenceThresholds,
  verdicts: (view, { days: byDefault }) => {
    const { engagement } = view;
    const goLive = engagement.of('MilestoneReached').find((event) => event.data.milestone === 'go_live');
    if (goLive === undefined) return [];
    const reports = engagement.events.filter((event) => showsValue(event) && event.occurredAt >= goLive.occurredAt);
    const daysFrom = daysOf(view, byDefault);
    const anchors: readonly RecordedEvent[] = [goLive, ...reports];
    return anchors.flatMap((anchor, index) => {
      const days = daysFrom(anchor.occurredAt);
      const need = reportNeeded(anchor);
      const from = listenedFrom(view, need);
      const dueAt = addDays(from, days);
      return awaited(view, {
        subject: 'engagement',
        openedBy: anchor,
        awaits: need.awaits,
        armed: { at: from, by: anchor },
        dueAt,
        answer: reports[index],
        waitsFor: 'a report of value to the customer',
        severity: 'medium',
        evidence: [
          cites(anchor, anchor === goLive ? 'the solution went live' : 'the last report before the silence'),
          silence('ValueReported', {
            from,
            until: dueAt,
            armedBy: anchor,
            says: 'no value was reported to the customer',
          }),
          measured('days without a report', days, days),
        ],
        clearsWhen: 'Value is reported to the customer.',
        nextStep: 'Send the customer a report on adoption, compliance, security and business impact.',
        reason: 'reported',
      });
    });
  },
};
