// What does an engagement count towards the healthy elements?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds } from '../../events/instant.ts';
import { winsOf } from '../engagement/closings.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { handoffParts, missingParts } from '../engagement/handoffs.ts';
import { namingsOf } from '../engagement/offerAsSold.ts';
import { needsOf } from '../engagement/requiredHandoffs.ts';
import { outcomesOf, reaches } from '../engagement/value/outcomes.ts';
import { inFoldOrder } from '../history.ts';
import type { RuledVerdict } from '../patterns/evaluate.ts';
import type { View } from '../patterns/pattern.ts';
import { tolerance } from '../time/tolerance.ts';
import type { Count, HealthyCounts } from './healthyParts.ts';
import { reportDaysOf } from './patience.ts';
import { reportGaps } from './reportRhythm.ts';

/** A view with the verdicts on it. */
export interface JudgedView extends View {
  readonly verdicts: readonly RuledVerdict[];
}

const count = <Item>(items: readonly Item[], counts: (item: Item) => boolean): Count => ({
  sum: items.filter(counts).length,
  of: items.length,
});

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** H1: handoffs before work began, complete, accepted in time, and without gaps between promise and delivery. */
const handoffCounts = ({ engagement, context, verdicts }: JudgedView) => {
  const begunWithout = verdicts.filter(({ rule }) => rule === 'P3.1');
  const undecided = begunWithout.filter(({ state }) => state === 'armed').length;
  const begun = needsOf(engagement, context).filter(({ breach }) => breach !== undefined).length - undecided;
  const offered = engagement.handoffs.flatMap(({ offers, answer }) => {
    const offer = offers.at(-1);
    return offer === undefined ? [] : [{ offers, answer, offer }];
  });
  const unanswered = (state: RuledVerdict['state']): ReadonlySet<string> =>
    new Set(
      verdicts.flatMap(({ rule, state: is, openedBy }) => (rule === 'P3.3' && is === state ? [openedBy.eventId] : [])),
    );
  const [waiting, late] = [unanswered('armed'), unanswered('raised')];
  const isIn = (openers: ReadonlySet<string>, offers: readonly { readonly eventId: string }[]): boolean =>
    offers.some(({ eventId }) => openers.has(eventId));
  const decided = offered.filter(({ offers }) => !isIn(waiting, offers));
  const deliveries = engagement.of('DeliveryStarted').length;
  const gaps = engagement.of('DeviationRecorded').filter(({ data }) => data.kind === 'scope_gap').length;
  const parts = handoffParts.length;
  return {
    acceptedBeforeStart: { sum: begun - begunWithout.filter(({ state }) => state === 'raised').length, of: begun },
    complete: { sum: total(offered.map(({ offer }) => 1 - missingParts(offer).length / parts)), of: offered.length },
    acceptedInTime: count(decided, ({ offers, answer }) => answer?.type === 'HandoffAccepted' && !isIn(late, offers)),
    withoutScopeGap: { sum: Math.max(0, deliveries - gaps), of: deliveries },
  };
};

/** H2: outcomes agreed before the win, measurable, and met. */
const outcomeCounts = ({ engagement, now }: JudgedView) => {
  const won = winsOf(engagement).filter(({ undoneBy }) => undoneBy === undefined);
  const [agreed] = engagement.of('OutcomeAgreed');
  const current = outcomesOf(engagement).filter(({ replacedBy }) => replacedBy === undefined);
  const due = current.filter((outcome) => outcome.due !== undefined && outcome.due.endsAt <= now);
  return {
    winsWithOutcome: count(
      won,
      ({ event }) => agreed !== undefined && agreed.occurredAt <= addMilliseconds(event.occurredAt, tolerance),
    ),
    outcomesWithTarget: count(
      current,
      ({ agreed: { data } }) => data.baseline !== undefined && data.target !== undefined,
    ),
    outcomesMet: count(due, ({ measured, agreed: agreement }) => {
      const last = measured.at(-1);
      return last !== undefined && reaches(last, agreement) === true;
    }),
  };
};

/** H3: published offers, templates, little work beside them. One engagement reuses no configuration of its own. */
const offerCounts = ({ engagement, context }: JudgedView) => {
  const won = winsOf(engagement).filter(({ undoneBy }) => undoneBy === undefined);
  const offerId = namingsOf(engagement).at(-1)?.data.offerId;
  const deliveries = engagement.of('DeliveryStarted');
  const departed = engagement.of('DeviationRecorded').filter(({ data }) => data.kind === 'customisation');
  const worked = engagement.of('WorkLogged').filter(({ data }) => data.category === 'implementation');
  const before = new Set<string>();
  const fingerprints = deliveries.flatMap(({ data }) => data.configFingerprint ?? []);
  const again = fingerprints.filter((fingerprint) => before.has(fingerprint) || !before.add(fingerprint));
  return {
    winsOnOffer: count(won, () => offerId !== undefined && context.offers.has(offerId)),
    deliveriesOnTemplate: count(deliveries, ({ data }) => data.templateRef !== undefined),
    withoutDeviation: {
      sum: total(departed.map(({ data }) => data.minutes ?? 0)),
      of: total(worked.map(({ data }) => data.minutes)),
    },
    configReused: { sum: again.length, of: Math.max(0, fingerprints.length - 1) },
  };
};

/** H4: reports in time, of value, acknowledged; usage that is measured. */
const evidenceCounts = ({ engagement, context, now }: JudgedView) => {
  const gaps = reportGaps(engagement, { days: reportDaysOf(context), now });
  const reports = engagement.of('ValueReported');
  const read = new Set(engagement.of('ReportAcknowledged').map(({ data }) => data.reportId));
  const measured = new Set(engagement.of('UsageMeasured').map(({ data }) => data.subscriptionId));
  return {
    reportsInTime: count(
      gaps.filter(({ onTime }) => onTime !== undefined),
      ({ onTime }) => onTime === true,
    ),
    sectionsCovered: { sum: total(reports.map(({ data }) => new Set(data.sections).size)), of: 4 * reports.length },
    reportsAcknowledged: count(reports, ({ data }) => read.has(data.reportId)),
    subscriptionsMeasured: count(engagement.subscriptions, ({ subscriptionId }) => measured.has(subscriptionId)),
  };
};

/** The types of the facts that are counted. */
const counted = [
  ...(['HandoffOffered', 'HandoffAccepted', 'HandoffRejected', 'DealClosed', 'DealReopened'] as const),
  ...(['OutcomeAgreed', 'OutcomeMeasured', 'SolutionProposed', 'DeliveryStarted', 'DeviationRecorded'] as const),
  ...(['WorkLogged', 'MilestoneReached', 'ValueReported', 'ReportAcknowledged', 'UsageMeasured'] as const),
  'SubscriptionStarted',
] as const;

/** The last event, in fold order, that an engagement's scores count; undefined where none does. */
export const lastCounted = ({ of }: Pick<Engagement, 'of'>): RecordedEvent | undefined =>
  counted
    .flatMap((type): readonly RecordedEvent[] => of(type).slice(-1))
    .sort(inFoldOrder)
    .at(-1);

/** What a view counts towards each part of the elements H1 to H4 (domain reference C7). */
export const healthyCountsOf = (view: JudgedView): HealthyCounts => ({
  ...handoffCounts(view),
  ...outcomeCounts(view),
  ...offerCounts(view),
  ...evidenceCounts(view),
});
