// Which policy is in force at an instant?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import type { Stage } from '../../events/stage.ts';

/**
 * A handoff that every engagement needs: one of `fromStages` must offer it within so many business days after it is
 * armed.
 */
export interface RequiredHandoff {
  readonly fromStages: readonly Stage[];
  readonly toStage: Stage;
  readonly withinBusinessDays: number;
}

export interface Policy {
  readonly version: number;
  /** The thresholds that the policy sets, by rule id. The rule's own schema holds the defaults. */
  readonly thresholds: RecordedOf<'PolicyPublished'>['data']['thresholds'];
  readonly handoffs: readonly RequiredHandoff[];
  /** Below these amounts, one a currency, a deal on the direct route needs no handoffs. */
  readonly smallDeals: readonly Money[];
  /** Days after a flag is raised until which a partner's word may still unmake it. */
  readonly lateClaimAfter: number;
  /** Holidays (`YYYY-MM-DD`) by calendar id. */
  readonly calendars: Readonly<Record<string, { readonly holidays: readonly string[] }>>;
}

/**
 * The days before a term's end in which its renewal is near: Renew opens, and open flags become more severe. A term
 * that is shorter opens no Renew and counts no cycle.
 */
export const renewalDays = 90;

/** The handoffs that are required by default, due within one working week. */
const defaultHandoffs: readonly RequiredHandoff[] = [
  { fromStages: ['sell', 'procure'], toStage: 'deliver', withinBusinessDays: 5 },
  { fromStages: ['deliver'], toStage: 'report', withinBusinessDays: 5 },
  { fromStages: ['report'], toStage: 'renew', withinBusinessDays: 5 },
];

export const defaultPolicy: Policy = {
  version: 0,
  thresholds: {},
  handoffs: defaultHandoffs,
  smallDeals: [],
  lateClaimAfter: 0,
  calendars: {},
};

const published = (events: readonly RecordedEvent[]): readonly RecordedOf<'PolicyPublished'>[] =>
  events.filter((event) => event.type === 'PolicyPublished');

/**
 * The policy in force at an instant, from the standing events of a policy stream: the greatest version that is in force
 * by then. Without one, the defaults hold as version 0.
 */
export const policyAt = (events: readonly RecordedEvent[], at: Instant): Policy => {
  const inForce = published(events)
    .filter((event) => event.data.effectiveFrom <= at)
    .sort((a, b) => a.data.policyVersion - b.data.policyVersion)
    .at(-1);
  if (inForce === undefined) return defaultPolicy;
  const { policyVersion, thresholds, handoffs, smallDeals, lateClaimAfter, calendars } = inForce.data;
  return {
    version: policyVersion,
    thresholds,
    handoffs:
      handoffs?.map((pair) => ({ ...pair, withinBusinessDays: pair.withinBusinessDays ?? 5 })) ?? defaultHandoffs,
    smallDeals: smallDeals ?? [],
    lateClaimAfter: lateClaimAfter ?? 0,
    calendars: calendars ?? {},
  };
};

/** The instants, past and future, at which published policies come into force. */
export const policyTurns = (events: readonly RecordedEvent[]): readonly Instant[] =>
  published(events).map((event) => event.data.effectiveFrom);
