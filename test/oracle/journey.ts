// Through which stages and cycles does a life go? The reference's D4, as the design's part 4 sharpened it.
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { type Stage, stages } from '../../events/stage.ts';
import { days, type Life, last, type Term } from './life.ts';

export interface Visit {
  readonly stage: Stage;
  readonly cycle: number;
  readonly from: Instant;
  /** The event that opened it; of Renew that opened by time, the one that began the term. */
  readonly by: RecordedEvent;
  /** Whether it opened by time, without a fact of its own. */
  readonly byTime: boolean;
  readonly until: Instant | undefined;
}

const dayLength = 86_400_000;
const lengthOf = (start: Instant, end: Instant): number => (Date.parse(end) - Date.parse(start)) / dayLength;

/** When a term opens Renew: its last 90 days, or its last quarter; a term under 90 days never does. */
export const windowOf = ({ start, end, begunBy }: Term): Instant | undefined => {
  if (end === undefined || lengthOf(start, end) < 90) return undefined;
  return last(days(end, -Math.min(90, lengthOf(start, end) / 4)), begunBy.occurredAt);
};

/** The subscription by whose renewals cycles are counted. */
export const anchorOf = (life: Life): string | undefined => {
  const started = life.of('SubscriptionStarted').toSorted((a, b) => (a.data.termStart < b.data.termStart ? -1 : 1));
  const anchor = started.find(({ data }) => data.kind === 'base_licence' || data.kind === 'managed_service');
  // A renewal alone shows that there is a subscription.
  return (anchor ?? started[0] ?? life.of('SubscriptionRenewed')[0])?.data.subscriptionId;
};

/** The renewals that begin a cycle: the anchor's, of terms of 90 days and more. */
export const cyclesOf = (life: Life): readonly RecordedEvent[] =>
  life
    .of('SubscriptionRenewed')
    .filter(({ data }) => data.subscriptionId === anchorOf(life))
    .filter((renewed) => {
      // What is renewed without a word of its term before counts.
      const decided = life.terms.find(({ decidedBy }) => decidedBy === renewed);
      return decided?.end === undefined || lengthOf(decided.start, decided.end) >= 90;
    });

export const cycleAt = (life: Life, at: Instant): number =>
  1 + cyclesOf(life).filter(({ occurredAt }) => occurredAt <= at).length;

/** The cycle of an event: what comes at the instant of a renewal, but before it in order, is of the one that it ends. */
export const cycleOf = (life: Life, event: RecordedEvent): number =>
  1 + cyclesOf(life).filter((begun) => life.events.indexOf(begun) <= life.events.indexOf(event)).length;

const gateOf = (event: RecordedEvent): Stage | undefined => {
  switch (event.type) {
    case 'EngagementOpened':
      return 'sell';
    case 'DealClosed':
      return event.data.result === 'won' ? 'procure' : undefined;
    case 'OrderFulfilled':
    case 'DeliveryStarted':
    case 'SubscriptionStarted':
      return 'deliver';
    case 'MilestoneReached':
      return event.data.milestone === 'go_live' ? 'report' : undefined;
    case 'RenewalProposed':
      return 'renew';
    default:
      return undefined;
  }
};

/** Whether an event is a renewal of the anchor, after which the engagement reports again. */
const isRenewal = (life: Life, event: RecordedEvent): boolean =>
  event.type === 'SubscriptionRenewed' && event.data.subscriptionId === anchorOf(life);

/** Whether another renewal is under way: a term in its window, or a proposal that no renewal or end has answered. */
const isRenewing = (life: Life, at: Instant): boolean => {
  const terms = life.terms.some((term) => {
    const window = windowOf(term);
    return window !== undefined && window <= at && (term.decidedBy === undefined || term.decidedBy.occurredAt > at);
  });
  const proposals = life.of('RenewalProposed').some(({ occurredAt }) => {
    const answered = life.events.some(
      (event) => event.occurredAt >= occurredAt && event.occurredAt <= at && isRenewal(life, event),
    );
    return occurredAt <= at && !answered;
  });
  return terms || proposals;
};

export const visitsOf = (life: Life): readonly Visit[] => {
  const gates = life.events.map((event, order) => ({ at: event.occurredAt, event, order, window: false }));
  const windows = life.terms.flatMap((term) => {
    const at = windowOf(term);
    const isUndecided = at !== undefined && (term.decidedBy === undefined || term.decidedBy.occurredAt > at);
    return at === undefined || at > life.now || !isUndecided
      ? []
      : [{ at, event: term.begunBy, order: -1, window: true }];
  });
  const steps = [...gates, ...windows].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.order - b.order));
  const visits: Omit<Visit, 'until'>[] = [];
  for (const { at, event, window } of steps) {
    if (life.endedAt !== undefined && at >= life.endedAt) break;
    const reached = visits.at(-1)?.stage;
    const next = window ? 'renew' : gateOf(event);
    const ahead = next !== undefined && (reached === undefined || stages.indexOf(next) > stages.indexOf(reached));
    const cycle = window ? cycleAt(life, at) : cycleOf(life, event);
    if (ahead && !(window && reached === undefined))
      visits.push({ stage: next, cycle, from: at, by: event, byTime: window });
    if (!window && isRenewal(life, event) && reached !== undefined) {
      const stage = reached === 'renew' && !isRenewing(life, at) ? 'report' : reached;
      if (stage !== reached || cycle !== visits.at(-1)?.cycle)
        visits.push({ stage, cycle, from: at, by: event, byTime: window });
    }
  }
  return visits.map((visit, index) => ({ ...visit, until: visits[index + 1]?.from ?? life.endedAt }));
};
