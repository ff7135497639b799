// What is the sample channel? The messages of a channel over eighteen months, made from a seed, with planted failures.

import { channelStart } from './channelStart.ts';
import { chapters } from './chapters/chapters.ts';
import type { Deal } from './deal.ts';
import { deliveriesOf } from './deliveries.ts';
import type { NamedEpisode } from './episode.ts';
import type { Innocent } from './innocents.ts';
import { plots } from './plots.ts';
import type { SampleMessage } from './sampleMessage.ts';
import { type PlantedHere, tellStory } from './story.ts';

export interface SampleRequest {
  /** Another seed tells other stories. */
  readonly seed: number;
  /** The date on which the sample ends, UTC: `2026-11-23`, or an instant of that day. */
  readonly today: string;
  /** How many of its stories to use, spread over all plots; absent: all stories. */
  readonly stories?: number;
}

export interface SampleChannel {
  /** In the order of their arrival, with repetitions. */
  readonly deliveries: readonly SampleMessage[];
  readonly deals: readonly Deal[];
  /** The episodes of flags that its stories plant. */
  readonly planted: readonly NamedEpisode[];
  /** The engagements that look like failures, and are none. */
  readonly innocent: readonly { readonly excuse: Innocent; readonly engagementId: string }[];
}

/** Each failure once: what several stories show together begins with the last of them. */
const shownOnce = (planted: readonly PlantedHere[]): readonly NamedEpisode[] => {
  const last = new Map<string, NamedEpisode>();
  for (const { together, ...episode } of planted) {
    const key = `${episode.rule} ${episode.partnerId}`;
    if (together && (last.get(key)?.raisedAt ?? '') < episode.raisedAt) last.set(key, episode);
  }
  return [...planted.filter(({ together }) => !together).map(({ together, ...episode }) => episode), ...last.values()];
};

/** The channel up to the beginning of a day; the same seed and day give the same messages. */
export const sampleChannel = ({ seed, today, stories }: SampleRequest): SampleChannel => {
  const all = plots.flatMap((plot) => Array.from({ length: plot.stories }, () => plot));
  const some = stories ?? all.length;
  const told = all
    .map((plot, index) => ({ plot, number: index + 1 }))
    .filter(({ number }) => (number * some) % all.length < some)
    .map(({ plot, number }) => ({ plot, ...tellStory(chapters, { plot, number, seed, today }) }));
  const messages = [...channelStart(today), ...told.flatMap((story) => story.messages)];
  return {
    deliveries: deliveriesOf(messages, seed),
    deals: told.map(({ deal }) => deal),
    innocent: told.flatMap(({ plot: { innocent: excuse }, deal: { engagementId } }) =>
      excuse === undefined ? [] : [{ excuse, engagementId }],
    ),
    planted: shownOnce(told.flatMap(({ planted }) => planted)),
  };
};
