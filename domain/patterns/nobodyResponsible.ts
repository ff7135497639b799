// Is there a stage for which nobody answers?
import * as z from 'zod';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Responsibility } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import type { Stage } from '../../events/stage.ts';
import { partyIdOf } from '../context/context.ts';
import type { StageVisit } from '../engagement/journey.ts';
import { type Participation, type Responsibilities, responsibilitiesOf } from '../engagement/sell/participants.ts';
import { awaited, cites, silence, tolerated } from './awaited.ts';
import type { Clearing, Rule, Verdict, View } from './pattern.ts';
import { isSmallIn } from './smallDeals.ts';

const noThresholds = z.object({});

/** What somebody must answer for in a stage; undefined for a stage that no engagement visits. */
const requiredIn = (stage: Stage): Responsibility | undefined => {
  switch (stage) {
    case 'sell':
      return 'sell';
    case 'procure':
      return 'bill';
    case 'deliver':
      return 'deliver';
    case 'report':
    case 'renew':
      return 'support';
    case 'create':
    case 'mobilize':
      return undefined;
    default:
      return stage satisfies never;
  }
};

/** Stages in a row that need the same responsibility. */
interface Stretch {
  readonly responsibility: Responsibility;
  readonly stage: Stage;
  readonly cycle: number;
  readonly from: Instant;
  readonly enteredBy: RecordedEvent | undefined;
  /** When it was left, if anything followed. The end of the engagement closes flags by itself. */
  readonly to: Instant | undefined;
  /** The next visit, if it follows at once, and not after an end of the engagement. */
  readonly next: StageVisit | undefined;
}

const stretchesOf = (visits: readonly StageVisit[]): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  for (const [index, visit] of visits.entries()) {
    const responsibility = requiredIn(visit.stage);
    const after = visits[index + 1];
    const to = after === undefined ? undefined : visit.leftAt;
    const next = after !== undefined && after.enteredAt === visit.leftAt ? after : undefined;
    const last = stretches.at(-1);
    if (last?.next === visit && last.responsibility === responsibility)
      stretches[stretches.length - 1] = { ...last, to, next };
    else if (responsibility !== undefined) {
      const { stage, cycle, enteredAt: from, enteredBy } = visit;
      stretches.push({ responsibility, stage, cycle, from, enteredBy, to, next });
    }
  }
  return stretches;
};

/** A time in which nobody held what the stage needs. */
interface Gap {
  readonly from: Instant;
  readonly openedBy: RecordedEvent;
  /** Whether somebody had held it before, in the same stretch. */
  readonly isAfter: boolean;
  readonly filled: Participation | undefined;
}

/** The gaps of a stretch: from the later of its start and the first declaration on, wherever no time covers it. */
const gapsOf = (
  { from: entered, enteredBy, to: end }: Stretch,
  times: readonly Participation[],
  declaredBy: RecordedEvent,
): readonly Gap[] => {
  const isLate = declaredBy.occurredAt > entered;
  const gaps: Gap[] = [];
  let from = isLate ? declaredBy.occurredAt : entered;
  // If time opened the stage, the declaration that is in force shows who is missing.
  let openedBy: RecordedEvent = isLate ? declaredBy : (enteredBy ?? declaredBy);
  let isAfter = false;
  for (const held of times) {
    if (end !== undefined && (from >= end || held.from >= end)) break;
    if (held.until !== undefined && held.until <= from) continue;
    if (held.from > from) gaps.push({ from, openedBy, isAfter, filled: held });
    if (held.until === undefined) return gaps;
    from = held.until;
    openedBy = held.endedBy;
    isAfter = true;
  }
  return end === undefined || from < end ? [...gaps, { from, openedBy, isAfter, filled: undefined }] : gaps;
};

const closingOf = ({ filled }: Gap, { next }: Stretch): Clearing | undefined => {
  if (filled !== undefined) return { at: filled.from, eventId: filled.event.eventId, reason: 'participantJoined' };
  return next === undefined
    ? undefined
    : { at: next.enteredAt, eventId: next.enteredBy?.eventId, reason: 'closedMoot' };
};

const tasks: Readonly<Record<Responsibility, string>> = {
  sell: 'sells',
  bill: 'bills',
  deliver: 'delivers',
  support: 'supports',
  advise: 'advises',
};

const verdictsOn = (
  gap: Gap,
  stretch: Stretch,
  { view, declaredBy }: { readonly view: View; readonly declaredBy: RecordedEvent },
): readonly Verdict[] => {
  const { responsibility, stage, cycle } = stretch;
  const task = tasks[responsibility];
  const closing = closingOf(gap, stretch);
  // Whoever begins within the tolerance was there from the start.
  if (closing !== undefined && closing.at <= tolerated(gap.from)) return [];
  const verdicts = awaited(view, {
    subject: `cycle:${cycle}/${stage}:${responsibility}${gap.isAfter ? '/after' : ''}`,
    openedBy: gap.openedBy,
    awaits: ['ParticipantJoined'],
    armed: { at: gap.from, by: gap.openedBy },
    dueAt: gap.from,
    answer: undefined,
    waitsFor: `a participant that ${task}`,
    severity: 'medium',
    evidence: [
      cites(declaredBy, 'responsibilities were declared for the engagement'),
      cites(gap.openedBy, `from ${gap.from} on, nobody was named who ${task}`),
      silence('ParticipantJoined', {
        from: gap.from,
        until: tolerated(gap.from),
        armedBy: gap.openedBy,
        says: `no participant ${task} in ${stage}`,
      }),
    ],
    clearsWhen: `A participant joins that ${task}.`,
    nextStep: `Agree on who ${task}, and record it as a participant with this responsibility.`,
    reason: 'participantJoined',
    over: closing,
  });
  return verdicts.map((verdict) =>
    verdict.state !== 'armed' && closing !== undefined && closing.at > view.now
      ? { ...verdict, changesAt: closing.at }
      : verdict,
  );
};

const gapsIn = (stretch: Stretch, { declaredBy, of }: Responsibilities): readonly Gap[] =>
  declaredBy === undefined || (stretch.to !== undefined && stretch.to <= declaredBy.occurredAt)
    ? []
    : gapsOf(stretch, of(stretch.responsibility), declaredBy);

/**
 * P3.7: the engagement is in a stage, and no participant holds what the stage needs: sell in Sell, bill in Procure, deliver in Deliver,
 * support from Report on. Only an engagement in which somebody declared a responsibility is judged, from the first declaration on. A flag
 * closes as moot once the stage is left. A small deal is not judged.
 */
export const nobodyResponsible: Rule<typeof noThresholds> = {
  id: 'P3.7',
  title: 'Nobody responsible',
  thresholds: noThresholds,
  verdicts: (view) => {
    const { engagement, context } = view;
    const responsibilities = responsibilitiesOf(engagement, (org) => partyIdOf(context, org));
    const { declaredBy } = responsibilities;
    if (declaredBy === undefined) return [];
    const isSmall = isSmallIn(engagement, context);
    return stretchesOf(engagement.journey.visits).flatMap((stretch) =>
      gapsIn(stretch, responsibilities).flatMap((gap) =>
        isSmall(gap.from) ? [] : verdictsOn(gap, stretch, { view, declaredBy }),
      ),
    );
  },
};
