// Did work change hands without a handoff? A stage begun without an accepted one, none offered in time, and one that lacks parts.
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addBusinessDays } from '../businessDays.ts';
import { type Context, partyIdOf } from '../context.ts';
import { cycleOf } from '../cycles.ts';
import { type Engagement, leadAt } from '../engagement.ts';
import { missingParts } from '../handoffs.ts';
import { isOfPair, type Need, needsOf } from '../requiredHandoffs.ts';
import { awaited, cites, clearedBy, measured, silence, tolerated } from './awaited.ts';
import { bind, type Clearing, type Pattern, type Rule } from './pattern.ts';

const noThresholds = z.object({});

const nameOf = ({ pair }: Pick<Need, 'pair'>): string => `${pair.fromStages.join(' or ')} to ${pair.toStage}`;

type HandoffEvent = RecordedOf<'HandoffOffered' | 'HandoffAccepted' | 'HandoffRejected'>;

/** The handoff facts of a need's pair, of every handoff that has a fact in the need's cycle, in fold order. */
const handoffEventsFor = (engagement: Engagement, need: Need): readonly HandoffEvent[] => {
  const ofPair = engagement.events.filter(
    (event): event is HandoffEvent =>
      (event.type === 'HandoffOffered' || event.type === 'HandoffAccepted' || event.type === 'HandoffRejected') &&
      isOfPair(need.pair, event.data),
  );
  const inCycle = new Set(
    ofPair.filter((event) => cycleOf(engagement.journey, event) === need.cycle).map((event) => event.data.handoffId),
  );
  return ofPair.filter((event) => inCycle.has(event.data.handoffId));
};

/** P3.1: the taking stage began its work, and no handoff of the pair had been accepted in that cycle. */
const beganWithoutHandoff: Rule<typeof noThresholds> = {
  id: 'P3.1',
  title: 'Stage began without an accepted handoff',
  thresholds: noThresholds,
  verdicts: ({ engagement, context, now }) =>
    needsOf(engagement, context).flatMap((need) => {
      const { breach, subject } = need;
      if (breach === undefined) return [];
      const dueAt = tolerated(breach.occurredAt);
      return awaited(now, {
        subject,
        openedBy: breach,
        dueAt,
        inTimeUntil: dueAt,
        answer: handoffEventsFor(engagement, need).find((event) => event.type === 'HandoffAccepted'),
        waitsFor: `an accepted handoff from ${nameOf(need)}`,
        severity: 'high',
        evidence: [
          cites(need.openedBy, `from ${need.from} on, a handoff from ${nameOf(need)} was needed`),
          cites(breach, `work began in ${need.pair.toStage}`),
          silence('HandoffAccepted', {
            from: engagement.events[0]?.occurredAt ?? need.from,
            until: dueAt,
            armedBy: breach,
            says: `no handoff from ${nameOf(need)} was accepted in cycle ${need.cycle}`,
          }),
        ],
        clearsWhen: `A handoff from ${nameOf(need)} is accepted, though late.`,
        nextStep: 'Let both sides agree on owner, expectations and context now, and record the acceptance.',
        reason: 'acceptedLate',
      });
    }),
};

/** The holidays that the lead partner's calendar names; none where no partner led or it has no calendar. */
const holidaysFor = (engagement: Engagement, context: Context, { from }: Need): readonly string[] => {
  const lead = leadAt(engagement, from);
  const party = lead === undefined ? undefined : context.parties.get(partyIdOf(context, lead));
  const calendarId = party?.registered?.data.calendarId;
  return calendarId === undefined ? [] : (context.policy.calendars[calendarId]?.holidays ?? []);
};

/**
 * P3.2: no handoff of the pair was offered within its business days, by the calendar of the partner that led when it
 * became needed. An answer proves the offer that it answers. A handoff to oneself meets it like all others.
 */
