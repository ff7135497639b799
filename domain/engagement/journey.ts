// Which stages has an engagement passed, in which cycles, and has it ended?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { type Stage, stages } from '../../events/stage.ts';
import { unconfirmedIn } from '../claims.ts';
import { anyOf } from '../time/intervals.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';
import { type Step, stepsOf } from './journeySteps.ts';
import { living } from './living.ts';
import { openProposals } from './renewalDecisions.ts';
import { opensRenewAt, type Subscription, type Term } from './subscriptions.ts';

export interface StageVisit {
  readonly stage: Stage;
  readonly cycle: number;
  readonly enteredAt: Instant;
  readonly leftAt: Instant | undefined;
  /** The event that opened the stage; undefined if Renew opened by time. */
  readonly enteredBy: RecordedEvent | undefined;
}

export interface Cycle {
  readonly cycle: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant | undefined;
}

export interface Ending {
  readonly at: Instant;
  readonly reason: 'lost' | 'withdrawn' | 'closed' | 'subscriptionsEnded';
  readonly event: RecordedEvent;
}

export interface Journey {
  readonly visits: readonly StageVisit[];
  readonly cycles: readonly Cycle[];
  readonly ending: Ending | undefined;
  /**
   * The last ending after which the engagement went on, and when it went on. The time between the two counts for
   * nothing.
   */
  readonly resumed: { readonly ending: Ending; readonly at: Instant } | undefined;
  /** Instants at which a stage opens or the engagement ends without a further fact. */
  readonly turns: readonly Instant[];
}

const undecidedAt = (term: Term, at: Instant): boolean =>
  term.begunBy.occurredAt <= at && (term.decidedBy === undefined || term.decidedBy.occurredAt > at);

/** Tells whether an undecided term is in its window at an instant. */
const inWindow = (subscriptions: readonly Subscription[]): ((at: Instant) => boolean) =>
  anyOf(
    subscriptions.flatMap(({ terms }) =>
      terms.flatMap((term) => {
        const from = opensRenewAt(term);
        return from === undefined ? [] : [{ from, to: term.decidedBy?.occurredAt }];
      }),
    ),
  );

/** A journey under way: the steps move it. */
class Walk {
  readonly visits: StageVisit[] = [];
  readonly cycles: Cycle[] = [];
  ending: Ending | undefined;
  resumed: Journey['resumed'];

  get stage(): Stage | undefined {
    return this.visits.at(-1)?.stage;
  }

  /** Whether a stage lies ahead of the one reached. */
  isAhead(stage: Stage): boolean {
    return this.stage === undefined || stages.indexOf(stage) > stages.indexOf(this.stage);
  }

  private leave(at: Instant): void {
    const open = this.visits.at(-1);
    if (open !== undefined && open.leftAt === undefined) this.visits[this.visits.length - 1] = { ...open, leftAt: at };
  }

  enter(stage: Stage, { at, event }: Step): void {
    this.leave(at);
    if (this.cycles.length === 0) this.cycles.push({ cycle: 1, startedAt: at, endedAt: undefined });
    this.visits.push({ stage, cycle: this.cycles.length, enteredAt: at, leftAt: undefined, enteredBy: event });
  }

  end({ at, event }: Step, reason: Ending['reason']): void {
    if (this.ending !== undefined || event === undefined) return;
    this.leave(at);
    this.ending = { at, reason, event };
  }

  resume(step: Step): void {
    const last = this.visits.at(-1);
    if (this.ending === undefined) return;
    if (step.at > this.ending.at) this.resumed = { ending: this.ending, at: step.at };
    this.ending = undefined;
    if (last !== undefined) this.enter(last.stage, step);
  }

  /** Returns from Renew to Report within the cycle: a short term was renewed. */
  returnToReport(step: Step): void {
    if (this.ending === undefined && this.stage === 'renew') this.enter('report', step);
  }

  /** Begins the next cycle; `stays`: a further term is in its window, or a proposal is open, so that Renew goes on. */
  renew(step: Step, stays: boolean): void {
    const open = this.cycles.at(-1);
    if (open === undefined || this.ending !== undefined) return;
    this.cycles[this.cycles.length - 1] = { ...open, endedAt: step.at };
    this.cycles.push({ cycle: this.cycles.length + 1, startedAt: step.at, endedAt: undefined });
    if (this.stage !== undefined) this.enter(this.stage === 'renew' && !stays ? 'report' : this.stage, step);
  }
}

/**
 * The journey up to `until`. Facts move it forward; time also opens Renew. Create and Mobilize are no visits: an
 * engagement passes them through its offer and its campaign. If no fact has opened a stage there is no visit, and the
 * stage is null (`notOpened`). A partner's win opens no engagement again that the vendor or a system ended.
 */
export const journeyOf = (facts: Facts, subscriptions: readonly Subscription[], until?: Instant): Journey => {
  const steps = stepsOf(facts, subscriptions);
  const inWindowAt = inWindow(subscriptions);
  const isProposed = openProposals(facts, subscriptions);
  const staysInRenew = (at: Instant): boolean => inWindowAt(at) || isProposed(at);
  const livesAt = living(facts);
  const walk = new Walk();
  const isUnconfirmed = unconfirmedIn(facts.events);
  const isWord = (event: RecordedEvent | undefined): boolean => event !== undefined && !isUnconfirmed(event);
  for (const step of steps) {
    if (until !== undefined ? step.at > until : step.kind === 'window') continue;
    switch (step.kind) {
      case 'gate':
        if (step.stage === 'procure' && (isWord(step.event) || !isWord(walk.ending?.event))) walk.resume(step);
        if (walk.ending === undefined && walk.isAhead(step.stage)) walk.enter(step.stage, step);
        break;
      case 'window': {
        const opens = walk.stage !== undefined && walk.isAhead('renew') && undecidedAt(step.term, step.at);
        if (walk.ending === undefined && opens) walk.enter('renew', step);
        break;
      }
      case 'renewed':
        walk.renew(step, staysInRenew(step.at));
        break;
      case 'renewedShort':
        if (!staysInRenew(step.at)) walk.returnToReport(step);
        break;
      case 'lost':
        if (!livesAt(step.at)) walk.end(step, 'lost');
        break;
      case 'reopened':
        if (walk.ending?.reason === 'lost') walk.resume(step);
        if (walk.ending === undefined && walk.stage === 'procure') walk.enter('sell', step);
        break;
      case 'withdrawn':
      case 'closed':
        if (!livesAt(step.at)) walk.end(step, step.kind);
        break;
      case 'reinstated':
        if (walk.ending?.reason === 'withdrawn' || walk.ending?.reason === 'closed') walk.resume(step);
        break;
      case 'ended':
        if (!livesAt(step.at)) walk.end(step, 'subscriptionsEnded');
        break;
      case 'started':
        walk.resume(step);
        break;
      default:
        step satisfies never;
    }
  }
  const { visits, cycles, ending, resumed } = walk;
  return { visits, cycles, ending, resumed, turns: steps.map(({ at }) => at) };
};

/** The cycle in which an instant lies; 1 if it comes before any cycle. */
export const cycleAt = (journey: Journey, at: Instant): number =>
  lastBefore(journey.cycles, ({ startedAt }) => startedAt > at)?.cycle ?? 1;
