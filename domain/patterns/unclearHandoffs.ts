// Did work pass from one stage to the next without a clear handoff?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Stage } from '../../events/stage.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { cycleOf } from '../engagement/cycles.ts';
import { type Engagement, leadAt } from '../engagement/engagement.ts';
import { type HandoffEvent, handoffFacts, missingParts } from '../engagement/handoffs.ts';
import { type Decision, renewalDecisionsOf } from '../engagement/renewalDecisions.ts';
import { isOfPair, type Need, needsOf } from '../engagement/requiredHandoffs.ts';
import { inFoldOrder } from '../history.ts';
import { addBusinessDays } from '../time/businessDays.ts';
import { firstWhere, lastBefore } from '../time/sortedSearch.ts';
import { awaited, cites, clearedBy, closedBy, measured, silence, tolerated } from './awaited.ts';
import { bind, type Clearing, definePattern, type Rule } from './pattern.ts';

const noThresholds = z.object({});

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

/** P3.1: the stage that takes over began its work, and no handoff of the pair had been accepted for it. */
const beganWithoutHandoff: Rule<typeof noThresholds> = {
  id: 'P3.1',
  title: 'Stage began without an accepted handoff',
  thresholds: noThresholds,
  verdicts: ({ engagement, context, now }) => {
    const acceptedFor = firstFor(engagement, (own) => own.find((event) => event.type === 'HandoffAccepted'));
    return needsOf(engagement, context).flatMap((need) => {
      const { breach, subject, decided } = need;
      if (breach === undefined) return [];
      const dueAt = breach.occurredAt;
      return awaited(now, {
        subject,
        openedBy: breach,
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
        over: decided === undefined ? undefined : closedBy(decided, tolerated(dueAt)),
      });
    });
  },
};

/** The holidays of the lead partner's calendar; none if no partner led, or if it has no calendar. */
const holidaysFor = (engagement: Engagement, context: Context, { from }: Need): readonly string[] => {
  const lead = leadAt(engagement, from);
  const party = lead === undefined ? undefined : context.parties.get(partyIdOf(context, lead));
  const calendarId = party?.registered?.data.calendarId;
  return calendarId === undefined ? [] : (context.policy.calendars[calendarId]?.holidays ?? []);
};

/**
 * P3.2: no handoff of the pair was offered within its business days. The calendar is that of the lead partner at the
 * time when the need began. An answer proves that there was an offer. A handoff to oneself has no timer: if it is what meets the
 * need, nobody waited.
 */
const notOffered: Rule<typeof noThresholds> = {
  id: 'P3.2',
  title: 'Handoff not offered',
  thresholds: noThresholds,
  verdicts: ({ engagement, context, now }) => {
    const saidFor = firstFor(engagement, ([first]) => first);
    const toOneself = new Set(
      engagement.handoffs.flatMap(({ handoffId, offers }) => (offers[0]?.data.self === true ? [handoffId] : [])),
    );
    return needsOf(engagement, context).flatMap((need) => {
      const { pair, openedBy, subject, from } = need;
      const answer = saidFor(need);
      if (answer !== undefined && toOneself.has(answer.data.handoffId)) return [];
      const dueAt = addBusinessDays(from, pair.withinBusinessDays, {
        holidays: holidaysFor(engagement, context, need),
      });
      return awaited(now, {
        subject,
        openedBy,
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
        over: need.decided === undefined ? undefined : closedBy(need.decided),
      });
    });
  },
};

interface Lack {
  readonly offer: Offer;
  /** The event that cleared it. */
  readonly until: RecordedEvent | undefined;
  readonly cleared: Clearing | undefined;
}

type Offer = RecordedOf<'HandoffOffered'>;

/** The pair of an offer: the required pair that covers it, else its own two stages. */
const pairOf = (context: Context, { data }: Offer) =>
  context.policy.handoffs.find((pair) => isOfPair(pair, data)) ?? {
    fromStages: [data.fromStage],
    toStage: data.toStage,
  };

