// Did work pass from one stage to the next without a clear handoff?
import * as z from 'zod';
import type { Context } from '../context/context.ts';
import { cycleOf } from '../engagement/cycles.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type HandoffEvent, handoffFacts } from '../engagement/handoffs.ts';
import { isOfPair, type Need, needsOf } from '../engagement/requiredHandoffs.ts';
import { inFoldOrder } from '../history.ts';
import { addBusinessDays } from '../time/businessDays.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import { awaited, cites, closedBy, measured, silence, tolerated } from './awaited.ts';
import { incomplete } from './incompleteHandoff.ts';
import { holidaysAt } from './leadCalendar.ts';
import { nobodyResponsible } from './nobodyResponsible.ts';
import { notAnswered } from './notAnswered.ts';
import { type Need as Awaiting, unheard } from './observed.ts';
import { postponed } from './outages.ts';
import { bind, type Clearing, definePattern, type Rule, type View } from './pattern.ts';
import { pingPong } from './pingPong.ts';
import { scopeGap } from './scopeGap.ts';
import { isSmallIn } from './smallDeals.ts';

const noThresholds = z.object({});

/** The needs, but of a small deal none. */
const needsIn = (engagement: Engagement, context: Context): readonly Need[] => {
  const isSmall = isSmallIn(engagement, context);
  return needsOf(engagement, context).filter(({ from }) => !isSmall(from));
};

const nameOf = ({ pair }: Pick<Need, 'pair'>): string => `${pair.fromStages.join(' or ')} to ${pair.toStage}`;

/**
 * Finds the first fact, in fold order, that meets a need. It looks at each handoff of the need's pair that has a fact
 * in the need's cycle or in a later one, since a renewal ends no need; `pick` chooses one fact of the handoff.
 */
const firstFor = (
  engagement: Engagement,
  pick: (own: readonly HandoffEvent[]) => HandoffEvent | undefined,
): ((need: Need) => HandoffEvent | undefined) => {
  const facts = handoffFacts(engagement);
  /** The first fact picked of the handoffs that have a fact in a cycle or in a later one; the last cycle comes first. */
  const byCycle = (pair: Need['pair']): readonly (readonly [number, HandoffEvent])[] => {
    const ofPair = facts.filter(({ data }) => isOfPair(pair, data));
    const picked = [...Map.groupBy(ofPair, ({ data }) => data.handoffId).values()].flatMap((own) => {
      const event = pick(own);
      return event === undefined ? [] : [{ event, cycle: cycleOf(engagement.journey, own.at(-1) ?? event) }];
    });
    const firsts: (readonly [number, HandoffEvent])[] = [];
    for (const { cycle, event } of picked.sort((a, b) => b.cycle - a.cycle || inFoldOrder(a.event, b.event))) {
      const first = firsts.at(-1)?.[1];
      if (first === undefined || inFoldOrder(event, first) < 0) firsts.push([cycle, event]);
    }
    return firsts;
  };
  const found = new Map<Need['pair'], ReturnType<typeof byCycle>>();
  return ({ pair, cycle }) => {
    const known = found.get(pair) ?? byCycle(pair);
    found.set(pair, known);
    return lastBefore(known, ([latest]) => latest < cycle)?.[1];
  };
};

const accepted = (own: readonly HandoffEvent[]): HandoffEvent | undefined =>
  own.find((event) => event.type === 'HandoffAccepted');

/** What P3.1 of a need waits for. */
const acceptanceOf = ({ from, openedBy }: Need): Awaiting => ({ awaits: ['HandoffAccepted'], at: from, by: openedBy });

/** How P3.1 of a need absorbs its P3.2 by now: the work that went on without the handoff is the worse failure of the two. */
const absorbedBy = (view: View, need: Need, answer: HandoffEvent | undefined): Clearing | undefined => {
  const { breach } = need;
  // What can't be judged absorbs nothing.
  if (breach === undefined || unheard(view, acceptanceOf(need)) !== undefined) return undefined;
  const due = postponed(view, { awaits: acceptanceOf(need).awaits, dueAt: breach.occurredAt });
  const at = tolerated(due.dueAt);
  const isRaised = due.quiet === undefined && at <= view.now && (answer === undefined || answer.occurredAt > at);
  return isRaised ? { at, eventId: breach.eventId, reason: 'absorbed' } : undefined;
};

