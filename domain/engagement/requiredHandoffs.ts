// When does an engagement need a handoff, and which event shows that work went on without it?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { RequiredHandoff } from '../context/policy.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { winsOf } from './closings.ts';
import { firstOfCycles } from './cycles.ts';
import type { Engagement } from './engagement.ts';
import type { Handoff } from './handoffs.ts';
import { type Decision, firstDecision, renewalDecisionsOf } from './renewalDecisions.ts';
import { opensRenewAt } from './subscriptions.ts';

/** A required handoff of one cycle, needed from an instant on. */
export interface Need {
  readonly cycle: number;
  readonly pair: RequiredHandoff;
  /** The cycle and the pair. A restatement does not change them. */
  readonly subject: string;
  readonly from: Instant;
  /**
   * The event that made the handoff necessary. If Renew opened by time, it is the event that began the term which is
   * about to end.
   */
  readonly openedBy: RecordedEvent;
  /** The event that began the work of the stage that takes over; undefined if there is none yet. */
  readonly breach: RecordedEvent | undefined;
  /** What decided the renewal that it belongs to: from then on nobody needs the handoff. */
  readonly decided?: Decision | undefined;
}

type Arming = Pick<Need, 'cycle' | 'from' | 'openedBy' | 'decided'> & {
  /** When the need ceased, because what armed it was undone. */
  readonly until?: Instant | undefined;
};

/** For each instant at which a term opens Renew, the event that began the first such term, and its subscription. */
const openersOfRenew = ({
  subscriptions,
}: Engagement): ReadonlyMap<Instant | undefined, { readonly event: RecordedEvent; readonly subscriptionId: string }> =>
  new Map(
    subscriptions
      .flatMap(({ subscriptionId, terms }) => terms.map((term) => ({ term, subscriptionId })))
      .toReversed()
      .map(({ term, subscriptionId }) => [opensRenewAt(term), { event: term.begunBy, subscriptionId }]),
  );

/** Each opening of Renew, until the renewal that it is about is decided, or the cycle ends. */
const renewArmings = (engagement: Engagement): readonly Arming[] => {
  const { journey } = engagement;
  const opened = journey.visits.filter(({ stage, cycle }, index) => {
    const before = journey.visits[index - 1];
    return stage === 'renew' && !(before?.stage === 'renew' && before.cycle === cycle);
  });
  if (opened.length === 0) return [];
  const openers = openersOfRenew(engagement);
  const decisions = renewalDecisionsOf(engagement, engagement.subscriptions);
  return opened.flatMap(({ cycle, enteredAt: from, enteredBy }): readonly Arming[] => {
    const anchors = decisions.ofAnchor(from);
    // A renewal that Renew outlasts opens the next need: it does not decide it.
    if (enteredBy !== undefined && enteredBy.type !== 'RenewalProposed')
      return [{ cycle, from, openedBy: enteredBy, decided: decisions.ofAnchor(addMilliseconds(from, 1)) }];
    if (enteredBy !== undefined)
      return [{ cycle, from, openedBy: enteredBy, decided: firstDecision(decisions.ofProposal(enteredBy), anchors) }];
    const opener = openers.get(from);
    if (opener === undefined) return [];
    const decided = firstDecision(decisions.of(opener.subscriptionId, from), anchors);
    return [{ cycle, from, openedBy: opener.event, decided }];
  });
};

const armedBy = (engagement: Engagement, events: readonly RecordedEvent[]): readonly Arming[] =>
  firstOfCycles(engagement.journey, events).map(({ cycle, event }) => ({
    cycle,
    from: event.occurredAt,
    openedBy: event,
  }));

/**
 * Which events arm a pair and which breach it, by the stage that takes over. Undefined for a stage that no fact arms.
 */
