// How well did a rule foretell losses: how often was a flag followed by one, and how many did a flag precede?
import { epochOf, type Instant } from '../../events/instant.ts';
import { rules } from '../patterns/catalog.ts';
import { ratioOf } from '../rollups/ratio.ts';
import { type Episode, type Window, within } from './episodes.ts';
import type { Loss } from './losses.ts';

const dayLength = 86_400_000;
/** A flag warns of a loss that comes so many days after it, at least and at most. */
const [leastDays, mostDays] = [1, 180];

/** What raises these flags is the loss itself: they can't be right or wrong about it. */
const withoutPrecision: ReadonlySet<string> = new Set(['P1.6', 'P5.8']);

const daysFrom = (from: Instant, to: Instant): number => (epochOf(to) - epochOf(from)) / dayLength;

const warnsOf = ({ raisedAt }: Episode, { at }: Loss): boolean => {
  const days = daysFrom(raisedAt, at);
  return days >= leastDays && days <= mostDays;
};

/** A lost deal is what the rules on routes foretell, and no others. */
const concerns = (rule: string, { kind }: Loss): boolean => kind !== 'dealLost' || rule.startsWith('P5.');

/** Counts of one rule; of several engagements they add up. */
export interface Tally {
  /** Episodes of the window that were followed for `mostDays`, and how many of them a loss followed. */
  readonly episodes: number;
  readonly hits: number;
  /** Losses of the window, and how many of them an episode preceded. */
  readonly losses: number;
  readonly foreseen: number;
  /** Episodes of the window, followed or not, and how many of them the vendor dismissed. */
  readonly raised: number;
  readonly dismissed: number;
}

/** By rule id; a rule that raised nothing, where nothing was lost, is absent. */
export type Tallies = Readonly<Record<string, Tally>>;

export interface Scored {
  readonly episodes: readonly Episode[];
  readonly losses: readonly Loss[];
  /** Whether the vendor dismissed an episode, up to now, for however long. */
  readonly isDismissed: (episode: Episode) => boolean;
  readonly window: Window;
  /** Up to when losses are known. */
  readonly now: Instant;
}

/** Counts an engagement's episodes and losses, by rule. */
export const tallied = ({ episodes, losses, isDismissed, window, now }: Scored): Tallies => {
  const ofWindow = losses.filter(({ at }) => within(window, at));
  const byRule = Map.groupBy(episodes, ({ rule }) => rule);
  return Object.fromEntries(
    rules.flatMap(({ id }) => {
      const raised = byRule.get(id) ?? [];
      const concerned = ofWindow.filter((loss) => concerns(id, loss));
      const inWindow = raised.filter(({ raisedAt }) => within(window, raisedAt));
      const followed = inWindow.filter(({ raisedAt }) => daysFrom(raisedAt, now) >= mostDays);
      if (inWindow.length === 0 && concerned.length === 0) return [];
      const isHit = (episode: Episode) => losses.some((loss) => concerns(id, loss) && warnsOf(episode, loss));
      const isForeseen = (loss: Loss) => raised.some((episode) => warnsOf(episode, loss));
      const tally: Tally = {
        ...{ episodes: followed.length, hits: followed.filter(isHit).length },
        ...{ losses: concerned.length, foreseen: concerned.filter(isForeseen).length },
        ...{ raised: inWindow.length, dismissed: inWindow.filter(isDismissed).length },
      };
      return [[id, tally] as const];
    }),
  );
};

const nothing: Tally = { episodes: 0, hits: 0, losses: 0, foreseen: 0, raised: 0, dismissed: 0 };

/** The counts of several engagements together, in any order. */
export const added = (all: readonly Tallies[]): Tallies => {
  const sums = new Map<string, Tally>();
  for (const [rule, tally] of all.flatMap((each) => Object.entries(each))) {
    const { episodes, hits, losses, foreseen, raised, dismissed } = sums.get(rule) ?? nothing;
    sums.set(rule, {
      ...{ episodes: episodes + tally.episodes, hits: hits + tally.hits },
      ...{ losses: losses + tally.losses, foreseen: foreseen + tally.foreseen },
      ...{ raised: raised + tally.raised, dismissed: dismissed + tally.dismissed },
    });
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** A ratio to six decimals, or null with its reason. */
export interface Score extends Tally {
  readonly precision: number | null;
  readonly precisionReason: 'notScored' | 'noEpisodes' | null;
  readonly recall: number | null;
  readonly recallReason: 'noLosses' | null;
  readonly acceptance: number | null;
  readonly acceptanceReason: 'noEpisodes' | null;
}

/** Precision: hits / episodes. Recall: foreseen / losses. Acceptance: the episodes that nobody dismissed / raised. */
export const scoreOf = (rule: string, tally: Tally = nothing): Score => {
  const scores = !withoutPrecision.has(rule);
  return {
    ...tally,
    precision: scores ? ratioOf(tally.hits, tally.episodes) : null,
    precisionReason: !scores ? 'notScored' : tally.episodes === 0 ? 'noEpisodes' : null,
    recall: ratioOf(tally.foreseen, tally.losses),
    recallReason: tally.losses === 0 ? 'noLosses' : null,
    acceptance: ratioOf(tally.raised - tally.dismissed, tally.raised),
    acceptanceReason: tally.raised === 0 ? 'noEpisodes' : null,
  };
};

/** The whole days between the earliest flag that warns of a loss and the loss; null where none warns. */
export const warningDays = (episodes: readonly Episode[], loss: Loss): number | null => {
  const days = episodes
    .filter((episode) => concerns(episode.rule, loss) && warnsOf(episode, loss))
    .map(({ raisedAt }) => Math.floor(daysFrom(raisedAt, loss.at)));
  return days.length === 0 ? null : Math.max(...days);
};
