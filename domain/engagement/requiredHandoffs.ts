// When did an engagement come to need a handoff, and which event shows that work went on without it?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { RequiredHandoff } from '../context/policy.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { cycleOf, firstOfCycles } from './cycles.ts';
import type { Engagement } from './engagement.ts';
import type { Handoff } from './handoffs.ts';
import { opensRenewAt } from './subscriptions.ts';

/** A required handoff of one cycle, from the instant at which it is needed. */
export interface Need {
  readonly cycle: number;
  readonly pair: RequiredHandoff;
  /** Cycle and pair, stable under restatement. */
  readonly subject: string;
  readonly from: Instant;
  /** The event that made it needed; where Renew opened by time, the one that began the term that comes to its end. */
  readonly openedBy: RecordedEvent;
  /** The taking stage's own beginning of work; undefined while there is none. */
  readonly breach: RecordedEvent | undefined;
}

type Arming = Pick<Need, 'cycle' | 'from' | 'openedBy'>;

/** By the instant at which a term opens Renew, the event that began the first such term. */
const openersOfRenew = ({ subscriptions }: Engagement): ReadonlyMap<Instant | undefined, RecordedEvent> =>
  new Map(
    subscriptions
      .flatMap(({ terms }) => terms)
      .toReversed()
      .map((term) => [opensRenewAt(term), term.begunBy]),
  );

const renewArmings = (engagement: Engagement): readonly Arming[] => {
  const visits = engagement.journey.visits.filter((visit) => visit.stage === 'renew');
  const first = new Map(visits.toReversed().map((visit) => [visit.cycle, visit]));
  const openers = openersOfRenew(engagement);
  return [...first.values()].reverse().flatMap((visit) => {
    const openedBy = visit.enteredBy ?? openers.get(visit.enteredAt);
    return openedBy === undefined ? [] : [{ cycle: visit.cycle, from: visit.enteredAt, openedBy }];
  });
};

const armedBy = (engagement: Engagement, events: readonly RecordedEvent[]): readonly Arming[] =>
  firstOfCycles(engagement.journey, events).map(({ cycle, event }) => ({
    cycle,
    from: event.occurredAt,
    openedBy: event,
  }));

/** What arms a pair and what breaches it, by the stage that takes; undefined for stages that no fact of ours arms. */
const ruleOf = (
  engagement: Engagement,
  { toStage }: RequiredHandoff,
): { readonly armings: readonly Arming[]; readonly breaches: readonly RecordedEvent[] } | undefined => {
  switch (toStage) {
    case 'deliver':
      return {
        armings: armedBy(
          engagement,
          engagement.of('DealClosed').filter(({ data }) => data.result === 'won'),
        ),
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

/** The pairs that share no two stages with one before them: two needs of one handoff would be two rows of one key. */
const distinct = (pairs: readonly RequiredHandoff[]): readonly RequiredHandoff[] =>
  pairs.filter(
    ({ fromStages, toStage }, index) =>
      !pairs
        .slice(0, index)
        .some((before) => before.toStage === toStage && before.fromStages.some((stage) => fromStages.includes(stage))),
  );

/**
 * The handoffs that an engagement has come to need by its view's instant (design, part 4), per cycle: to Deliver from
 * the win, to Report from go-live, to Renew from Renew's opening. A pair whose `toStage` is none of these is never
 * needed: which fact would arm it the design does not say. Of pairs that overlap the first holds. Work begun within the tolerance before the need counts as after.
 */
export const needsOf = (engagement: Engagement, context: Pick<Context, 'policy'>): readonly Need[] =>
  distinct(context.policy.handoffs).flatMap((pair) => {
    const rule = ruleOf(engagement, pair);
    if (rule === undefined) return [];
    const breaches = Map.groupBy(rule.breaches, (event) => cycleOf(engagement.journey, event));
    return rule.armings.map((arming) => {
      const earliest = addMilliseconds(arming.from, -tolerance);
      const breach = firstWhere(breaches.get(arming.cycle) ?? [], ({ occurredAt }) => occurredAt >= earliest);
      const subject = `cycle:${arming.cycle}/${pair.fromStages.join('+')}>${pair.toStage}`;
      return { ...arming, pair, subject, breach };
    });
  });

/** Whether a handoff leads from one of the pair's stages to its taking stage. */
export const isOfPair = (
  { fromStages, toStage }: Pick<RequiredHandoff, 'fromStages' | 'toStage'>,
  handoff: Pick<Handoff, 'fromStage' | 'toStage'>,
): boolean => handoff.toStage === toStage && fromStages.includes(handoff.fromStage);
