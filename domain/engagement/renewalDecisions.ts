// Which event decides a renewal that was proposed, or that came near?
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { anyOf } from '../time/intervals.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';
import { effectiveAt, factsBySubscription, type SubscriptionEvent } from './inEffect.ts';
import { anchorOf, type Subscription } from './subscriptions.ts';

/** The renewal or the end of a subscription, and when it takes effect. */
export interface Decision {
  readonly at: Instant;
  readonly event: RecordedOf<'SubscriptionRenewed' | 'SubscriptionEnded'>;
}

const decides = (event: SubscriptionEvent): readonly Decision[] =>
  event.type === 'SubscriptionRenewed' || event.type === 'SubscriptionEnded' ? [{ at: effectiveAt(event), event }] : [];

const byTime = (a: Decision, b: Decision): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** The first of some decisions; undefined if there is none. */
export const firstDecision = (...decisions: readonly (Decision | undefined)[]): Decision | undefined =>
  decisions.filter((decision) => decision !== undefined).sort(byTime)[0];

/** Finds what decides renewals. A decision at the very instant of a proposal decides that proposal. */
export interface RenewalDecisions {
  /** The first renewal of the anchor subscription at or after an instant. */
  ofAnchor(from: Instant): Decision | undefined;
  /** The first renewal or end of a subscription at or after an instant. */
  of(subscriptionId: string, from: Instant): Decision | undefined;
  /**
   * What decides a proposal: the last decision on the subscriptions that it names and that live by then. If it names none of these,
   * the anchor's. Undefined while it is open.
   */
  ofProposal(proposed: RecordedOf<'RenewalProposed'>): Decision | undefined;
}

/** The decisions on an engagement's renewals, by its facts. */
export const renewalDecisionsOf = (facts: Facts, subscriptions: readonly Subscription[]): RenewalDecisions => {
  const bySubscription = factsBySubscription(facts);
  const decisions = new Map([...bySubscription].map(([id, own]) => [id, own.flatMap(decides).sort(byTime)]));
  const anchor = anchorOf(subscriptions)?.subscriptionId ?? '';
  const renewals = (decisions.get(anchor) ?? []).filter(({ event }) => event.type === 'SubscriptionRenewed');
  const of = (id: string, from: Instant): Decision | undefined =>
    firstWhere(decisions.get(id) ?? [], ({ at }) => at >= from);
  const ofAnchor = (from: Instant): Decision | undefined => firstWhere(renewals, ({ at }) => at >= from);
  const ends = new Map(
    [...decisions].map(([id, own]) => [id, own.find(({ event }) => event.type === 'SubscriptionEnded')?.at]),
  );
  const livesAt = (id: string, at: Instant): boolean => {
    const [first] = bySubscription.get(id) ?? [];
    const ended = ends.get(id);
    return first !== undefined && first.occurredAt <= at && (ended === undefined || ended >= at);
  };
  return {
    of,
    ofAnchor,
    ofProposal: ({ occurredAt, data }) => {
      const named = [...new Set(data.subscriptionIds)].filter((id) => livesAt(id, occurredAt));
      if (named.length === 0) return ofAnchor(occurredAt);
      const found = named.flatMap((id) => of(id, occurredAt) ?? []);
      return found.length < named.length ? undefined : found.sort(byTime).at(-1);
    },
  };
};

/** Tells whether a proposal of a renewal is undecided at an instant. */
export const openProposals = (facts: Facts, subscriptions: readonly Subscription[]): ((at: Instant) => boolean) => {
  const proposals = facts.of('RenewalProposed');
  if (proposals.length === 0) return () => false;
  const { ofProposal } = renewalDecisionsOf(facts, subscriptions);
  return anyOf(proposals.map((event) => ({ from: event.occurredAt, to: ofProposal(event)?.at })));
};
