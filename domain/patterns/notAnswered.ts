// Is an offered handoff answered in time?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type HandoffEvent, handoffFacts } from '../engagement/handoffs.ts';
import { renewalDecisionsOf } from '../engagement/renewalDecisions.ts';
import { addBusinessDays } from '../time/businessDays.ts';
import { tolerance } from '../time/tolerance.ts';
import { awaited, cites, closedBy, measured, silence } from './awaited.ts';
import { holidaysAt } from './leadCalendar.ts';
import type { Evidence, Rule } from './pattern.ts';
import { isSmallIn } from './smallDeals.ts';

const answerThresholds = z.object({
  /** The business days within which an offer must be answered, unless the offer itself says by when. */
  days: z.int().min(0).max(260).default(3),
  /** The days that an offer may give itself at most: else it could silence the rule for years. */
  longestDays: z.number().positive().max(365).default(30),
});

/** An offer that waits for an answer, and the answer that it got. */
interface Round {
  readonly offer: RecordedOf<'HandoffOffered'>;
  readonly answer: HandoffEvent | undefined;
}

/**
 * The rounds of one handoff, from its facts in fold order. The first offer opens a round, and so does the first one after a
 * rejection; an offer that repeats or completes it in between opens none. An answer proves its offer: an acceptance ends
 * the handoff, also before the offer is known, and a rejection answers an offer that comes within the tolerance after it.
 */
const roundsOf = (own: readonly HandoffEvent[]): readonly Round[] => {
  const rounds: Round[] = [];
  let rejectedAt: Instant | undefined;
  for (const event of own) {
    const last = rounds.at(-1);
    const open = last !== undefined && last.answer === undefined ? last : undefined;
    if (event.type !== 'HandoffOffered') {
      if (open !== undefined) rounds[rounds.length - 1] = { ...open, answer: event };
      if (event.type === 'HandoffAccepted') return rounds;
      // Two systems that tell of one rejection prove no further offer.
      const again =
        last?.answer !== undefined && event.occurredAt <= addMilliseconds(last.answer.occurredAt, tolerance);
      if (open === undefined && !again) rejectedAt = event.occurredAt;
    } else if (open === undefined) {
      const isAnswered = rejectedAt !== undefined && event.occurredAt <= addMilliseconds(rejectedAt, tolerance);
      rejectedAt = undefined;
      if (!isAnswered) rounds.push({ offer: event, answer: undefined });
    }
  }
  return rounds;
};

interface Limits extends z.infer<typeof answerThresholds> {
  readonly engagement: Engagement;
  readonly context: Context;
}

/**
 * When the answer to an offer is due: by the instant that it names itself, unless that had passed already, else after the business days.
 * An instant later than `longestDays` days after the offer, and than the business days, is cut to the later of the two.
 */
const dueOf = (
  { occurredAt, data: { acceptBy } }: RecordedOf<'HandoffOffered'>,
  { engagement, context, days, longestDays }: Limits,
): Instant => {
  const usual = addBusinessDays(occurredAt, days, { holidays: holidaysAt(engagement, context, occurredAt) });
  if (acceptBy === undefined || acceptBy <= occurredAt) return usual;
  const longest = addDays(occurredAt, longestDays);
  const latest = longest > usual ? longest : usual;
  return acceptBy < latest ? acceptBy : latest;
};

const limitOf = (
  { data: { acceptBy }, occurredAt }: RecordedOf<'HandoffOffered'>,
  dueAt: Instant,
  { days, longestDays }: z.infer<typeof answerThresholds>,
): Evidence => {
  if (acceptBy === undefined || acceptBy <= occurredAt) return measured('business days without an answer', days, days);
  return acceptBy === dueAt
    ? measured('answer due as the offer says', dueAt, dueAt)
    : measured('days that an offer may give itself at most', longestDays, longestDays);
};

/**
 * P3.3: an offer got no answer in time: by what it names as `acceptBy`, whether that is sooner or later than the business days, but at
 * most `longestDays` days after the offer; else within the business days. The calendar is that of the lead partner at the time of the offer. A handoff to oneself
 * has no timer, nor has that of a small deal. Once the renewal is decided, an offer to Renew needs no answer any more.
 */
export const notAnswered: Rule<typeof answerThresholds> = {
  id: 'P3.3',
  title: 'Handoff not answered',
  opens: ['HandoffOffered'],
  thresholds: answerThresholds,
  verdicts: (view, thresholds) => {
    const { engagement, context } = view;
    const byId = Map.groupBy(handoffFacts(engagement), ({ data }) => data.handoffId);
    const isSmall = isSmallIn(engagement, context);
    const decisions = renewalDecisionsOf(engagement, engagement.subscriptions);
    return [...byId.values()].flatMap(roundsOf).flatMap(({ offer, answer }) => {
      const { handoffId, fromStage, toStage, self } = offer.data;
      if (self === true || isSmall(offer.occurredAt)) return [];
      const dueAt = dueOf(offer, { ...thresholds, engagement, context });
      const decided = toStage === 'renew' ? decisions.ofAnchor(offer.occurredAt) : undefined;
      return awaited(view, {
        subject: `handoff:${handoffId}`,
        openedBy: offer,
        awaits: ['HandoffAccepted', 'HandoffRejected'],
        dueAt,
        answer,
        waitsFor: `an answer to the handoff from ${fromStage} to ${toStage}`,
        severity: 'medium',
        evidence: [
          cites(offer, `the handoff from ${fromStage} to ${toStage} was offered`),
          silence('HandoffAccepted', {
            from: offer.occurredAt,
            until: dueAt,
            armedBy: offer,
            says: 'the offer was neither accepted nor rejected',
          }),
          limitOf(offer, dueAt, thresholds),
        ],
        clearsWhen: 'The handoff is accepted or rejected.',
        nextStep: `Ask the owner of ${toStage} to accept the handoff, or to reject it and say what it lacks.`,
        reason: 'answeredLate',
        over: decided === undefined ? undefined : closedBy(decided),
      });
    });
  },
};