/** P3.1: the stage that takes over began its work, and no handoff of the pair had been accepted for it. */
const beganWithoutHandoff: Rule<typeof noThresholds> = {
  id: 'P3.1',
  title: 'Stage began without an accepted handoff',
  opens: ['DeliveryStarted', 'ValueReported', 'RenewalProposed'],
  thresholds: noThresholds,
  verdicts: (view) => {
    const { engagement, context } = view;
    const acceptedFor = firstFor(engagement, accepted);
    return needsIn(engagement, context).flatMap((need) => {
      const { breach, subject, decided } = need;
      if (breach === undefined) return [];
      const dueAt = breach.occurredAt;
      return awaited(view, {
        subject,
        openedBy: breach,
        awaits: acceptanceOf(need).awaits,
        armed: acceptanceOf(need),
        dueAt,
        answer: acceptedFor(need),
        waitsFor: `an accepted handoff from ${nameOf(need)}`,
        severity: 'high',
        evidence: [
          cites(need.openedBy, `from ${need.from} on, a handoff from ${nameOf(need)} was needed`),
          cites(breach, `work began in ${need.pair.toStage}`),
          silence('HandoffAccepted', {
            from: engagement.events[0]?.occurredAt ?? need.from,
            until: dueAt,
            armedBy: breach,
            says: `no handoff from ${nameOf(need)} was accepted for cycle ${need.cycle}`,
          }),
        ],
        clearsWhen: `A handoff from ${nameOf(need)} is accepted, even if late.`,
        nextStep: 'Ask both sides to agree on owner, expectations and context now, and record the acceptance.',
        reason: 'acceptedLate',
        // Work that began before the decision is a breach, however soon the decision came.
        over: decided === undefined ? undefined : (raisedAt) => closedBy(decided, raisedAt),
      });
    });
  },
};

/**
 * P3.2: no handoff of the pair was offered within its business days. The calendar is that of the lead partner at the
 * time when the need began. While P3.1 of the need is open, this rule is not raised, and an open flag clears as absorbed. An answer proves that there was an offer. A handoff to oneself has no timer: if it is what meets the
 * need, nobody waited.
 */
const notOffered: Rule<typeof noThresholds> = {
  id: 'P3.2',
  title: 'Handoff not offered',
  thresholds: noThresholds,
  verdicts: (view) => {
    const { engagement, context } = view;
    const saidFor = firstFor(engagement, ([first]) => first);
    const acceptedFor = firstFor(engagement, accepted);
    const toOneself = new Set(
      engagement.handoffs.flatMap(({ handoffId, offers }) => (offers[0]?.data.self === true ? [handoffId] : [])),
    );
    return needsIn(engagement, context).flatMap((need) => {
      const { pair, openedBy, subject, from } = need;
      const answer = saidFor(need);
      if (answer !== undefined && toOneself.has(answer.data.handoffId)) return [];
      const dueAt = addBusinessDays(from, pair.withinBusinessDays, {
        holidays: holidaysAt(engagement, context, from),
      });
      const moot = need.decided === undefined ? undefined : closedBy(need.decided);
      const awaits = ['HandoffOffered'] as const;
      const absorbed = absorbedBy(view, need, acceptedFor(need));
      if (absorbed !== undefined && absorbed.at <= tolerated(postponed(view, { awaits, dueAt }).dueAt)) return [];
      return awaited(view, {
        subject,
        openedBy,
        awaits,
        armed: { at: from, by: openedBy },
        dueAt,
        answer,
        waitsFor: `an offered handoff from ${nameOf(need)}`,
        severity: 'medium',
        evidence: [
          cites(openedBy, `from ${from} on, a handoff from ${nameOf(need)} was needed`),
          silence('HandoffOffered', {
            from,
            until: dueAt,
            armedBy: openedBy,
            says: `no handoff from ${nameOf(need)} was offered for cycle ${need.cycle}`,
          }),
          measured('business days without an offer', pair.withinBusinessDays, pair.withinBusinessDays),
        ],
        clearsWhen: `A handoff from ${nameOf(need)} is offered.`,
        nextStep: `Ask the owner of ${pair.fromStages.join(' or ')} to offer the handoff, with the new owner, the expectations and the context.`,
        reason: 'offeredLate',
        over: absorbed !== undefined && (moot === undefined || absorbed.at < moot.at) ? absorbed : moot,
      });
    });
  },
};

export const unclearHandoffs = definePattern({
  name: 'unclearHandoffs',
  title: 'Unclear handoffs',
  rules: [
    bind(beganWithoutHandoff),
    bind(notOffered),
    bind(notAnswered),
    bind(incomplete),
    bind(pingPong),
    bind(scopeGap),
    bind(nobodyResponsible),
  ],
});