const notOffered: Rule<typeof noThresholds> = {
  id: 'P3.2',
  title: 'Handoff not offered',
  thresholds: noThresholds,
  verdicts: ({ engagement, context, now }) =>
    needsOf(engagement, context).flatMap((need) => {
      const { pair, openedBy, subject, from } = need;
      const dueAt = addBusinessDays(from, pair.withinBusinessDays, {
        holidays: holidaysFor(engagement, context, need),
      });
      return awaited(now, {
        subject,
        openedBy,
        dueAt,
        inTimeUntil: tolerated(dueAt),
        answer: handoffEventsFor(engagement, need)[0],
        waitsFor: `an offered handoff from ${nameOf(need)}`,
        severity: 'medium',
        evidence: [
          cites(openedBy, `from ${from} on, a handoff from ${nameOf(need)} was needed`),
          silence('HandoffOffered', {
            from,
            until: dueAt,
            armedBy: openedBy,
            says: `no handoff from ${nameOf(need)} was offered in cycle ${need.cycle}`,
          }),
          measured('business days without an offer', pair.withinBusinessDays, pair.withinBusinessDays),
        ],
        clearsWhen: `A handoff from ${nameOf(need)} is offered.`,
        nextStep: `Ask who leads ${pair.fromStages.join(' or ')} to offer the handoff: the new owner, what is expected, and the context.`,
        reason: 'offeredLate',
      });
    }),
};

interface Lack {
  readonly offer: RecordedOf<'HandoffOffered'>;
  readonly cleared: Clearing | undefined;
}

/** The pair that an offer belongs to: the required one that holds it, else its own two stages. */
const pairOf = (context: Context, { data }: RecordedOf<'HandoffOffered'>) =>
  context.policy.handoffs.find((pair) => isOfPair(pair, data)) ?? {
    fromStages: [data.fromStage],
    toStage: data.toStage,
  };

const lacksOf = (engagement: Engagement, context: Context, handoffId: string): readonly Lack[] => {
  const lacks: Lack[] = [];
  for (const offer of engagement.of('HandoffOffered')) {
    const own = offer.data.handoffId === handoffId;
    const complete = missingParts(offer).length === 0;
    const last = lacks.at(-1);
    const open = last !== undefined && last.cleared === undefined ? last : undefined;
    if (open === undefined) {
      if (own && !complete) lacks.push({ offer, cleared: undefined });
    } else if (complete && (own || replaces(engagement, context, { offer, lacking: open.offer }))) {
      lacks[lacks.length - 1] = {
        ...open,
        cleared: clearedBy(offer, own ? 'offeredComplete' : 'anotherOfferedComplete'),
      };
    }
  }
  return lacks;
};

const replaces = (
  { journey }: Engagement,
  context: Context,
  { offer, lacking }: { readonly [role in 'offer' | 'lacking']: RecordedOf<'HandoffOffered'> },
): boolean => isOfPair(pairOf(context, lacking), offer.data) && cycleOf(journey, offer) === cycleOf(journey, lacking);

const partNames = { toOwner: 'the new owner', expectations: 'an expectation', contextRef: 'the context' } as const;

/** P3.4: an offer that lacks owner, expectations or context, of whatever pair, to oneself or another. */
const incomplete: Rule<typeof noThresholds> = {
  id: 'P3.4',
  title: 'Incomplete handoff',
  thresholds: noThresholds,
  verdicts: ({ engagement, context }) =>
    engagement.handoffs.flatMap(({ handoffId, fromStage, toStage }) =>
      lacksOf(engagement, context, handoffId).map(({ offer, cleared }) => {
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
          nextStep: `Ask whoever offered it to add ${lacking.join(', ')}.`,
          cleared,
          changesAt: undefined,
        };
      }),
    ),
};

export const unclearHandoffs: Pattern = {
  name: 'unclearHandoffs',
  title: 'Unclear handoffs',
  rules: [bind(beganWithoutHandoff), bind(notOffered), bind(incomplete)],
};