/** Finds the first complete offer after an incomplete one: of the same handoff, or of the same pair and cycle. */
const completionsOf = (engagement: Engagement, context: Context): ((lacking: Offer) => Offer | undefined) => {
  const complete = engagement.of('HandoffOffered').filter((offer) => missingParts(offer).length === 0);
  const placeOf = (fromStage: Stage, toStage: Stage, offer: Offer): string =>
    `${fromStage}>${toStage}#${cycleOf(engagement.journey, offer)}`;
  const ofHandoff = Map.groupBy(complete, ({ data }) => data.handoffId);
  const inPlace = Map.groupBy(complete, (offer) => placeOf(offer.data.fromStage, offer.data.toStage, offer));
  return (lacking) => {
    const { fromStages, toStage } = pairOf(context, lacking);
    const alike = fromStages.map((fromStage) => inPlace.get(placeOf(fromStage, toStage, lacking)));
    return [ofHandoff.get(lacking.data.handoffId), ...alike]
      .flatMap((offers = []) => firstWhere(offers, (offer) => inFoldOrder(offer, lacking) > 0) ?? [])
      .sort(inFoldOrder)[0];
  };
};

/**
 * The offers of one handoff that opened an episode. While an episode is open, a further incomplete offer opens none.
 */
const lacksOf = (
  offers: readonly Offer[],
  completionOf: (lacking: Offer) => Offer | undefined,
  decidedAfter: (offer: Offer) => Decision | undefined,
): readonly Lack[] => {
  const lacks: Lack[] = [];
  for (const offer of offers) {
    const last = lacks.at(-1);
    const stands = last !== undefined && (last.until === undefined || inFoldOrder(last.until, offer) > 0);
    if (stands || missingParts(offer).length === 0) continue;
    const completion = completionOf(offer);
    const decided = decidedAfter(offer);
    const reason = completion?.data.handoffId === offer.data.handoffId ? 'offeredComplete' : 'anotherOfferedComplete';
    if (decided !== undefined && (completion === undefined || inFoldOrder(decided.event, completion) < 0))
      lacks.push({ offer, until: decided.event, cleared: closedBy(decided) });
    else if (completion !== undefined) lacks.push({ offer, until: completion, cleared: clearedBy(completion, reason) });
    else lacks.push({ offer, until: undefined, cleared: undefined });
  }
  return lacks;
};

const partNames = { toOwner: 'the new owner', expectations: 'an expectation', contextRef: 'the context' } as const;

/**
 * P3.4: an offer lacks the new owner, an expectation or the context. This holds for any pair, also for a handoff to
 * oneself. Once the renewal is decided, a handoff to Renew lacks nothing any more.
 */
const incomplete: Rule<typeof noThresholds> = {
  id: 'P3.4',
  title: 'Incomplete handoff',
  thresholds: noThresholds,
  verdicts: ({ engagement, context }) => {
    const completionOf = completionsOf(engagement, context);
    const decisions = renewalDecisionsOf(engagement, engagement.subscriptions);
    // What is handed over to Renew belongs to the renewal that is next.
    const decidedAfter = ({ data, occurredAt }: Offer): Decision | undefined =>
      data.toStage === 'renew' ? decisions.ofAnchor(occurredAt) : undefined;
    return engagement.handoffs.flatMap(({ handoffId, fromStage, toStage, offers }) =>
      lacksOf(offers, completionOf, decidedAfter).map(({ offer, cleared }) => {
        const lacking = missingParts(offer).map((part) => partNames[part]);
        return {
          state: 'raised',
          subject: `handoff:${handoffId}`,
          openedBy: offer satisfies RecordedEvent,
          raisedAt: offer.occurredAt,
          severity: 'medium',
          evidence: [
            cites(offer, `the handoff from ${fromStage} to ${toStage} was offered without ${lacking.join(', ')}`),
            measured('parts missing', lacking.length, 0),
          ],
          clearsWhen: `The handoff is offered again with ${lacking.join(', ')}.`,
          nextStep: `Ask the owner who offered it to add ${lacking.join(', ')}.`,
          cleared,
          changesAt: undefined,
        };
      }),
    );
  },
};

export const unclearHandoffs = definePattern({
  name: 'unclearHandoffs',
  title: 'Unclear handoffs',
  rules: [bind(beganWithoutHandoff), bind(notOffered), bind(incomplete)],
});
