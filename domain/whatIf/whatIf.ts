// What would other thresholds have changed about an engagement: its flags, and the warning before each of its losses?
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { Policy } from '../context/policy.ts';
import { type EngagementSource, engagementViewOf } from '../rows/engagementRows.ts';
import { dismissalsOf } from '../rows/raisedFlags.ts';
import { type Episode, episodesOf, type FlagShift, flagShifts, type Window, within } from './episodes.ts';
import { type Loss, lossesOf } from './losses.ts';
import { type Tallies, tallied, warningDays } from './scores.ts';

/** Thresholds to set, by rule id: only those that are named. */
export type Thresholds = Policy['thresholds'];

/** The context as if every policy of its history set these thresholds too; what else they say stays. */
export const contextWith = (context: Context, set: Thresholds): Context => {
  const changed = (policy: Policy): Policy => {
    const { thresholds } = policy;
    const own = Object.entries(set).map(([rule, said]) => [rule, { ...thresholds[rule], ...said }] as const);
    return { ...policy, thresholds: { ...thresholds, ...Object.fromEntries(own) } };
  };
  const policy = changed(context.policy);
  // The last policy of the history is the one in force: it stays the same object.
  const policies = context.policies?.map((inForce) => ({
    ...inForce,
    policy: inForce.policy === context.policy ? policy : changed(inForce.policy),
  }));
  return { ...context, policy, policies };
};

/** A loss, and how many days before it the earliest flag warned: as it was, and as it would have been. */
export interface LossWarning extends Loss {
  readonly warningDays: number | null;
  readonly wouldBeWarningDays: number | null;
}

export interface WhatIf {
  readonly shifts: readonly FlagShift[];
  /** The losses of the window. */
  readonly losses: readonly LossWarning[];
  readonly tallies: { readonly is: Tallies; readonly wouldBe: Tallies };
}

export interface WhatIfAsked {
  /** The engagement with its context, by all that is known now. */
  readonly source: EngagementSource & { readonly now: Instant };
  readonly set: Thresholds;
  readonly window: Window;
}

/**
 * Judges an engagement twice, under the thresholds in force and under the others, by all that is known now: what the window
 * raised is held against losses up to now.
 */
export const whatIf = ({ source, set, window }: WhatIfAsked): WhatIf => {
  const { rowContext } = engagementViewOf(source);
  const other = engagementViewOf({ ...source, context: contextWith(source.context, set) });
  const [is, wouldBe] = [episodesOf(rowContext.verdicts), episodesOf(other.rowContext.verdicts)];
  const losses = lossesOf(rowContext.engagement, source.now);
  const { engagement } = rowContext;
  const dismissals = dismissalsOf(engagement);
  const isDismissed = (episode: Episode): boolean => dismissals.has(episode.flagId);
  const known = { losses, isDismissed, window, now: source.now };
  return {
    shifts: flagShifts({ is, wouldBe }, window),
    losses: losses
      .filter(({ at }) => within(window, at))
      .map((loss) => ({
        ...loss,
        warningDays: warningDays(is, loss),
        wouldBeWarningDays: warningDays(wouldBe, loss),
      })),
    tallies: { is: tallied({ ...known, episodes: is }), wouldBe: tallied({ ...known, episodes: wouldBe }) },
  };
};
