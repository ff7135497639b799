// Does a customer use enough of what it bought?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import { endKnownAt, type Subscription } from '../engagement/subscriptions.ts';
import {
  type AdoptionOf,
  adoptionOf,
  countedAtBases,
  type MonthlyAdoption,
  settledAt,
} from '../engagement/value/adoption.ts';
import { type QuietMonthsAt, quietMonthsOf } from '../engagement/value/rollOut.ts';
import { firstMonthFrom, monthAfter, numberOf, startOfMonth } from '../time/months.ts';
import { startedOrUsed } from './askedFor.ts';
import { cites, measured, tolerated } from './awaited.ts';
import { listenedFrom, type Need, notObserved, unheard } from './observed.ts';
import { postponed, type Settled, settledInOrder, sourceQuiet } from './outages.ts';
import type { Clearing, Rule, Verdict, View } from './pattern.ts';

const share = (line: number) => z.number().min(0).max(10).default(line);
const days = (limit: number) => z.number().min(0).max(3650).default(limit);
const adoptionThresholds = z.object({
  medium: share(0.8),
  high: share(0.5),
  /** The share from which a medium flag clears, and the one from which a high flag is medium again. */
  clear: share(0.85),
  clearHigh: share(0.6),
  daysAfterGoLive: days(60),
  /** Where no go-live is known. */
  daysAfterStart: days(90),
  /** How long after a month its measurements may still come. */
  settleDays: z.number().min(0).max(25).default(3),
});
type Thresholds = z.infer<typeof adoptionThresholds>;

/** A month that is judged, and when. */
type JudgedMonth = Settled<MonthlyAdoption & { readonly settled: Instant }>;

const awaits: Need['awaits'] = ['UsageMeasured'];

interface Judging {
  readonly view: View;
  readonly thresholds: Thresholds;
  readonly goLive: RecordedOf<'MilestoneReached'> | undefined;
  readonly adoption: AdoptionOf;
  readonly quietAt: QuietMonthsAt;
  readonly countedAtBase: (subscriptionId: string) => ReadonlySet<string>;
}

const needOf = (by: RecordedOf<'SubscriptionStarted'>, at: Instant): Need => ({ awaits, at, by });

/** From when on a subscription is judged, by what had occurred by an instant; not before somebody listens. */
const judgedFrom = (
  started: RecordedOf<'SubscriptionStarted'>,
  { view, goLive, thresholds }: Judging,
  by: Instant,
): Instant => {
  const { occurredAt } = started;
  const isLive = goLive !== undefined && goLive.occurredAt <= by;
  const at = isLive
    ? addDays(goLive.occurredAt > occurredAt ? goLive.occurredAt : occurredAt, thresholds.daysAfterGoLive)
    : addDays(occurredAt, thresholds.daysAfterStart);
  return listenedFrom(view, needOf(started, at));
};

const judgedMonths = (started: RecordedOf<'SubscriptionStarted'>, judging: Judging): readonly JudgedMonth[] => {
  const { view, quietAt, thresholds, adoption } = judging;
  const { subscriptionId } = started.data;
  const elsewhere = judging.countedAtBase(subscriptionId);
  const months = adoption(subscriptionId)
    .map((each) => ({ ...each, settled: settledAt(each.month, thresholds.settleDays) }))
    .filter(({ month, settled, best }) => {
      const from = judgedFrom(started, judging, tolerated(settled));
      const isFull = startOfMonth(month) >= from && best.data.windowStart >= from;
      return isFull && !elsewhere.has(month) && !quietAt(tolerated(settled)).includes(numberOf(month));
    });
  return settledInOrder(view, awaits, months);
};

/** An episode as the months so far leave it. */
interface Episode {
  readonly months: readonly [JudgedMonth, JudgedMonth];
  readonly severity: 'medium' | 'high';
  readonly clearedBy: JudgedMonth | undefined;
  /** When the next month changes it. */
  readonly changesAt: Instant | undefined;
}