const ruleOf = (
  engagement: Engagement,
  { toStage }: RequiredHandoff,
): { readonly armings: readonly Arming[]; readonly breaches: readonly RecordedEvent[] } | undefined => {
  switch (toStage) {
    case 'deliver':
      return {
        armings: winsOf(engagement).map(({ cycle, event, undoneBy }) => ({
          ...{ cycle, from: event.occurredAt, openedBy: event, until: undoneBy?.occurredAt },
        })),
        breaches: engagement.of('DeliveryStarted'),
      };
    case 'report':
      return {
        armings: armedBy(
          engagement,
          engagement.of('MilestoneReached').filter(({ data }) => data.milestone === 'go_live'),
        ),
        breaches: engagement.of('ValueReported'),
      };
    case 'renew':
      return { armings: renewArmings(engagement), breaches: engagement.of('RenewalProposed') };
    case 'create':
    case 'mobilize':
    case 'sell':
    case 'procure':
      return undefined;
    default:
      return toStage satisfies never;
  }
};

/** The pairs without those that overlap an earlier one. Two needs of one handoff would be two rows of one key. */
const distinct = (pairs: readonly RequiredHandoff[]): readonly RequiredHandoff[] =>
  pairs.filter(
    ({ fromStages, toStage }, index) =>
      !pairs
        .slice(0, index)
        .some((before) => before.toStage === toStage && before.fromStages.some((stage) => fromStages.includes(stage))),
  );

/** The needs of a pair with what breached each: the first work since it arose, before the next need of the pair arises. */
const breachedBy = (
  armings: readonly Arming[],
  breaches: readonly RecordedEvent[],
): readonly (Arming & Pick<Need, 'breach'>)[] => {
  const inOrder = armings.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return inOrder.map((arming, index) => {
    const next = inOrder[index + 1];
    const end = next === undefined ? undefined : addMilliseconds(next.from, -tolerance);
    const earliest = addMilliseconds(arming.from, -tolerance);
    const begun = firstWhere(breaches, ({ occurredAt }) => occurredAt >= earliest);
    const isOver = (limit: Instant | undefined): boolean =>
      limit !== undefined && begun !== undefined && begun.occurredAt >= limit;
    // Work at the very instant of the decision began before it.
    const isDecided = arming.decided !== undefined && begun !== undefined && begun.occurredAt > arming.decided.at;
    return { ...arming, breach: isOver(arming.until) || isOver(end) || isDecided ? undefined : begun };
  });
};

/**
 * The handoffs that an engagement needs by its view's instant, in each cycle. It needs one to Deliver from the win on,
 * to Report from go-live on, and to Renew from the opening of Renew on. A pair with any other `toStage` is never
 * needed, because no fact arms it. Of pairs that overlap the first one holds. Work that began within the tolerance
 * before the need counts as begun after it. A renewal ends no need: work that begins in a later cycle breaches it, unless the
 * pair is needed anew by then.
 */
export const needsOf = (engagement: Engagement, context: Pick<Context, 'policy'>): readonly Need[] =>
  distinct(context.policy.handoffs).flatMap((pair) => {
    const rule = ruleOf(engagement, pair);
    if (rule === undefined) return [];
    return breachedBy(rule.armings, rule.breaches).map((arming) => {
      const subject = `cycle:${arming.cycle}/${pair.fromStages.join('+')}>${pair.toStage}`;
      return { ...arming, pair, subject };
    });
  });

/** Whether a handoff leads from one of the pair's `fromStages` to its `toStage`. */
export const isOfPair = (
  { fromStages, toStage }: Pick<RequiredHandoff, 'fromStages' | 'toStage'>,
  handoff: Pick<Handoff, 'fromStage' | 'toStage'>,
): boolean => handoff.toStage === toStage && fromStages.includes(handoff.fromStage);

/** The pair of a handoff: the required pair that covers it, else its own two stages. */
export const pairCovering = (
  { policy }: Pick<Context, 'policy'>,
  handoff: Pick<Handoff, 'fromStage' | 'toStage'>,
): Pick<RequiredHandoff, 'fromStages' | 'toStage'> =>
  policy.handoffs.find((pair) => isOfPair(pair, handoff)) ?? {
    fromStages: [handoff.fromStage],
    toStage: handoff.toStage,
  };
