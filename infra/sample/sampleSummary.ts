// What does the sample know about its own tenant? Names for its engagements and partners, and what its stories have planted.
import { derivedPartyOf, parseStreamId } from '../../events/identifiers.ts';
import { channelParty, partners, tenantId } from './participants.ts';
import { isPlantedRule } from './plantedRules.ts';
import type { SampleChannel } from './sampleChannel.ts';

/** A rule and an engagement, by its id and by people's name for it. */
export interface RuleAt {
  readonly rule: string;
  readonly engagementId: string;
  readonly reference: string;
}

/** The flags, compared with the planted failures. */
export interface Planted {
  readonly found: number;
  readonly missed: readonly RuleAt[];
  /** Flagged though not planted, by rules that the stories plant. */
  readonly extra: readonly RuleAt[];
  /** How many flags are of rules that no story plants. */
  readonly others: number;
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
  readonly comparedWith: (flags: readonly Pick<RuleAt, 'rule' | 'engagementId'>[]) => Planted;
}

const keyOf = ({ rule, engagementId }: Pick<RuleAt, 'rule' | 'engagementId'>): string => `${rule} ${engagementId}`;

/** What a played sample knows about itself. */
export const sampleKnown = (channel: SampleChannel, today: string): SampleKnown => {
  const deals = new Map(channel.deals.map((deal) => [deal.engagementId, deal]));
  const planted = new Set(channel.planted.map(keyOf));
  return {
    tenant: tenantId,
    partners: partners.length,
    receipts: channel.deliveries.length,
    today,
    partnerNames: new Map(
      partners.map(({ id, name }) => [parseStreamId(derivedPartyOf(tenantId, channelParty(id))).id, name]),
    ),
    nameOf(engagementId) {
      const deal = deals.get(engagementId);
      return deal === undefined ? undefined : `${deal.customer}, ${deal.reference}`;
    },
    comparedWith(flags) {
      const raised = new Map(flags.map((flag) => [keyOf(flag), flag]));
      const missed = channel.planted.filter((failure) => !raised.has(keyOf(failure)));
      const extra = [...raised.values()]
        .filter((flag) => isPlantedRule(flag.rule) && !planted.has(keyOf(flag)))
        .map(({ rule, engagementId }) => ({ rule, engagementId, reference: deals.get(engagementId)?.reference ?? '' }));
      const others = flags.filter(({ rule }) => !isPlantedRule(rule)).length;
      return { found: planted.size - missed.length, missed, extra, others };
    },
  };
};