/** What two months in a row make of an episode; undefined for none. It is the same object if they change nothing. */
const after = (
  open: Episode | undefined,
  months: Episode['months'],
  { medium, high, clear, clearHigh }: Thresholds,
): Episode | undefined => {
  const worst = Math.max(...months.map((each) => each.share));
  const least = Math.min(...months.map((each) => each.share));
  if (open === undefined) {
    if (worst >= medium && worst >= high) return undefined;
    return { months, severity: worst < high ? 'high' : 'medium', clearedBy: undefined, changesAt: undefined };
  }
  if (least >= clear) return { ...open, clearedBy: months[1] };
  if (open.severity === 'medium' && worst < high) return { ...open, severity: 'high' };
  if (open.severity === 'high' && least >= clearHigh) return { ...open, severity: 'medium' };
  return open;
};

/** The episodes up to `now`, and the one that the next settled month will open. */
const episodesOf = (
  months: readonly JudgedMonth[],
  thresholds: Thresholds,
  now: Instant,
): { readonly episodes: readonly Episode[]; readonly coming: Episode | undefined } => {
  const episodes: Episode[] = [];
  for (const [index, month] of months.entries()) {
    const before = months[index - 1];
    if (before === undefined || monthAfter(before.month) !== month.month) continue;
    const last = episodes.at(-1);
    const open = last?.clearedBy === undefined ? last : undefined;
    const next = after(open, [before, month], thresholds);
    if (next === open || next === undefined) continue;
    const isQuiet = month.quiet !== undefined;
    if (isQuiet || tolerated(month.settled) > now) {
      if (open === undefined) return { episodes, coming: next };
      episodes[episodes.length - 1] = { ...open, changesAt: isQuiet ? undefined : tolerated(month.settled) };
      break;
    }
    if (open !== undefined) episodes.pop();
    episodes.push(next);
  }
  return { episodes, coming: undefined };
};

/** What clears an episode: two months of enough use, or the end of the subscription, whichever comes first. */
const clearingOf = ({ clearedBy: month }: Episode, ended: Subscription['ended']): Clearing | undefined => {
  const used = month === undefined ? undefined : tolerated(month.settled);
  if (ended !== undefined && (used === undefined || endKnownAt(ended) < used)) {
    const reason = ended.event.data.reason === 'merged' ? 'closedMoot' : 'closedRealised';
    return { at: endKnownAt(ended), eventId: ended.event.eventId, reason };
  }
  return month === undefined || used === undefined
    ? undefined
    : { at: used, eventId: month.best.eventId, reason: 'usedEnough' };
};

const percent = (value: number): number => Math.round(value * 1000) / 1000;

const raisedVerdict = (
  episode: Episode,
  {
    started,
    ended,
    judging: { goLive, thresholds },
  }: {
    readonly started: RecordedOf<'SubscriptionStarted'>;
    readonly ended: Subscription['ended'];
    readonly judging: Pick<Judging, 'goLive' | 'thresholds'>;
  },
): readonly Verdict[] => {
  const { months, severity, changesAt } = episode;
  const [, second] = months;
  const raisedAt = tolerated(second.settled);
  if (ended !== undefined && endKnownAt(ended) <= raisedAt) return [];
  const cleared = clearingOf(episode, ended);
  const line = Math.max(...months.map((each) => each.share)) < thresholds.high ? thresholds.high : thresholds.medium;
  return [
    {
      ...{ state: 'raised', subject: `subscription:${started.data.subscriptionId}`, openedBy: second.first },
      ...{ raisedAt, dueAt: second.settled, severity },
      evidence: [
        cites(started, `subscription ${started.data.subscriptionId} started`),
        ...(goLive === undefined || goLive.occurredAt > second.settled
          ? []
          : [cites(goLive, 'the solution went live')]),
        ...months.flatMap(({ month, best, expected, share: used }) => [
          cites(
            best,
            `in ${month}, ${best.data.activeUnits} of ${percent(expected)} units were used (${best.data.metric})`,
          ),
          measured(`adoption in ${month}`, percent(used), line),
        ]),
      ],
      clearsWhen: `Adoption is at least ${thresholds.clear} for two months in a row.`,
      nextStep:
        'Find with the customer who does not use it and why, and plan training, a smaller quantity or another product.',
      cleared,
      changesAt: cleared === undefined ? changesAt : undefined,
    },
  ];
};

