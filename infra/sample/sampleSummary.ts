// What does the sample know about its own tenant? Names for its engagements and partners, and what its stories have planted.

import type { EpisodeAt, NamedEpisode } from './episode.ts';
import { partners, partyOf, tenantId } from './participants.ts';
import type { SampleChannel } from './sampleChannel.ts';

/** The episodes of flags, compared with the planted failures. */
export interface Planted {
  readonly found: number;
  readonly missed: readonly NamedEpisode[];
  /** Flagged though not planted, or at other times. */
  readonly extra: readonly NamedEpisode[];
}

export interface SampleKnown {
  readonly tenant: string;
  readonly partners: number;
  /** How many messages were sent, with those that came twice. */
  readonly receipts: number;
  /** The sample's last day, UTC. */
  readonly today: string;
  readonly partnerNames: ReadonlyMap<string, string>;
  /** A name for the engagement: its customer and its reference. */
  readonly nameOf: (engagementId: string) => string | undefined;
  readonly comparedWith: (flags: readonly EpisodeAt[]) => Planted;
}

/** A timer's flag is raised five minutes after what it waits for was due; no two instants of a story are nearer. */
const tolerance = 6 * 60_000;

const isSame = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Math.abs(Date.parse(a) - Date.parse(b)) <= tolerance;

const subjectOf = ({ rule, engagementId, partnerId }: EpisodeAt): string =>
  `${rule} ${engagementId === '' ? partnerId : engagementId}`;

/** Each planted episode with one flag that was raised and cleared when it must have been; an episode is told once. */
const matched = <Flag extends EpisodeAt>(
  planted: readonly NamedEpisode[],
  flags: readonly Flag[],
): { readonly missed: readonly NamedEpisode[]; readonly extra: readonly Flag[] } => {
  const left = new Map([...Map.groupBy(flags, subjectOf)].map(([subject, own]) => [subject, [...own]]));
  const missed = planted.filter((failure) => {
    const own = left.get(subjectOf(failure)) ?? [];
    const index = own.findIndex(
      ({ raisedAt, clearedAt }) => isSame(raisedAt, failure.raisedAt) && isSame(clearedAt, failure.clearedAt),
    );
    if (index >= 0) own.splice(index, 1);
    return index < 0;
  });
  return { missed, extra: [...left.values()].flat() };
};

/** What a played sample knows about itself. */
export const sampleKnown = (channel: SampleChannel, today: string): SampleKnown => {
  const deals = new Map(channel.deals.map((deal) => [deal.engagementId, deal]));
  const names = new Map(partners.map(({ id, name }) => [partyOf(id), name]));
  return {
    tenant: tenantId,
    partners: partners.length,
    receipts: channel.deliveries.length,
    today,
    partnerNames: names,
    nameOf(engagementId) {
      const deal = deals.get(engagementId);
      return deal === undefined ? undefined : `${deal.customer}, ${deal.reference}`;
    },
    comparedWith(flags) {
      const { missed, extra } = matched(channel.planted, flags);
      const named = extra.map(({ rule, engagementId, partnerId, raisedAt, clearedAt }) => ({
        ...{ rule, engagementId, raisedAt, clearedAt },
        ...(partnerId === undefined ? {} : { partnerId }),
        reference: deals.get(engagementId)?.reference ?? names.get(partnerId ?? '') ?? '',
      }));
      return { found: channel.planted.length - missed.length, missed, extra: named };
    },
  };
};