/** The verdict while a subscription was not measured in any month that counts. */
const unmeasured = (started: RecordedOf<'SubscriptionStarted'>, judging: Judging): readonly Verdict[] => {
  const { view, thresholds } = judging;
  const { subscriptionId } = started.data;
  const first = firstMonthFrom(judgedFrom(started, judging, view.now));
  const settled = settledAt(monthAfter(first), thresholds.settleDays);
  const { dueAt, quiet } = postponed(view, { awaits, dueAt: settled });
  const episode = { subject: `subscription:${subscriptionId}`, openedBy: started };
  if (quiet !== undefined) return [sourceQuiet(episode, { awaits, dueAt, quiet })];
  const waitsFor = `a measurement of how much of subscription ${subscriptionId} is used`;
  if (view.now < tolerated(dueAt)) return [{ ...episode, state: 'armed', dueAt, waitsFor }];
  const because = `the usage of subscription ${subscriptionId} was measured in no full month, so nobody knows how much of it is used`;
  const suspended = { state: 'suspended', reason: 'notMeasured', changesAt: undefined } as const;
  return [{ ...episode, ...suspended, since: dueAt, because }];
};

const subscriptionVerdicts = ({ started, ended }: Subscription, judging: Judging): readonly Verdict[] => {
  if (started === undefined) return [];
  const { view, thresholds } = judging;
  const subject = `subscription:${started.data.subscriptionId}`;
  const nobody = unheard(view, needOf(started, judgedFrom(started, judging, view.now)));
  if (nobody !== undefined) return ended === undefined ? [notObserved({ subject, openedBy: started }, nobody)] : [];
  const months = judgedMonths(started, judging);
  const { episodes, coming } = episodesOf(months, thresholds, view.now);
  const raised = episodes.flatMap((episode) => raisedVerdict(episode, { started, ended, judging }));
  if (ended !== undefined) return raised;
  if (months.length === 0 && judging.countedAtBase(started.data.subscriptionId).size === 0)
    return unmeasured(started, judging);
  if (coming === undefined) return raised;
  const [, second] = coming.months;
  const { quiet, first: openedBy, settled: dueAt } = second;
  if (quiet !== undefined) return [...raised, sourceQuiet({ subject, openedBy }, { awaits, dueAt, quiet })];
  const waitsFor = `a use of at least ${thresholds.medium} of subscription ${started.data.subscriptionId} in ${second.month}`;
  return [...raised, { state: 'armed', subject, openedBy, dueAt, waitsFor }];
};

/**
 * P1.2: in two full months in a row a customer used less than `medium` (or `high`) of what it bought. Months count from
 * `daysAfterGoLive` days after go-live (`daysAfterStart` after the start of the subscription, if no go-live is known). A ramp that a
 * handoff declared before the month lowers what is to be used; quiet months of the customer's segment don't count; an add-on is
 * judged at its base if that is measured. A month without a measurement breaks the row.
 */
export const lowAdoption: Rule<typeof adoptionThresholds> = {
  id: 'P1.2',
  title: 'Low adoption',
  thresholds: adoptionThresholds,
  verdicts: (view, thresholds) => {
    const { engagement } = view;
    const adoption = adoptionOf(engagement, thresholds.settleDays);
    const judging: Judging = {
      ...{ view, thresholds },
      goLive: engagement.of('MilestoneReached').find(({ data }) => data.milestone === 'go_live'),
      adoption,
      quietAt: quietMonthsOf(engagement, view.context),
      countedAtBase: countedAtBases(engagement.subscriptions, adoption),
    };
    return startedOrUsed(view).flatMap((subscription) => subscriptionVerdicts(subscription, judging));
  },
};
